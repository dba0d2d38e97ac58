from odoo import fields, models

ACTS = {
    "cancel_session": ("event.event", "action_cancel_session"),
    "undo_attendance": ("event.registration", "action_undo_attendance"),
    "revoke": ("aftersales.training.certificate", "action_revoke"),
}


class AftersalesReasonWizard(models.TransientModel):
    _inherit = "aftersales.reason.wizard"

    act = fields.Selection(
        selection_add=[
            ("cancel_session", "Cancel the Session"),
            ("undo_attendance", "Take Attendance Back"),
            ("revoke", "Revoke"),
        ],
        ondelete=dict.fromkeys(ACTS, "cascade"),
    )

    def action_save(self):
        """Perform our acts through their public methods and close."""
        if self.act not in ACTS:
            return super().action_save()
        model, method = ACTS[self.act]
        getattr(self.env[model].browse(self.record_id), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
