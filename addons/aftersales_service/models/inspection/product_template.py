from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    lubricant_id = fields.Many2one(
        "aftersales.lubricant",
        help="The one grade and type that units of this product get (R-V08).",
    )
