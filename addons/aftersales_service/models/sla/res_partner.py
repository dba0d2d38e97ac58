from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_promises(self):
        """Open every promise made to this customer (R-Q03)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.sla_clock_action"
        )
        return action | {
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {},
        }
