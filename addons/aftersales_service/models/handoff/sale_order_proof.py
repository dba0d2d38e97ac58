from odoo import api, models
from odoo.exceptions import UserError

from .sale_order_cancel import FACTS

# The clerk may gather orders in a batch that isn't sent
STAGES = {*FACTS, "confirmed_at"} - {"handoff_batch_id"}


class SaleOrder(models.Model):
    """The stages of a contract follow acts; no client writes them (R-H01)."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_stage_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refused to every client; to confirm a contract only makes it begin anew."""
        self._check_stage_vals(vals)
        return super().write(vals)

    def _check_stage_vals(self, vals):
        if self.env.su:
            return
        written = STAGES & vals.keys()
        taken = self.sudo().filtered(lambda o: o.state == "sale")
        if written and not taken:  # confirming empties them and tells when it was
            written = {n for n in written - {"confirmed_at"} if vals[n]}
        if "handoff_batch_id" in vals and any(taken.mapped("handed_off_at")):
            written = {"handoff_batch_id"}
        if written:
            raise UserError(self.env._("Record the act instead of writing its result."))
