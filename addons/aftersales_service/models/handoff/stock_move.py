from odoo import models

SUPPLY = ("supplier", "production", "transit")


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, *args, **kwargs):
        """Supply that is on its way was ordered from the factory (R-H04)."""
        moves = super()._action_confirm(*args, **kwargs)
        moves._announce_supply()
        return moves

    def _action_assign(self, *args, **kwargs):
        """The reservation that completes an order makes its goods ready (R-H05)."""
        result = super()._action_assign(*args, **kwargs)
        reserved = self.filtered(lambda move: move.state == "assigned")
        reserved._announce_goods_ready()
        return result

    def _action_done(self, *args, **kwargs):
        """Who has all goods needn't be asked for a time any more."""
        moves = super()._action_done(*args, **kwargs)
        # whoever moves goods may not write the order
        orders = moves.sudo().sale_line_id.order_id
        delivered = orders.filtered(
            lambda o: o.state == "sale" and o.delivery_status == "full"
        )
        delivered._end_road(self.env._("The goods are delivered already"))
        return moves

    def _is_aftersales_supply(self):
        return (
            self.location_id.usage in SUPPLY
            and self.location_dest_id.usage == "internal"
            and self.state not in ("draft", "done", "cancel")
        )

    def _announce_supply(self):
        supply = self.filtered(lambda move: move._is_aftersales_supply())
        if not supply:
            return
        # Whoever buys or makes the goods may not write the order
        orders = self.env["sale.order"].sudo()
        orders.search(
            [
                ("state", "=", "sale"),
                ("handed_off_at", "!=", False),
                ("factory_ordered_at", "=", False),
                ("goods_ready_at", "=", False),
                ("order_line.move_ids.product_id", "in", supply.product_id.ids),
            ]
        )._notice_factory_orders()

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

    def _get_aftersales_shortage(self):
        """How much is neither reserved nor on its way, in the product's unit.

        Odoo's forecast says it as a negative availability.
        """
        if not self.product_id.is_storable or self._is_aftersales_available():
            return 0
        return max(-self.forecast_availability, 0)

    def _get_expected_date(self):
        """When what isn't reserved comes, a naive UTC datetime; False when it is."""
        return not self._is_aftersales_available() and self.forecast_expected_date

    def _forget_forecast(self):
        # Odoo computes it once in a transaction, whatever supply is added in it
        self.invalidate_recordset(
            ["forecast_availability", "forecast_expected_date"], flush=False
        )
