from odoo import api, fields, models


class ProductCategory(models.Model):
    """Which store the products of a category are kept in (R-P01, R-P02)."""

    _inherit = "product.category"

    aftersales_store = fields.Selection(
        [
            ("spare", "Spare Parts"),
            ("fitting", "Fittings"),
            ("gift", "Gifts"),
        ],
        string="After-sales Store",
        compute="_compute_aftersales_store",
        store=True,
        readonly=False,
        recursive=True,
        help="Part lines are reserved in this store of the warehouse; without one, in"
        " its ordinary stock. Gifts leave with a signature or a contract only, fittings"
        " are free for the customer.",
    )

    @api.depends("parent_id.aftersales_store")
    def _compute_aftersales_store(self):
        for category in self:
            category.aftersales_store = (
                category.parent_id.aftersales_store or category.aftersales_store
            )
