from odoo import api, fields, models

from odoo.addons.aftersales_service.readers import TEAM_AND_GUIDES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    warranty_policy_id = fields.Many2one(
        "aftersales.warranty.policy",
        string="Warranty by Contract",
        check_company=True,
        help="Empty: as the products say. Counts for what is delivered from now on.",
    )
    warranty_card_ids = fields.One2many(
        "aftersales.warranty.card", "order_id", groups=TEAM_AND_GUIDES
    )
    warranty_card_count = fields.Integer(compute="_compute_warranty_card_count")

    @api.depends_context("uid")  # each user counts the own ones
    def _compute_warranty_card_count(self):
        counts = self.env["aftersales.warranty.card"]._count_by("order_id", self)
        for order in self:
            order.warranty_card_count = counts.get(order, 0)

    def _get_warranty_policy(self):
        """The policy that the contract names, while it isn't archived."""
        return self.sudo().warranty_policy_id.filtered("active")

    def action_view_warranty_cards(self):
        """Open the warranty cards of this order."""
        return self.env["aftersales.warranty.card"]._get_action("order_id", self)
