from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

LIMITS = {
    # kind: (parameter, default number, window in minutes)
    "page": ("aftersales_warranty.page_limit", 60, 10),
    "report": ("aftersales_warranty.report_limit", 10, 60),
}


class AftersalesWarrantyHit(models.Model):
    """How often an address asked for public pages lately.

    Counted in the database, so that it holds for any number of servers; addresses are
    kept as a keyed digest and for two hours only.
    """

    _name = "aftersales.warranty.hit"
    _description = "Use of the Public Warranty Page"
    _log_access = False
    _rec_name = "address"

    address = fields.Char(required=True)
    kind = fields.Char(required=True)
    slot = fields.Datetime(required=True, index=True)
    count = fields.Integer(required=True)

    _slot_uniq = models.Constraint(
        "UNIQUE (address, kind, slot)", "This window is counted already."
    )

    @api.model
    def _allow(self, address, kind):
        """Count one use; whether the address is still within its limit.

        :param address: IP address of the caller
        :param kind: "page" or "report"
        """
        parameter, default, minutes = LIMITS[kind]
        limit = int(
            self.env["ir.config_parameter"].sudo().get_param(parameter, default)
        )
        now = fields.Datetime.now()
        past = timedelta(minutes=now.minute % minutes, seconds=now.second)
        digest = hmac(self.env(su=True), "aftersales_warranty_hit", address)
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO aftersales_warranty_hit (address, kind, slot, count)"
                " VALUES (%s, %s, %s, 1) ON CONFLICT (address, kind, slot)"
                " DO UPDATE SET count = aftersales_warranty_hit.count + 1"
                " RETURNING count",
                digest,
                kind,
                now - past,
            )
        )
        return rows[0][0] <= limit

    @api.autovacuum
    def _gc_hits(self):
        """Forget what no window counts any more."""
        old = fields.Datetime.now() - timedelta(hours=2)
        self.search([("slot", "<", old)], limit=10_000).unlink()
