from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_training = fields.Boolean(
        string="With Training",
        help="Orders with this product promise training of the customer's people.",
    )
    aftersales_key_points = fields.Text(
        string="Key Points of Operation",
        translate=True,
        help="Explained at the handover meeting, for each machine (R-T05).",
    )
    aftersales_cautions = fields.Text(
        string="Cautions",
        translate=True,
        help="Explained at the handover meeting, for each machine (R-T05).",
    )
