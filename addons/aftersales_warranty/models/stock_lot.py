from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    warranty_card_ids = fields.One2many("aftersales.warranty.card", "lot_id")
    warranty_card_count = fields.Integer(compute="_compute_warranty_card_count")

    def _compute_warranty_card_count(self):
        cards = self.env["aftersales.warranty.card"]
        if not cards.has_access("read"):
            self.warranty_card_count = 0
            return
        counts = dict(
            cards._read_group([("lot_id", "in", self.ids)], ["lot_id"], ["__count"])
        )
        for lot in self:
            lot.warranty_card_count = counts.get(lot, 0)

    def action_view_warranty_cards(self):
        """Open the warranty cards of this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.warranty_card_action"
        )
        return action | {"domain": [("lot_id", "=", self.id)], "context": {}}
