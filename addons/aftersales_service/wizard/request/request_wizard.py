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
            ("check", "Before the Repair"),
            ("raise", "Major Fault"),
            ("take_back", "Take Along"),
            ("restore", "Repaired"),
            ("sign", "Customer Signs"),
            ("close", "Close"),
            ("cancel", "Cancel"),
            ("pause", "Wait for the Customer"),
            ("merge", "Merge"),
            ("follow_up", "Not Solved"),
        ],
        required=True,
        readonly=True,
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",  # the same ids; agents may read no more of an employee
        string="Technicians",
    )
    request_ids = fields.Many2many("aftersales.request", string="Reported Again As")
    note = fields.Text()
    cause = fields.Text()
    measures = fields.Text()
    at = fields.Datetime(string="When", help="Empty: now.")
    complete = fields.Boolean(string="Nothing Missing", default=True)
    misuse = fields.Boolean(string="Signs of Misuse")
    told = fields.Char(
        string="Told To", help="Who of the customer was told of the finding."
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    loan_note = fields.Char(string="On Loan Meanwhile")
    name = fields.Char(string="Signed By")
    signature = fields.Binary()
    request_type = fields.Selection(related="request_id.type")
    customer_confirmed = fields.Boolean(string="Customer Confirms")
    unconfirmed_reason = fields.Char(string="Closed Without Confirmation Because")

    def action_save(self):
        """Perform the act through the request's public method."""
        self.ensure_one()
        request, at = self.request_id, self.at
        repair = {"cause": self.cause, "measures": self.measures}
        check = {
            "complete": self.complete,
            "misuse": self.misuse,
            "note": self.note,
            "told": self.told,
            "photos": [{"name": p.name, "data": p.datas} for p in self.photo_ids],
            "at": at,
        }
        take_back = {"reason": self.note, "loan_note": self.loan_note, "at": at}
        closing = {
            "resolution": self.note,
            "customer_confirmed": self.customer_confirmed,
            "unconfirmed_reason": self.unconfirmed_reason,
        }
        {
            "assign": lambda: request.action_assign(self.employee_ids.ids, at),
            "reply": lambda: request.action_reply(self.note, at),
            "plan": lambda: request.action_plan(self.note, at),
            "solve": lambda: request.action_resolve_by_phone(repair, at),
            "dispatch": lambda: request.action_dispatch(self.employee_ids.ids, at),
            "restore": lambda: request.action_restore(at=at, **repair),
            "check": lambda: request.action_check(check),
            "raise": lambda: request.action_raise_severity("major"),
            "take_back": lambda: request.action_take_back(take_back),
            "sign": lambda: request.action_sign(self.name, self.signature, at),
            "close": lambda: request.action_close(closing),
            "cancel": lambda: request.action_cancel(self.note),
            "pause": lambda: request.action_sla_pause(self.note),
            "merge": lambda: request.action_merge(self.request_ids.ids, self.note),
            "follow_up": lambda: request.action_follow_up(self.note),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
