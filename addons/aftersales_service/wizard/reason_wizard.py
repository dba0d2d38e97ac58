from odoo import fields, models

MODELS = {
    "correct": "aftersales.sla.clock",
    "waive": "aftersales.liability",
    "return_order": "sale.order",
    "reopen": "aftersales.acceptance",
    "waive_document": "aftersales.acceptance.document",
    "suspend_plan": "aftersales.visit.plan",
    "end_plan": "aftersales.visit.plan",
    "carry_over": "aftersales.visit",
    "refuse_replacement": "aftersales.agreement.replacement",
}


class AftersalesReasonWizard(models.TransientModel):
    """Asks for the reason that an exception needs, then makes it."""

    _name = "aftersales.reason.wizard"
    _description = "Reason of an Exception"

    act = fields.Selection(
        [
            ("correct", "Count as Kept"),
            ("waive", "Waive"),
            ("return_order", "Return to the Guide"),
            ("reopen", "Take Back"),
            ("waive_document", "Accept without It"),
            ("suspend_plan", "Suspend"),
            ("end_plan", "End"),
            ("carry_over", "Carry Over"),
            ("refuse_replacement", "Refuse"),
        ],
        required=True,
        readonly=True,
    )
    record_id = fields.Integer(required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_save(self):
        """Perform the act through its public method and close."""
        self.ensure_one()
        record, reason = self.env[MODELS[self.act]].browse(self.record_id), self.reason
        {
            "correct": lambda: record.action_correct(reason),
            "waive": lambda: record.action_waive(reason),
            "waive_document": lambda: record.action_waive(reason),
            "reopen": lambda: record.action_reopen(reason),
            "suspend_plan": lambda: record.action_suspend(reason),
            "end_plan": lambda: record.action_end(reason),
            "carry_over": lambda: record.action_carry_over(reason),
            "refuse_replacement": lambda: record.action_refuse(reason),
            "return_order": lambda: record.handoff_batch_id.action_return_order(
                record.id, reason
            ),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
