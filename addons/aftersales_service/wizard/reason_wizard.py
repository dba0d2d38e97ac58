from odoo import fields, models


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

    def _get_acts(self):
        """Hook for further acts.

        :return: dict of ``act`` → (model, its method that takes the reason)
        """
        return {
            "correct": ("aftersales.sla.clock", "action_correct"),
            "waive": ("aftersales.liability", "action_waive"),
            "return_order": ("sale.order", "_return_to_guide"),
            "reopen": ("aftersales.acceptance", "action_reopen"),
            "waive_document": ("aftersales.acceptance.document", "action_waive"),
            "suspend_plan": ("aftersales.visit.plan", "action_suspend"),
            "end_plan": ("aftersales.visit.plan", "action_end"),
            "carry_over": ("aftersales.visit", "action_carry_over"),
            "refuse_replacement": ("aftersales.agreement.replacement", "action_refuse"),
        }

    def action_save(self):
        """Perform the act through its own method, which checks rights, and close."""
        self.ensure_one()
        model, method = self._get_acts()[self.act]
        getattr(self.env[model].browse(self.record_id), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
