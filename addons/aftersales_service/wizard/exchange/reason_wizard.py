from odoo import fields, models

ACTS = {
    "ask_refund": ("aftersales.request", "action_ask_refund"),
    "approve_refund": ("aftersales.request", "action_approve_refund"),
    "refuse_refund": ("aftersales.request", "action_refuse_refund"),
    "cancel_exchange": ("aftersales.exchange", "action_cancel"),
}


class AftersalesReasonWizard(models.TransientModel):
    _inherit = "aftersales.reason.wizard"

    act = fields.Selection(
        selection_add=[
            ("ask_refund", "Ask for a Refund"),
            ("approve_refund", "Approve the Refund"),
            ("refuse_refund", "Refuse the Refund"),
            ("cancel_exchange", "Cancel the Exchange"),
        ],
        ondelete=dict.fromkeys(ACTS, "cascade"),
    )

    def action_save(self):
        """Refunds and exchanges, too (R-X03)."""
        if self.act not in ACTS:
            return super().action_save()
        model, method = ACTS[self.act]
        getattr(self.env[model].browse(self.record_id), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
