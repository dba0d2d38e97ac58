from odoo import models


class StockLot(models.Model):
    """The warranty on the page of the unit and of its customer (R-V09)."""

    _inherit = "stock.lot"

    def _get_warranty_until(self):
        result = super()._get_warranty_until()
        cards = self.env["aftersales.warranty.card"]
        if cards.has_access("read"):
            domain = [("lot_id", "in", self.ids), ("is_void", "=", False)]
            result |= {card.lot_id: card.end_date for card in cards.search(domain)}
        return result
