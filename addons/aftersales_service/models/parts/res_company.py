from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_general_manager_id = fields.Many2one(
        "res.users",
        string="General Manager",
        help="Signs for gifts (R-P08). Empty: everybody in the manager group.",
        groups="base.group_user",
    )
