from odoo import models


class AftersalesAcceptance(models.Model):
    _inherit = "aftersales.acceptance"

    def _on_accepted(self):
        """The period of the training begins with the acceptance (R-A04)."""
        result = super()._on_accepted()
        for acceptance in self:
            plans = acceptance.order_id.sudo().training_plan_ids  # whoever signs
            waiting = plans.filtered(lambda plan: not plan.accepted_on)
            waiting.write({"accepted_on": acceptance.accepted_on})
            waiting._sla_event("accepted", acceptance.accepted_on)
        return result
