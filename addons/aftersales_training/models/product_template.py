from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_training = fields.Boolean(
        string="With Training",
        help="Orders with this product promise training of the customer's people.",
    )
