from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_request_ids = fields.One2many("aftersales.request", "order_id")
