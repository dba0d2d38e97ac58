from odoo import api, fields, models


class AftersalesVisitWizard(models.TransientModel):
    """Asks for what an act on a visit needs, then performs it."""

    _name = "aftersales.visit.wizard"
    _description = "Act on a Visit"

    visit_id = fields.Many2one("aftersales.visit", required=True, readonly=True)
    act = fields.Selection(
        [
            ("assign", "Assign"),
            ("call", "Call"),
            ("override", "Start without Call"),
            ("reschedule", "Reschedule"),
            ("complete", "Complete"),
            ("fail", "Could Not Complete"),
            ("cancel", "Cancel"),
            ("surplus", "Surplus Comes Back"),
            ("exchange", "Exchange"),
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
    checklist_line_ids = fields.One2many(
        related="visit_id.checklist_line_ids", readonly=False
    )
    outcome = fields.Char()
    report = fields.Text()
    signed_by = fields.Char()
    signature = fields.Binary()
    kind = fields.Selection(related="visit_id.kind")
    rating = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.visit"]
            ._fields["rating"]
            ._description_selection(self.env)
        )
    )
    is_quiet = fields.Boolean(compute="_compute_is_quiet")
    quiet_reason = fields.Char(string="Wanted So By")
    product_id = fields.Many2one("product.product", string="Item")
    quantity = fields.Float(default=1)
    lot_name = fields.Char(string="Serial Number")

    @api.depends("start", "stop")
    def _compute_is_quiet(self):
        for wizard in self:
            window = (wizard.start, wizard.stop)
            company = wizard.visit_id.company_id
            wizard.is_quiet = all(window) and company._aftersales_is_quiet(*window)

    def action_save(self):
        """Perform the act through the visit's public method."""
        self.ensure_one()
        visit = self.visit_id
        {
            "assign": lambda: visit.action_assign(self.employee_ids.ids),
            "call": lambda: visit.action_record_call(self._prepare_call_vals()),
            "override": lambda: visit.action_override_call(self.note),
            "reschedule": lambda: visit.action_reschedule(
                self.start, self.stop, self.note, quiet_reason=self.quiet_reason
            ),
            "complete": lambda: visit.action_complete(self._prepare_completion_vals()),
            "fail": lambda: visit.action_fail(self.note),
            "cancel": lambda: visit.action_cancel(self.note),
            "surplus": lambda: visit.action_return_surplus(
                self.product_id.id, self.quantity, self.lot_name, self.note
            ),
            "exchange": lambda: visit.action_exchange(
                self.product_id.id, self.quantity, self.note, self.lot_name
            ),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_call_vals(self):
        names = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok", "note")
        return {name: self[name] for name in names}

    def _prepare_completion_vals(self):
        names = ("outcome", "report", "signed_by", "signature", "rating")
        return {name: self[name] for name in names if self[name]}
