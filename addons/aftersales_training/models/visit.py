from odoo import models


class AftersalesVisit(models.Model):
    """Commissioning visits date the training (R-T03, R-T05)."""

    _inherit = "aftersales.visit"

    def _after_confirm(self, values):
        """The commissioning that is agreed dates the training (R-T03)."""
        result = super()._after_confirm(values)
        self._date_training()
        return result

    def _after_reschedule(self, values):
        """The training follows a commissioning that moves (R-T03)."""
        result = super()._after_reschedule(values)
        self._date_training()
        return result

    def _date_training(self):
        for visit in self.sudo():  # planners of visits may not write plans
            plans = visit.order_id.training_plan_ids
            if visit.kind == "commissioning" and visit.scheduled_start:
                plans._start_commissioning(visit.scheduled_start)

    def _on_completed(self):
        """After the commissioning the handover meeting is due (R-T05)."""
        result = super()._on_completed()
        plans = self.sudo().order_id.training_plan_ids  # technicians complete
        waiting = plans.filtered(lambda p: not (p.is_cancelled or p.commissioned_at))
        if self.kind == "commissioning" and waiting:
            waiting._commissioned(self.completed_at)
        return result
