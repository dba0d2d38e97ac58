from odoo import fields, models

from ...readers import ALL_ROLES


class StockPicking(models.Model):
    _inherit = "stock.picking"

    aftersales_exchange_ids = fields.Many2many(
        "aftersales.exchange",
        string="Returns and Exchanges",
        compute="_compute_aftersales_exchange_ids",
        groups=ALL_ROLES,
    )

    def _compute_aftersales_exchange_ids(self):
        for picking in self:
            picking.aftersales_exchange_ids = picking.move_ids.aftersales_exchange_id

    def _action_done(self):
        """Units that came back or replaced others are noted at once (R-X02)."""
        self.move_ids._check_refund()
        result = super()._action_done()
        done = self.sudo().move_ids.filtered(lambda m: m.state == "done")
        done.aftersales_exchange_id._on_moved()  # the warehouse only moves goods
        return result
