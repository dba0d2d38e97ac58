"""Reading the chains again: what doesn't fit is named, what can't be known, too."""

import itertools
from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import find_given
from . import seal
from .act_chain import SEALED, get_digest, get_seal
from .act_root import Roots

COLUMNS = ("id", *SEALED, "values", "salt", "masked_at", "digest")
PAGE = 5000
SHOWN = 1000  # faults that an answer lists


class AftersalesAct(models.Model):
    _inherit = "aftersales.act"

    @api.model
    def verify(self, res_model=None, res_id=None):
        """Check that nothing in the log was changed, deleted, swapped or added (R-E01).

        :param res_model: model of one record; without it all chains are read
        :param res_id: id of the record
        :raise AccessError: the caller may not read it; the whole log is for managers
        :return: dict of intact (bool), count (rows read), head (digest of the last act
            of the record, False for all), unchecked (list of texts: what could not be
            known), faults (list of texts: each row that doesn't fit)
        """
        self._check_reader()
        if res_model:
            self._check_verify_access(res_model, res_id)
        elif not (self.env.su or self.env.user._is_aftersales("manager")):
            raise AccessError(self.env._("Managers verify the whole log."))
        report = Report(self.sudo().env, res_model, res_id)
        report.go_through()
        return report.answer()

    def _check_verify_access(self, res_model, res_id):
        """Whoever may read a record may verify it."""
        if not isinstance(res_model, str) or res_model not in self.env:
            raise UserError(self.env._("Unknown: %s", res_model))
        record = find_given(self.env[res_model], res_id)
        if not record:
            raise UserError(self.env._("Unknown: %s", res_id))
        record.check_access("read")


class Report:
    """One reading of one chain, or of all.

    :param env: environment of the system
    """

    def __init__(self, env, res_model=None, res_id=None):
        self.cr = env.cr
        self.env = env
        self.where = SQL("TRUE")
        if res_model:
            self.where = SQL("res_model = %s AND res_id = %s", res_model, res_id)
        self.roots = Roots(env, wanted=not res_model)
        self.count, self.head = 0, False
        self.faults, self.unchecked, self.missing_keys = [], [], set()

    def go_through(self):
        """Read the rows in the order of their chains, page by page."""
        heads = self._read_heads()
        rows = itertools.chain.from_iterable(self._pages())
        # Odoo's own groupby would hold all rows of the log at once.
        chains = itertools.groupby(rows, lambda row: row[:2])  # pylint: disable=bad-builtin-groupby
        for record, chain in chains:
            self._read_chain(record, chain, heads.pop(record, None))
        for record in heads:
            self._fault(*record, self.env._("all acts are gone"))
        self.faults += self.roots.faults
        self.unchecked += self.roots.unchecked
        for key_id in sorted(self.missing_keys):
            text = self.env._("The key %s isn't on this machine.", key_id)
            self.unchecked.append(text)

    def answer(self):
        return {
            "intact": not self.faults,
            "count": self.count,
            "head": self.head,
            "unchecked": self.unchecked,
            "faults": self.faults[:SHOWN],
        }

    def _pages(self):
        """Rows as tuples that begin with model and id, in the order of the chains."""
        last = ("", 0, 0)
        while True:
            self.cr.execute(
                SQL(
                    """SELECT res_model, res_id, number, %s FROM aftersales_act
                        WHERE (res_model, res_id, number) > %s AND %s
                        ORDER BY res_model, res_id, number LIMIT %s""",
                    SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
                    last,
                    self.where,
                    PAGE,
                )
            )
            page = self.cr.fetchall()
            yield page
            if len(page) < PAGE:
                return
            last = page[-1][:3]

    def _read_heads(self):
        self.cr.execute(
            SQL(
                """SELECT res_model, res_id, count, digest, key_id, seal
                     FROM aftersales_act_head WHERE %s""",
                self.where,
            )
        )
        return {row[:2]: row[2:] for row in self.cr.fetchall()}

    def _read_chain(self, record, chain, head):
        previous, number = None, 0
        for values in chain:
            row = dict(zip(COLUMNS, values[3:], strict=True))
            number += 1
            self.count += 1
            if row["number"] != number:
                text = self.env._("act %(number)s is missing", number=number)
                self._fault(*record, text)
                number = row["number"]
            elif row["previous"] != previous:
                text = self.env._(
                    "act %(number)s doesn't follow its like", number=number
                )
                self._fault(*record, text)
            self._read_row(record, row)
            previous = row["digest"]
            if not self.roots.fits(record, number, previous):
                self._fault(
                    *record, self.env._("act %s isn't the one of its day", number)
                )
        self._read_end(record, number, previous, head)

    def _read_row(self, record, row):
        key = self._find_key(row["key_id"])
        text = _as_sealed(row)
        told = row["values"] is not None
        if key and get_digest(key, text) != row["digest"]:
            self._fault(*record, self.env._("act %s was changed", row["number"]))
        elif told and seal.salted(row["salt"], row["values"]) != row["values_digest"]:
            self._fault(
                *record, self.env._("values of act %s were changed", row["number"])
            )
        elif not told and not row["masked_at"]:
            self._fault(*record, self.env._("values of act %s are gone", row["number"]))

    def _read_end(self, record, number, digest, head):
        self.head = digest or False
        if not head:
            self._fault(*record, self.env._("its head is gone"))
            return
        count, last, key_id, sealed = head
        if self.roots.longest(record) > number:
            self._fault(*record, self.env._("its end was cut off"))
        key = self._find_key(key_id)
        forged = key and get_seal(key, *record, count, last) != sealed
        if forged or (count, last) != (number, digest):
            text = self.env._(
                "its end doesn't fit: %(found)s acts found, %(count)s recorded",
                found=number,
                count=count,
            )
            self._fault(*record, text)

    def _find_key(self, key_id):
        key = seal.find_key(key_id or "")
        if not key:
            self.missing_keys.add(key_id or "?")
        return key

    def _fault(self, model, record_id, text):
        self.faults.append(f"{model},{record_id}: {text}")


def _as_sealed(row):
    """The row with its times as the texts that were sealed."""
    return {
        name: str(value) if isinstance(value, datetime) else value
        for name, value in row.items()
    }
