from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Every delivered unit gets its card, not started yet (R-W02)."""
        result = super()._action_done()
        moves = self.move_ids.filtered(
            lambda m: (
                m.state == "done"
                and m.location_dest_id.usage == "customer"
                and m.sale_line_id
            )
        )
        if moves:
            # warehouse users deliver, but may not write cards
            self.env["aftersales.warranty.card"].sudo()._create_for_moves(moves.sudo())
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    def _prepare_warranty_vals(self, policy, taken, done):
        """Values of the cards of one delivery.

        :param policy: warranty policy of the product
        :param taken: lots that have a valid card
        :param done: untracked order lines that have a card
        """
        cards = self.env["aftersales.warranty.card"]
        line, product = self.sale_line_id, self.product_id
        if product.tracking == "serial":
            lots = self.move_line_ids.lot_id - taken
            return [
                cards._prepare_card_vals(line, product, policy, lot) for lot in lots
            ]
        if line in done:
            return []
        quantity = self.quantity
        return [cards._prepare_card_vals(line, product, policy, quantity=quantity)]
