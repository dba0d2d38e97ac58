from odoo import api, fields, models


class StockLocation(models.Model):
    """Places for what after-sales keeps apart from the goods for sale (R-P01)."""

    _inherit = "stock.location"

    aftersales_store = fields.Selection(
        [
            ("spare", "Spare Parts"),
            ("fitting", "Fittings"),
            ("gift", "Gifts"),
            ("technician", "With Technicians"),
            ("defective", "Defective Parts"),
        ],
        string="After-sales Store",
        compute="_compute_aftersales_store",
        store=True,
        readonly=False,
        recursive=True,
        help="Shelves inside a store belong to it, too.",
    )

    @api.depends("location_id.aftersales_store")
    def _compute_aftersales_store(self):
        for location in self:
            location.aftersales_store = (
                location.location_id.aftersales_store or location.aftersales_store
            )

    def _should_be_valued(self):
        """A defective part is counted, but worth nothing."""
        return super()._should_be_valued() and self.aftersales_store != "defective"
