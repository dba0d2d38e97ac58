from odoo import fields, models


class AftersalesReasonWizard(models.TransientModel):
    _inherit = "aftersales.reason.wizard"

    act = fields.Selection(
        selection_add=[
            ("cancel_session", "Cancel the Session"),
            ("undo_attendance", "Take Attendance Back"),
            ("revoke", "Revoke"),
        ],
        ondelete={
            "cancel_session": "cascade",
            "undo_attendance": "cascade",
            "revoke": "cascade",
        },
    )

    def _get_acts(self):
        """Sessions, attendance and certificates, too."""
        return super()._get_acts() | {
            "cancel_session": ("event.event", "action_cancel_session"),
            "undo_attendance": ("event.registration", "action_undo_attendance"),
            "revoke": ("aftersales.training.certificate", "action_revoke"),
        }
