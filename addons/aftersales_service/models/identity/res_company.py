from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_area_code = fields.Char(
        string="Area Code",
        help="Of telephone numbers that are written without one, such as 021.",
        groups="base.group_user",
    )
