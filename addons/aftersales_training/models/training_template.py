from odoo import fields, models


class AftersalesTrainingTemplate(models.Model):
    """A session that every training plan has (R-T02, R-T03, R-T05, R-T06)."""

    _name = "aftersales.training.template"
    _description = "Training Session Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("observation", "Observation on Site"),
            ("operation", "Operation and Safety"),
            ("maintenance", "Maintenance"),
            ("handover", "Handover Meeting"),
            ("use", "Use after Acceptance"),
        ],
        required=True,
    )
    anchor = fields.Selection(
        [
            ("commissioning_start", "Start of Commissioning"),
            ("commissioning_end", "End of Commissioning"),
            ("accepted_on", "Acceptance"),
        ],
        required=True,
    )
    offset_months = fields.Integer(help="Calendar months after the anchor.")
    offset_days = fields.Integer(help="Days after the anchor.")
    hours = fields.Float(default=3, required=True)

    _hours_positive = models.Constraint("CHECK (hours > 0)", "How long does it last?")
