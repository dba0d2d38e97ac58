from odoo import fields, models


class AftersalesRequestWizard(models.TransientModel):
    """Asks for what an act on a request needs, then performs it."""

    _name = "aftersales.request.wizard"
    _description = "Act on a Request"

    request_id = fields.Many2one("aftersales.request", required=True, readonly=True)
    act = fields.Selection(
        [
            ("assign", "Assign"),
            ("reply", "Answer"),
            ("plan", "Repair Plan"),
            ("solve", "Solved by Phone"),
            ("dispatch", "Dispatch"),
            ("restore", "Repaired"),
            ("close", "Close"),
            ("cancel", "Cancel"),
            ("pause", "Wait for the Customer"),
        ],
        required=True,
        readonly=True,
    )
    employee_ids = fields.Many2many("hr.employee", string="Technicians")
    note = fields.Text()
    cause = fields.Text()
    measures = fields.Text()
    at = fields.Datetime(string="When", help="Empty: now.")

    def action_save(self):
        """Perform the act through the request's public method."""
        self.ensure_one()
        request, at = self.request_id, self.at
        repair = {"cause": self.cause, "measures": self.measures}
        {
            "assign": lambda: request.action_assign(self.employee_ids.ids, at),
            "reply": lambda: request.action_reply(self.note, at),
            "plan": lambda: request.action_plan(self.note, at),
            "solve": lambda: request.action_resolve_by_phone(repair, at),
            "dispatch": lambda: request.action_dispatch(self.employee_ids.ids, at),
            "restore": lambda: request.action_restore(at=at, **repair),
            "close": lambda: request.action_close({"resolution": self.note}),
            "cancel": lambda: request.action_cancel(self.note),
            "pause": lambda: request.action_sla_pause(self.note),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
