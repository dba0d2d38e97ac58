from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        """What is procured for a part line knows it (R-P05)."""
        return [*super()._get_custom_move_fields(), "aftersales_supply_line_id"]
