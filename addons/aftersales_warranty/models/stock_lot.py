from odoo import api, fields, models

from odoo.addons.aftersales_service.readers import TEAM_AND_GUIDES


class StockLot(models.Model):
    _inherit = "stock.lot"

    warranty_card_ids = fields.One2many(
        "aftersales.warranty.card", "lot_id", groups=TEAM_AND_GUIDES
    )
    aftersales_visit_ids = fields.Many2many(
        "aftersales.visit",
        "aftersales_visit_stock_lot_rel",
        "stock_lot_id",
        "aftersales_visit_id",
        string="Visits to the Unit",
        groups=TEAM_AND_GUIDES,
    )
    warranty_card_count = fields.Integer(compute="_compute_warranty_card_count")

    @api.depends_context("uid")  # each user counts the own ones
    def _compute_warranty_card_count(self):
        counts = self.env["aftersales.warranty.card"]._count_by("lot_id", self)
        for lot in self:
            lot.warranty_card_count = counts.get(lot, 0)

    def _get_aftersales_owners(self):
        """A valid card names the owner, also of what was sold on (R-W12)."""
        owners = super()._get_aftersales_owners()
        for lot in self:
            cards = lot.sudo().warranty_card_ids.filtered(
                lambda card: card.is_serial and not card.is_void
            )
            owners[lot] = cards[-1:].partner_id or owners[lot]
        return owners

    def action_view_warranty_cards(self):
        """Open the warranty cards of this unit."""
        return self.env["aftersales.warranty.card"]._get_action("lot_id", self)
