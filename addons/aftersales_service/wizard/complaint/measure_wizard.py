from odoo import fields, models


class AftersalesMeasureWizard(models.TransientModel):
    """Asks for what an act on a measure needs, then performs it (R-C04)."""

    _name = "aftersales.measure.wizard"
    _description = "Act on a Measure"

    measure_id = fields.Many2one("aftersales.measure", required=True, readonly=True)
    act = fields.Selection(
        [
            ("done", "Done"),
            ("effect", "Look at the Effect"),
            ("postpone", "Postpone"),
            ("cancel", "Cancel"),
        ],
        required=True,
        readonly=True,
    )
    effective = fields.Selection(
        [("yes", "It Works"), ("no", "No Effect: Another Measure Is Needed")],
        string="Result",
    )
    due_at = fields.Datetime(string="New Due Date")
    note = fields.Text(required=True)
    at = fields.Datetime(string="When", help="Empty: now.")

    def action_save(self):
        """Perform the act through the measure's public method."""
        self.ensure_one()
        measure, note = self.measure_id, self.note
        {
            "done": lambda: measure.action_done(note, self.at),
            "effect": lambda: measure.action_check_effect(
                self.effective == "yes", note, self.at
            ),
            "postpone": lambda: measure.action_postpone(self.due_at, note),
            "cancel": lambda: measure.action_cancel(note),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
