from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, *args, **kwargs):
        """The reservation that completes an order makes its goods ready (R-H05)."""
        result = super()._action_assign(*args, **kwargs)
        reserved = self.filtered(lambda move: move.state == "assigned")
        reserved._announce_goods_ready()
        return result

    def _announce_goods_ready(self):
        # Warehouse users reserve, but may not write the order
        orders = (self | self.move_dest_ids).sudo().sale_line_id.order_id
        waiting = orders.filtered(
            lambda o: o.state == "sale" and o.aftersales_goods and not o.goods_ready_at
        )
        ready = waiting.filtered(lambda order: order._has_all_goods())
        if ready:
            ready._mark_goods_ready()

    def _is_aftersales_available(self):
        """Reserved, or all that it waits for is reserved in an earlier step."""
        origins = self.move_orig_ids
        return self.state == "assigned" or bool(
            origins and all(move.state in ("assigned", "done") for move in origins)
        )
