from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .request import ACT_FIELDS, CLOSED

# What a register entry is and whose; given once
IDENTITY = {"name", "company_id"}
# What the customer was told in writing (R-S09)
SENT = {"problem", "cause_note", "measures"}
# What mail and portal keep on any record, closed or not
TECHNICAL = {"access_token", "message_follower_ids", "activity_ids", "message_ids"}


class AftersalesRequest(models.Model):
    """What no client changes, whatever its rights: the register is proof (R-C08)."""

    _inherit = "aftersales.request"

    def _check_client_write(self, vals):
        names = vals.keys() - TECHNICAL
        closed = self.filtered(lambda request: names and request.state in CLOSED)
        if closed:
            raise UserError(
                self.env._("%s is closed and can't be changed.", closed[0].name)
            )
        if names & ACT_FIELDS:
            raise UserError(self._get_act_refusal())
        if names & IDENTITY:
            raise UserError(self.env._("Number and company are given once."))
        if names & SENT and any(self.mapped("report_sent_at")):
            raise UserError(self.env._("The customer has the report already."))
        calms = "type" in names or ("emergency" in names and not vals["emergency"])
        if calms and not self.env.user._is_aftersales("user"):
            raise AccessError(
                self.env._("After-sales decides what kind of request it is.")
            )

    def _get_act_refusal(self):
        return self.env._("Record the act instead of writing its result.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("The register is never deleted; cancel instead."))
