from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_log_contact(self):
        """Open the quick log for a call or letter about this contract (R-V10)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.contact_action_log"
        )
        return action | {"context": {"default_order_id": self.id}}
