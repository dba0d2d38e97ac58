from odoo import fields, models


class AftersalesSuggestionWizard(models.TransientModel):
    """Forwards a suggestion to departments, or answers it for one (R-C06)."""

    _name = "aftersales.suggestion.wizard"
    _description = "Forward or Answer a Suggestion"

    request_id = fields.Many2one("aftersales.request", readonly=True)
    department_ids = fields.Many2many("hr.department", string="Departments Concerned")
    note = fields.Char(string="Question to the Department")
    suggestion_id = fields.Many2one(
        "aftersales.suggestion", string="To Answer", readonly=True
    )
    problem = fields.Text(related="suggestion_id.problem")
    verdict = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.suggestion"]
            ._fields["verdict"]
            ._description_selection(self.env)
        )
    )
    answer = fields.Text()

    def action_save(self):
        """Forward or answer through the public methods."""
        self.ensure_one()
        if self.suggestion_id:
            self.suggestion_id.action_answer(self.verdict, self.answer)
        else:
            self.request_id.action_forward(self.department_ids.ids, self.note or None)
        return {"type": "ir.actions.act_window_close"}
