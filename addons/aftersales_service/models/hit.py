from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, hmac

TRIES = 5


class AftersalesHit(models.Model):
    """How often somebody did lately what is limited: the one limiter of all pages.

    Counted in the database, so that it holds for any number of servers, and in a
    transaction of its own: the refusal that follows rolls back everything else.
    Addresses are kept as a keyed digest and for two days only.
    """

    _name = "aftersales.hit"
    _description = "Use of a Limited Page"
    _log_access = False
    _rec_name = "kind"

    address = fields.Char(required=True)
    kind = fields.Char(required=True)
    slot = fields.Datetime(required=True, index=True)
    count = fields.Integer(required=True)

    _slot_uniq = models.Constraint(
        "UNIQUE (address, kind, slot)", "This window is counted already."
    )

    @api.model
    def _get_limits(self):
        """What is limited by default: number and minutes, by kind.

        System parameters named after the kind, with ``_limit`` and ``_minutes``,
        replace them. Other addons add kinds of their own.
        """
        return {
            # wrong links, tokens and phone numbers
            "aftersales_service.guess": (30, 10),
            # forms sent by customers
            "aftersales_service.post": (60, 10),
            # faults that customers report
            "aftersales_service.report": (10, 60),
        }

    @api.model
    def _get_window(self, who, kind):
        """Key of the running window and its limit.

        :param who: IP address, or who is logged in
        :param kind: one of ``_get_limits``
        :return: (digest of who, start of the window, number allowed)
        """
        parameters = self.env["ir.config_parameter"].sudo()
        number, minutes = self._get_limits()[kind]
        number = int(parameters.get_param(f"{kind}_limit", number))
        minutes = max(1, int(parameters.get_param(f"{kind}_minutes", minutes)))
        now = fields.Datetime.now()
        past = timedelta(minutes=(now.hour * 60 + now.minute) % minutes)
        slot = now.replace(second=0, microsecond=0) - past
        return hmac(self.env(su=True), "aftersales_hit", who), slot, number

    @api.model
    def _is_over(self, who, kind):
        """Whether somebody has used up what is allowed; nothing is counted."""
        address, slot, number = self._get_window(who, kind)
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT count FROM aftersales_hit"
                " WHERE address = %s AND kind = %s AND slot = %s",
                address,
                kind,
                slot,
            )
        )
        return bool(rows) and rows[0][0] >= number

    @api.model
    def _count(self, who, kind):
        """Count one use for good; whether it is within the limit."""
        address, slot, number = self._get_window(who, kind)
        query = SQL(
            "INSERT INTO aftersales_hit (address, kind, slot, count)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT (address, kind, slot)"
            " DO UPDATE SET count = aftersales_hit.count + 1 RETURNING count",
            address,
            kind,
            slot,
        )
        for _try in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(query, log_exceptions=False)
                    return cr.fetchone()[0] <= number
            except SerializationFailure:
                continue  # another use at the very same moment
        return False  # so many at once are a flood

    @api.autovacuum
    def _gc_hits(self):
        """Forget what no window counts any more."""
        old = fields.Datetime.now() - timedelta(days=2)
        self.search([("slot", "<", old)], limit=10_000).unlink()
