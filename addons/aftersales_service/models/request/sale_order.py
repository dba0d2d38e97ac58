from odoo import fields, models

from ...readers import TEAM_AND_GUIDES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_request_ids = fields.One2many(
        "aftersales.request",
        "order_id",
        string="After-sales Requests",
        groups=TEAM_AND_GUIDES,
    )
    aftersales_request_count = fields.Integer(
        compute="_compute_aftersales_request_count", groups=TEAM_AND_GUIDES
    )

    def _compute_aftersales_request_count(self):
        counts = dict(
            self.env["aftersales.request"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.aftersales_request_count = counts.get(order, 0)
