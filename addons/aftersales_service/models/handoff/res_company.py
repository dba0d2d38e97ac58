from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_cutoff = fields.Float(
        string="Daily Hand-off",
        default=17.0,
        required=True,
        help="Local hour at which the orders of the day go to the order clerk.",
        groups="base.group_user",
    )
    aftersales_clerk_id = fields.Many2one(
        "res.users",
        string="Order Clerk",
        help="Gets the daily hand-off. Empty: the after-sales supervisor.",
        groups="base.group_user",
    )

    aftersales_require_reference = fields.Boolean(
        string="Contracts Name the Model",
        default=True,
        help="A product without an internal reference makes its contract incomplete.",
        groups="base.group_user",
    )
    aftersales_require_salesperson = fields.Boolean(
        string="Contracts Name the Salesperson",
        default=True,
        help="Without one a contract is incomplete, and goes to the supervisor.",
        groups="base.group_user",
    )

    @api.constrains("aftersales_cutoff")
    def _check_aftersales_cutoff(self):
        for company in self:
            if not 0 <= company.aftersales_cutoff < 24:
                raise ValidationError(
                    self.env._("The daily hand-off is an hour between 0:00 and 23:59.")
                )

    def _aftersales_next_cutoff(self, moment):
        """First cut-off at or after a naive UTC moment (R-H01)."""
        cutoff = self._aftersales_last_cutoff(moment)
        if cutoff == moment:
            return cutoff
        day = self._aftersales_to_local(cutoff).date() + timedelta(days=1)
        return self._aftersales_at(day, self.aftersales_cutoff)

    def _aftersales_last_cutoff(self, moment):
        """Last cut-off at or before a naive UTC moment."""
        today = self._aftersales_to_local(moment).date()
        cutoff = self._aftersales_at(today, self.aftersales_cutoff)
        if cutoff > moment:
            day = today - timedelta(days=1)
            cutoff = self._aftersales_at(day, self.aftersales_cutoff)
        return cutoff
