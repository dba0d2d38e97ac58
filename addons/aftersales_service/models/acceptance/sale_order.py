from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    acceptance_ids = fields.One2many(
        "aftersales.acceptance", "order_id", string="Acceptances"
    )
