from odoo import fields, models


class AftersalesCause(models.Model):
    _inherit = "aftersales.cause"

    warranty_misuse = fields.Boolean(
        string="Misuse",
        help="Human cause: never covered, material is charged at cost price (R-W08).",
    )
    warranty_exchange = fields.Boolean(
        string="Exchange Promise",
        help="Within the exchange term the unit is exchanged for this cause (R-W06).",
    )
