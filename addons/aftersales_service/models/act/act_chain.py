"""Writing acts: one call, one head for each record, one row for each act."""

import secrets

from odoo import fields, models

from . import seal

# What a row's digest covers, in this order; the columns of the table besides
SEALED = (
    "res_model",
    "res_id",
    "res_name",
    "number",
    "code",
    "at",
    "recorded_at",
    "user_id",
    "origin",
    "call_id",
    "parent_id",
    "company",
    "values_digest",
    "device_at",
    "not_before",
    "not_after",
    "grade",
    "key_id",
    "previous",
)
COLUMNS = ("id", *SEALED, "values", "salt", "digest")
TAKE_HEADS = """
    INSERT INTO aftersales_act_head AS head (res_model, res_id, count, rooted)
    VALUES %s ON CONFLICT (res_model, res_id)
    DO UPDATE SET count = head.count + EXCLUDED.count
    RETURNING res_model, res_id, count, digest
"""
GIVE_HEADS = """
    UPDATE aftersales_act_head AS head
       SET digest = new.digest, key_id = new.key_id, seal = new.seal
      FROM (VALUES %s) AS new (res_model, res_id, digest, key_id, seal)
     WHERE head.res_model = new.res_model AND head.res_id = new.res_id
"""
PAGE = 1000


class AftersalesAct(models.Model):
    _inherit = "aftersales.act"

    def _write_rows(self, rows):
        """Add rows to their records' chains, with a constant number of queries.

        :param rows: list of dicts of res_model, res_id, res_name, code, at, user_id,
            origin, call_id, company, grade, values (plain data) and, for an act
            within an act, parent: the row it is in, which comes earlier in the list
        """
        key_id, key = seal.current_key()
        now = fields.Datetime.to_string(fields.Datetime.now())
        heads = self._take_heads(rows)
        self._number(rows)
        for row in rows:
            head = heads[row["res_model"], row["res_id"]]
            head["count"] += 1
            text = seal.canonical(row["values"])
            salt = secrets.token_hex(16)
            row.update(
                number=head["count"],
                at=fields.Datetime.to_string(row["at"]),
                recorded_at=now,
                parent_id=row["parent"] and row["parent"]["id"],
                values=text,
                salt=salt,
                values_digest=seal.salted(salt, text),
                key_id=key_id,
                previous=head["digest"],
            )
            row["digest"] = get_digest(key, row)
            head["digest"] = row["digest"]
        self._insert(rows)
        self._give_heads(heads, key_id, key)

    def _take_heads(self, rows):
        """Lock the chains, in one order for everybody; their ends as they were."""
        counts = {}
        for row in rows:
            record = row["res_model"], row["res_id"]
            counts[record] = counts.get(record, 0) + 1
        values = [(*record, count, 0) for record, count in sorted(counts.items())]
        heads = self.env.cr.execute_values(
            TAKE_HEADS, values, page_size=PAGE, fetch=True
        )
        return {
            (model, number): {
                "count": count - counts[model, number],
                "digest": digest,
            }
            for model, number, count, digest in heads
        }

    def _insert(self, rows):
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        self.env.cr.execute_values(
            f"INSERT INTO aftersales_act ({names}) VALUES %s",
            [tuple(row.get(name) for name in COLUMNS) for row in rows],
            page_size=PAGE,
        )

    def _give_heads(self, heads, key_id, key):
        self.env.cr.execute_values(
            GIVE_HEADS,
            [
                (*record, head["digest"], key_id, get_seal(key, *record, **head))
                for record, head in sorted(heads.items())
            ],
            page_size=PAGE,
        )


def get_digest(key, row):
    """The digest of an act's row; ``row`` is a dict, times are texts."""
    return seal.digest(key, *(row.get(name) for name in SEALED))


def get_seal(key, res_model, res_id, count, digest):
    """The seal of a head: a shorter chain with an older end doesn't fit it."""
    return seal.digest(key, "head", res_model, res_id, count, digest)
