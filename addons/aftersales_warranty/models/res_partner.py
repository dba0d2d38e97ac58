from odoo import api, fields, models

from odoo.addons.aftersales_service.readers import TEAM_AND_GUIDES


class ResPartner(models.Model):
    _inherit = "res.partner"

    # cards are looked up by the caller's number
    phone_sanitized = fields.Char(index="btree_not_null")
    warranty_card_count = fields.Integer(
        compute="_compute_warranty_card_count", groups=TEAM_AND_GUIDES
    )

    @api.depends_context("uid")  # each user counts the own ones
    def _compute_warranty_card_count(self):
        counts = self.env["aftersales.warranty.card"]._count_by("partner_id", self)
        for partner in self:
            partner.warranty_card_count = counts.get(partner, 0)

    def action_view_warranty_cards(self):
        """Open the warranty cards of this customer."""
        return self.env["aftersales.warranty.card"]._get_action("partner_id", self)
