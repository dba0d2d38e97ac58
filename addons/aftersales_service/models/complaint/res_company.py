from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_repeat_days = fields.Integer(
        string="Repeats Within (Days)",
        default=90,
        help="Complaints about the same product for the same cause within so many days"
        " are repeats (R-C04). 0: none are.",
        groups="base.group_user",
    )
    aftersales_effect_days = fields.Integer(
        string="Effect Looked At After (Days)",
        default=30,
        help="So many days after a measure is due its effect is to be checked.",
        groups="base.group_user",
    )
    aftersales_measures_required = fields.Boolean(
        string="Measures Required",
        default=True,
        help="Complaints close with a corrective and a preventive measure (R-C04).",
        groups="base.group_user",
    )

    _aftersales_complaint_days = models.Constraint(
        "CHECK (aftersales_repeat_days >= 0 AND aftersales_effect_days >= 0)",
        "Days can't be negative.",
    )
