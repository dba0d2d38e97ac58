from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_training_headcount = fields.Integer(
        string="People Trained per Contract",
        default=35,
        help="Promised (R-T01).",
        groups="base.group_user",
    )
    aftersales_training_days = fields.Integer(
        string="Days to Train Them",
        default=90,
        help="From the acceptance; each contract may have its own period (R-T01).",
        groups="base.group_user",
    )
    aftersales_training_notice_days = fields.Integer(
        string="Days to Raise a Shortfall",
        default=30,
        help="So many days before the period ends, missing people are raised (R-T01).",
        groups="base.group_user",
    )
    aftersales_training_early_minutes = fields.Integer(
        string="Attendance Opens (Minutes)",
        default=30,
        help="So many minutes before a session begins people may sign in (R-T07).",
        groups="base.group_user",
    )

    _aftersales_training_headcount_positive = models.Constraint(
        "CHECK (aftersales_training_headcount BETWEEN 1 AND 10000)",
        "Between 1 and 10000 people.",
    )
    _aftersales_training_days_positive = models.Constraint(
        "CHECK (aftersales_training_days > 0"
        " AND aftersales_training_notice_days >= 0"
        " AND aftersales_training_early_minutes >= 0)",
        "Days and minutes of the training can't be negative.",
    )
