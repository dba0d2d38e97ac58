from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Every delivered unit gets its card, a returned one's ends (R-W02, R-W14)."""
        result = super()._action_done()
        # warehouse users deliver, but may not write cards
        moves = self.move_ids.filtered(lambda m: m.state == "done").sudo()
        moves.filtered(lambda m: m._is_warranty_return())._end_warranty()
        delivered = moves.filtered(lambda m: m._is_arrival() and m.sale_line_id)
        if delivered:
            self.env["aftersales.warranty.card"].sudo()._create_for_moves(delivered)
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_local_date(self):
        """Day of the move in the company's time zone."""
        return self.company_id._aftersales_to_local(self.date).date()

    def _is_warranty_return(self):
        """The customer gives goods back for good; a repair only passes through."""
        return (
            self._is_handed_back()
            and (self.to_refund or self.aftersales_exchange_id)
            and self.sale_line_id
        )

    def _end_warranty(self):
        """Returned units end their card (R-W14)."""
        if not self:
            return
        cards = self.env["aftersales.warranty.card"]
        singles = self.filtered(lambda m: m.product_id.tracking == "serial")
        returned = cards._find_singles(singles.move_line_ids.lot_id)
        returned._end("returned", self.env._("Returned"))
        vals_list = cards._prepare_quantity_vals((self - singles).sale_line_id)
        cards._create_waiting(vals_list)

    def _get_delivered_quantities(self):
        """What customers have now of goods without serial numbers.

        :return: dict of (sale order line, product, lot) → (quantity in the product's
            unit, local date of the last delivery)
        """
        result = {}
        moves = self.filtered(
            lambda m: (
                m.state == "done"
                and m.product_id.is_storable
                and not m.product_id.warranty_excluded
                and m.product_id.tracking != "serial"
            )
        )
        for row in moves.move_line_ids:
            sign = row.move_id._get_warranty_sign()
            if sign:
                goods = (row.move_id.sale_line_id, row.product_id, row.lot_id)
                quantity, day = result.get(goods, (0, False))
                moved = row.move_id._get_local_date()
                days = [day, moved] if sign > 0 else [day]
                result[goods] = (
                    quantity + sign * row.quantity_product_uom,
                    max(filter(None, days), default=False),
                )
        return result

    def _get_warranty_sign(self):
        """1 for goods that go to the customer, -1 for those that come back, 0 where
        the customer's term doesn't change."""
        if self._is_like_for_like():
            return 0
        if self._is_warranty_return():
            return -1
        return int(self._is_arrival())

    def _is_like_for_like(self):
        """Goods without numbers that are exchanged for the rest of their term."""
        if self.aftersales_exchange_id.kind != "exchange":
            return False
        cards = self.env["aftersales.warranty.card"]
        domain = [("order_line_id", "=", self.sale_line_id.id)]
        return cards.search(domain, limit=1).exchange_term == "remaining"
