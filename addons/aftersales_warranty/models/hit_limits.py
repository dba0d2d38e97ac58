from odoo import api, models


class AftersalesHit(models.Model):
    _inherit = "aftersales.hit"

    @api.model
    def _get_limits(self):
        """Besides: looking at a unit's card, and reporting a fault there."""
        return super()._get_limits() | {
            "aftersales_warranty.page": (60, 10),
            "aftersales_warranty.report": (10, 60),
        }
