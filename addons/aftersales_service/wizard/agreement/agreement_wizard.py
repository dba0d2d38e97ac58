from odoo import fields, models


class AftersalesAgreementWizard(models.TransientModel):
    """Asks for what an act under a service agreement needs, then performs it."""

    _name = "aftersales.agreement.wizard"
    _description = "Act under a Service Agreement"

    agreement_id = fields.Many2one("aftersales.agreement", readonly=True)
    visit_id = fields.Many2one("aftersales.visit", readonly=True)
    act = fields.Selection(
        [
            ("replace", "Replace"),
            ("breach", "Breach of Discipline"),
            ("delay", "Delay of the Works"),
            ("safety", "Safety Supervisor"),
            ("end", "End"),
        ],
        required=True,
        readonly=True,
    )
    member_id = fields.Many2one(
        "aftersales.agreement.member",
        string="Who Goes",
        domain="[('agreement_id', '=', agreement_id), ('end_date', '=', False)]",
    )
    employee_id = fields.Many2one(
        "hr.employee.public",  # the same ids; agents may read no more of an employee
    )
    reason = fields.Char()
    currency_id = fields.Many2one(related="agreement_id.company_id.currency_id")
    amount = fields.Monetary()

    def action_save(self):
        """Perform the act through its public method and close."""
        self.ensure_one()
        agreement, who, reason = self.agreement_id, self.employee_id.id, self.reason
        {
            "replace": lambda: agreement.action_request_replacement(
                self.member_id.id, who, reason
            ),
            "breach": lambda: agreement.action_file_breach(reason, who),
            "delay": lambda: agreement.action_file_delay(reason, self.amount, who),
            "safety": lambda: self.visit_id.action_name_safety(who),
            "end": lambda: agreement.action_end(reason),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
