from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_offer_days = fields.Integer(
        string="Days to Sign by Link",
        default=14,
        help="How long customers may sign an acceptance by the link they got.",
        groups="base.group_user",
    )

    _aftersales_offer_days_positive = models.Constraint(
        "CHECK (aftersales_offer_days >= 0)",
        "The days to sign can't be negative.",
    )
