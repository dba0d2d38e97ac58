from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_low_csat = fields.Integer(
        string="Low Rating",
        default=2,
        help="A rating (1 to 5) up to this one opens a complaint by itself; 0: never.",
        groups="base.group_user",
    )
    aftersales_low_nps = fields.Integer(
        string="Low Recommendation",
        default=3,
        help="A recommendation (0 to 10) up to this one opens a complaint by itself;"
        " -1: never.",
        groups="base.group_user",
    )
    aftersales_feedback_days = fields.Integer(
        string="Links to Rate Last",
        default=30,
        help="Days after which a link to rate a visit or repair has expired.",
        groups="base.group_user",
    )
    aftersales_feedback_mail = fields.Boolean(
        string="Ask for a Rating by E-mail",
        default=True,
        help="After visits and repairs the customer gets a link to rate the work.",
        groups="base.group_user",
    )

    @api.constrains(
        "aftersales_low_csat", "aftersales_low_nps", "aftersales_feedback_days"
    )
    def _check_aftersales_feedback(self):
        for company in self:
            if not 0 <= company.aftersales_low_csat <= 5:
                raise ValidationError(self.env._("The low rating is from 0 to 5."))
            if not -1 <= company.aftersales_low_nps <= 10:
                raise ValidationError(
                    self.env._("The low recommendation is from -1 to 10.")
                )
            if company.aftersales_feedback_days < 1:
                raise ValidationError(self.env._("Links last at least one day."))
