from odoo import fields, models

from .acceptance import VOID


class SaleOrderLine(models.Model):
    """What waits for acceptance of one order line, in the unit it was sold in."""

    _inherit = "sale.order.line"

    def _prepare_acceptance_line_vals(self, moves):
        """Values of the line of an acceptance; none where nothing is left to accept.

        :param moves: deliveries of this line that arrived and wait for an acceptance
        """
        kit = moves.filtered(lambda move: move.product_id != self.product_id)
        get = self._get_kits_to_accept if kit else self._get_goods_to_accept
        quantity, lots = get(moves)
        if self.product_uom_id.compare(quantity, 0) <= 0:
            return {}
        return {
            "order_line_id": self.id,
            "product_id": self.product_id.id,
            "lot_ids": [fields.Command.set(lots.ids)],
            "delivered_lot_ids": [fields.Command.set(lots.ids)],
            "ordered_qty": self.product_uom_qty,
            "delivered_qty": quantity,
            "accepted_qty": quantity,
            "criterion_ids": [
                fields.Command.create({"name": name})
                for name in self.product_id._get_acceptance_criteria()
            ],
        }

    def _get_goods_to_accept(self, moves):
        """What arrived and didn't go back since.

        :return: (quantity in the unit of the line, stock.lot)
        """
        back = moves._get_handed_back()
        quantity = self._sum_quantity(moves) - self._sum_quantity(back)
        return quantity, moves.move_line_ids.lot_id - back.move_line_ids.lot_id

    def _sum_quantity(self, moves):
        """Quantity of moves of this line's product, in the unit of the line."""
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
            for move in moves
        )

    def _get_kits_to_accept(self, _moves):
        """Whole kits that the customer has and didn't accept yet, as Odoo counts them.

        Parts of a kit may have come with several deliveries.

        :return: (quantity in the unit of the line, stock.lot of the parts)
        """
        lines = self.env["aftersales.acceptance.line"].search(
            [("order_line_id", "=", self.id), ("acceptance_id.state", "not in", VOID)]
        )
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move._is_arrival()
        )
        lots = (
            moves.move_line_ids.lot_id - moves._get_handed_back().move_line_ids.lot_id
        )
        covered = sum(lines.mapped("delivered_qty"))
        return self.qty_delivered - covered, lots - lines._get_delivered_lots()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_handed_back(self):
        """What the customer gave back of these deliveries."""
        return self.returned_move_ids.filtered(
            lambda move: move.state == "done" and move._is_handed_back()
        )
