from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_installation = fields.Boolean(
        string="Needs Installation",
        help="Orders with this product ask for the installation wish (R-H08).",
    )
