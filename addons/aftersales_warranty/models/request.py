from odoo import models


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    def _get_coverage(self):
        """The unit's card decides (R-W08)."""
        result = super()._get_coverage()
        # whoever registers a fault needs the answer, not the card
        cards = (
            self.env["aftersales.warranty.card"]
            .sudo()
            .search([("lot_id", "in", self.lot_id.ids), ("is_void", "!=", True)])
        )
        by_lot = {card.lot_id: card for card in cards}
        for request in self:
            card = by_lot.get(request.lot_id)
            if card:
                answer = card.with_context(lang=self.env.lang).get_coverage(
                    cause_code=request.cause_id.code
                )
                result[request] = (answer["decision"], answer["reason"])
        return result
