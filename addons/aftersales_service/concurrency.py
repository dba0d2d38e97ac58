"""Who counts, then writes, meets his rivals in a row that all of them change."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger


def serialize(records):
    """Let only one transaction at a time count what hangs on these records, then write.

    A lock isn't enough: who waited for it goes on with the figures of before. Each row
    is *changed*, to what it was: a rival whose transaction began before this one ends
    fails to serialize, is tried again by Odoo and sees what was written meanwhile. A
    rival that was refused changed nothing, and stops nobody.

    :param records: the narrowest that all rivals share (a plan, an order), no company
    """
    if not records.ids:
        return
    table = SQL.identifier(records._table)
    records.env.cr.execute(
        SQL(
            "UPDATE %(table)s AS t SET id = t.id FROM ("
            "SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)"
            " ORDER BY id FOR NO KEY UPDATE) AS s WHERE t.id = s.id",
            table=table,
            ids=records.ids,
        ),
        log_exceptions=False,  # somebody was faster: Odoo tries again
    )


@contextmanager
def retried_when_known(env):
    """Create what a unique key allows once, after looking whether it is there.

    Odoo never tries again what violated a key. Whoever looked first and found nothing
    meets it only when another transaction created the same meanwhile: here it is tried
    again, and finds that.

    :param env: environment whose cursor is used
    """
    try:
        with env.cr.savepoint(), mute_logger("odoo.sql_db"):
            yield
    except UniqueViolation as error:
        raise ConcurrencyError(env._("Somebody else did the same just now.")) from error
