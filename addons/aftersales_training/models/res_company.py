from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_training_headcount = fields.Integer(
        string="People Trained per Contract", default=35, help="Promised (R-T01)."
    )
