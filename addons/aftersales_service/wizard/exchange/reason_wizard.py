from odoo import fields, models


class AftersalesReasonWizard(models.TransientModel):
    _inherit = "aftersales.reason.wizard"

    act = fields.Selection(
        selection_add=[
            ("ask_refund", "Ask for a Refund"),
            ("approve_refund", "Approve the Refund"),
            ("refuse_refund", "Refuse the Refund"),
            ("cancel_exchange", "Cancel the Exchange"),
        ],
        ondelete={
            "ask_refund": "cascade",
            "approve_refund": "cascade",
            "refuse_refund": "cascade",
            "cancel_exchange": "cascade",
        },
    )

    def _get_acts(self):
        """Refunds and exchanges, too (R-X03)."""
        return super()._get_acts() | {
            "ask_refund": ("aftersales.request", "action_ask_refund"),
            "approve_refund": ("aftersales.request", "action_approve_refund"),
            "refuse_refund": ("aftersales.request", "action_refuse_refund"),
            "cancel_exchange": ("aftersales.exchange", "action_cancel"),
        }
