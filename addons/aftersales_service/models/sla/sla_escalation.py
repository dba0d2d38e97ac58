from odoo import fields, models


class AftersalesSlaEscalation(models.Model):
    """Who was told what of a promise and when: each level once (R-S15)."""

    _name = "aftersales.sla.escalation"
    _description = "Escalation of a Promise"
    _order = "done_at, id"

    clock_id = fields.Many2one(
        "aftersales.sla.clock", required=True, ondelete="restrict", index=True
    )
    level = fields.Integer(
        required=True, help="Percentage of the limit; 100 is the breach."
    )
    due_at = fields.Datetime(required=True)
    done_at = fields.Datetime(required=True)
    user_ids = fields.Many2many("res.users", string="Told")

    _level_uniq = models.Constraint(
        "UNIQUE (clock_id, level)", "A promise is escalated once at each level."
    )
