from odoo import models


class StockRule(models.Model):
    """A replacement stays one through all steps of its delivery."""

    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "aftersales_exchange_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        vals = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        exchange = move_to_copy.sudo().aftersales_exchange_id
        if exchange and not move_to_copy.origin_returned_move_id:
            vals["aftersales_exchange_id"] = exchange.id
        return vals
