from odoo import models


class AftersalesAcceptance(models.Model):
    _inherit = "aftersales.acceptance"

    def _on_accepted(self):
        """The period of the training begins with the acceptance (R-A04)."""
        result = super()._on_accepted()
        for acceptance in self:
            plans = acceptance.order_id.sudo().training_plan_ids  # whoever signs
            plans._accepted(acceptance.accepted_on)
        return result
