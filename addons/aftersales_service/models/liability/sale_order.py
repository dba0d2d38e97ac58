from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_liability_ids = fields.One2many(
        "aftersales.liability",
        "order_id",
        string="Liabilities",
        groups="aftersales_service.group_aftersales_user",
    )
    aftersales_liability_total = fields.Monetary(
        string="Liabilities of the Contract",
        compute="_compute_aftersales_liability_total",
        groups="aftersales_service.group_aftersales_user",
        help="Waived ones don't count (R-M05).",
    )

    @api.depends("aftersales_liability_ids.amount", "aftersales_liability_ids.state")
    def _compute_aftersales_liability_total(self):
        for order in self:
            valid = order.aftersales_liability_ids.filtered(
                lambda x: x.state != "waived"
            )
            order.aftersales_liability_total = sum(valid.mapped("amount"))

    def action_view_liabilities(self):
        """Open what this contract costs us."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.liability_action"
        )
        return action | {
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }
