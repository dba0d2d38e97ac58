from odoo import fields, models


class AftersalesTeam(models.Model):
    """How many of a team's closed requests are checked (R-V12)."""

    _inherit = "aftersales.team"

    audit_percent = fields.Float(
        string="Audited (%)",
        default=5.0,
        help="Share of the requests closed in a month that is drawn at random.",
    )
    audit_minimum = fields.Integer(
        string="Audited at Least",
        default=1,
        help="As far as the team closed so many.",
    )

    _audit_range = models.Constraint(
        "CHECK (audit_percent BETWEEN 0 AND 100 AND audit_minimum >= 0)",
        "The audited share is from 0 to 100 %, the minimum not negative.",
    )
