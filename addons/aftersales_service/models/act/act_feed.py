"""The log for programs that follow it: nothing is missed, nothing is told twice.

Whoever is about to take numbers for new acts first holds a shared lock that names the
last number given so far (in thousands, so that a long import holds few). A reader hands
out no act beyond the lowest of these, nor beyond the last number that was given when he
looked. No snapshot or transaction id tells this: two transactions may end in the other
order than they took their numbers, and other databases of the server have long
transactions, too.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

LARGEST_PAGE = 5000
LOCK = 0x41435453  # "ACTS"
STEP = 1000
ANSWER = frozenset(
    "id res_model res_id res_name number code at recorded_at user_id origin call_id"
    " parent_id company values grade".split()
)
TAKE_NUMBERS = f"""
    WITH held AS MATERIALIZED (
        SELECT pg_advisory_xact_lock_shared({LOCK}, (last_value / {STEP})::int)
          FROM aftersales_act_id_seq)
    SELECT nextval('aftersales_act_id_seq') FROM held, generate_series(1, %s)
"""
LOWEST_HELD = f"""
    SELECT min(objid::bigint) * {STEP} - 1 FROM pg_locks
     WHERE locktype = 'advisory' AND classid = {LOCK} AND objsubid = 2
       AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class AftersalesAct(models.Model):
    _inherit = "aftersales.act"

    def _number(self, rows):
        """Give new rows their ids, announced to readers."""
        self.env.cr.execute(TAKE_NUMBERS, [len(rows)])
        for row, (number,) in zip(rows, self.env.cr.fetchall(), strict=True):
            row["id"] = number

    @api.model
    def read_since(self, after_id=0, limit=500):
        """The acts that came after a row, for programs that follow them.

        Only rows are handed out that no running transaction can be overtaken by: ids
        aren't in the order of commits, and whoever reads on from the last id of an
        answer misses nothing. Acts on records the caller may not read are left out.

        :param after_id: id of the last act known; 0 from the beginning
        :param limit: how many rows are looked at, at most 5000
        :return: dict(acts: list of dicts, after_id: what to ask with next)
        :raise AccessError: the caller is no employee; customers have their pages
        :raise UserError: a number is not possible
        """
        self._check_reader()
        if type(after_id) is not int or type(limit) is not int or after_id < 0:
            raise UserError(self.env._("“after_id” and “limit” are whole numbers."))
        rows = self._fetch_settled(after_id, max(1, min(limit, LARGEST_PAGE)))
        readable = self._get_readable(rows)
        return {
            "acts": [
                self._prepare_answer(row)
                for row in rows
                if (row["res_model"], row["res_id"]) in readable
            ],
            "after_id": rows[-1]["id"] if rows else after_id,
        }

    def _check_reader(self):
        """What was done, and with which words, is the house's own to read (R-E07)."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("The log of acts is read by employees."))

    def _fetch_settled(self, after_id, limit):
        """The rows before the first one that may still come.

        Ids are given out in another order than transactions end in. How far nothing
        can come any more is asked before the rows are read, in a transaction of its
        own: what was known then is in what is read now.
        """
        with self.env.registry.cursor() as cr:
            last = _get_last_settled(cr)
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT * FROM aftersales_act"
                    " WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                    after_id,
                    last,
                    limit,
                )
            )
            return cr.dictfetchall()

    def _get_readable(self, rows):
        """The records among those of the rows that the caller may read."""
        ids = {}
        for row in rows:
            ids.setdefault(row["res_model"], set()).add(row["res_id"])
        return {
            (model, record_id)
            for model, numbers in ids.items()
            if model in self.env and self.env[model].has_access("read")
            for record_id in self.env[model]
            .with_context(active_test=False)
            .search([("id", "in", list(numbers))])
            .ids
        }

    def _prepare_answer(self, row):
        return {
            name: fields.Datetime.to_string(value)
            if self._fields[name].type == "datetime"
            else (False if value is None else value)
            for name, value in row.items()
            if name in ANSWER
        }


def _get_last_settled(cr):
    """Id of the last act before which no other one can come any more."""
    cr.execute("SELECT last_value FROM aftersales_act_id_seq")
    last = cr.fetchone()[0]  # asked first: who takes a later number isn't waited for
    cr.execute(LOWEST_HELD)
    held = cr.fetchone()[0]
    return last if held is None else min(last, held)
