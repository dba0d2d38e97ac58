from odoo import fields, models


class StockLot(models.Model):
    """Which unit replaced which (R-X05)."""

    _inherit = "stock.lot"

    aftersales_replaced_by_id = fields.Many2one(
        "stock.lot", string="Replaced By", compute="_compute_aftersales_chain"
    )
    aftersales_replaces_id = fields.Many2one(
        "stock.lot", string="Replaces", compute="_compute_aftersales_chain"
    )

    def _compute_aftersales_chain(self):
        rows = self.env["aftersales.exchange"].sudo()  # serials say no more than that
        found = rows.search(
            [
                ("replaced_at", "!=", False),
                ("new_lot_id", "!=", False),
                "|",
                ("lot_id", "in", self.ids),
                ("new_lot_id", "in", self.ids),
            ],
            order="id",
        )
        later = {row.lot_id: row.new_lot_id for row in found}
        earlier = {row.new_lot_id: row.lot_id for row in found}
        for lot in self:
            lot.aftersales_replaced_by_id = later.get(lot._origin)
            lot.aftersales_replaces_id = earlier.get(lot._origin)
