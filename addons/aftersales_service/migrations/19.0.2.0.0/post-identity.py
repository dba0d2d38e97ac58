import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

BATCH = 5000
# column → model, column it is made of
COLUMNS = (
    ("aftersales_phone_key", "res.partner", "phone"),
    ("aftersales_name_key", "res.partner", "name"),
    ("aftersales_serial_key", "stock.lot", "name"),
    ("aftersales_phone_key", "aftersales.request", "phone"),
)


def migrate(cr, version):
    """Phones, serial numbers and names are compared by their columns (R-N09)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, model, source in COLUMNS:
        _fill(env[model].with_context(active_test=False), name, source)


def _fill(records, name, source):
    field, env = records._fields[name], records.env
    names = {
        "table": SQL.identifier(records._table),
        "name": SQL.identifier(name),
        "source": SQL.identifier(source),
    }
    empty = SQL("%(name)s IS NULL AND %(source)s > ''", **names)
    rows = env.execute_query(
        SQL("SELECT id FROM %s WHERE %s ORDER BY id", names["table"], empty)
    )
    for batch in split_every(BATCH, [row[0] for row in rows]):
        some = records.browse(batch)
        env.add_to_compute(field, some)
        some.flush_recordset([name])
        env.invalidate_all()
    unread = env.execute_query(
        SQL("SELECT count(*) FROM %s WHERE %s", names["table"], empty)
    )[0][0]
    _logger.info("%s: %s of %s values not read", field, unread, len(rows))
