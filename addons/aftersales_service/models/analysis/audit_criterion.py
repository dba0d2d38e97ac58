from odoo import fields, models


class AftersalesAuditCriterion(models.Model):
    """What an audit of a closed request looks at (R-V12)."""

    _name = "aftersales.audit.criterion"
    _description = "Audit Criterion"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    weight = fields.Float(default=1.0, required=True)

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "The weight must be more than zero."
    )
