from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_documents = fields.Text(
        string="Documents Handed Over",
        help="One document on each line: manual, drawings, certificate… They are"
        " checked at the acceptance (R-A05).",
    )
