from odoo import fields, models


class AftersalesAgreementRole(models.Model):
    """A role that a project contract names people for (R-V05, R-M04)."""

    _name = "aftersales.agreement.role"
    _description = "Role in a Service Agreement"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    required_number = fields.Integer(
        string="People Needed", default=1, help="How many must be named; 0: none."
    )
    on_survey = fields.Boolean(
        string="On Site Surveys", help="Comes along on every site survey (R-V05)."
    )
    is_safety = fields.Boolean(
        string="Safety Supervisor",
        help="Must be present while works are carried out (R-M04).",
    )

    _number_positive = models.Constraint(
        "CHECK (required_number >= 0)", "The number of people can't be negative."
    )
