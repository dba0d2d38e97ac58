from odoo import fields, models


class AftersalesVisitWizard(models.TransientModel):
    """Asks for what an act on a visit needs, then performs it."""

    _name = "aftersales.visit.wizard"
    _description = "Act on a Visit"

    visit_id = fields.Many2one("aftersales.visit", required=True, readonly=True)
    act = fields.Selection(
        [
            ("assign", "Assign"),
            ("call", "Call"),
            ("reschedule", "Reschedule"),
            ("complete", "Complete"),
            ("fail", "Could Not Complete"),
            ("cancel", "Cancel"),
        ],
        required=True,
        readonly=True,
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",  # the same ids; agents may read no more of an employee
        string="Team",
    )
    address_ok = fields.Boolean(string="Address")
    phone_ok = fields.Boolean(string="Phone")
    name_ok = fields.Boolean(string="Name")
    time_ok = fields.Boolean(string="Time")
    product_ok = fields.Boolean(string="Product")
    note = fields.Text()
    start = fields.Datetime(string="From")
    stop = fields.Datetime(string="Until")
    outcome = fields.Char()
    report = fields.Text()
    signed_by = fields.Char()
    signature = fields.Binary()

    def action_save(self):
        """Perform the act through the visit's public method."""
        self.ensure_one()
        visit = self.visit_id
        {
            "assign": lambda: visit.action_assign(self.employee_ids.ids),
            "call": lambda: visit.action_record_call(self._prepare_call_vals()),
            "reschedule": lambda: visit.action_reschedule(
                self.start, self.stop, self.note
            ),
            "complete": lambda: visit.action_complete(self._prepare_completion_vals()),
            "fail": lambda: visit.action_fail(self.note),
            "cancel": lambda: visit.action_cancel(self.note),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_call_vals(self):
        names = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok", "note")
        return {name: self[name] for name in names}

    def _prepare_completion_vals(self):
        names = ("outcome", "report", "signed_by", "signature")
        return {name: self[name] for name in names if self[name]}
