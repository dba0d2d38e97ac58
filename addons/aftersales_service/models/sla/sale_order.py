from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_promise_count = fields.Integer(
        compute="_compute_aftersales_promise_count"
    )

    def _compute_aftersales_promise_count(self):
        clocks = self.env["aftersales.sla.clock"]
        counts = dict(
            clocks._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.aftersales_promise_count = counts.get(order, 0)

    def action_view_promises(self):
        """Open every promise of this contract (R-Q03)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.sla_clock_action"
        )
        return action | {"domain": [("order_id", "=", self.id)], "context": {}}
