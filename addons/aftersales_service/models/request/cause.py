from odoo import fields, models


class AftersalesCause(models.Model):
    """Why something failed: what reports count and warranty decides on."""

    _name = "aftersales.cause"
    _description = "Cause of a Fault"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable name, used by other programs.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This code is used already.")
