import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

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
    field, table = records._fields[name], records._table
    records.env.cr.execute(
        f"""SELECT id FROM {table} WHERE {name} IS NULL AND {source} > '' ORDER BY id"""
    )
    ids = [row[0] for row in records.env.cr.fetchall()]
    for batch in split_every(BATCH, ids):
        some = records.browse(batch)
        records.env.add_to_compute(field, some)
        some.flush_recordset([name])
        records.env.invalidate_all()
    records.env.cr.execute(
        f"SELECT count(*) FROM {table} WHERE {name} IS NULL AND {source} > ''"
    )
    unread = records.env.cr.fetchone()[0]
    _logger.info("%s: %s of %s values not read", field, unread, len(ids))
