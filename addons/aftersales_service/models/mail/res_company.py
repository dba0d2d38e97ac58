from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_mail_limit = fields.Integer(
        string="Mails per Hour",
        default=8,
        help="So many e-mails of one sender become requests within an hour; what comes"
        " above that is a loop and waits among the mails left out. 0: no limit.",
        groups="base.group_user",
    )
