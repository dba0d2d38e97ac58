from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    visit_ids = fields.One2many("aftersales.visit", "order_id", string="Visits")
