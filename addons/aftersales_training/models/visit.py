from odoo import models


class AftersalesVisit(models.Model):
    """Commissioning visits date the training (R-T03, R-T05)."""

    _inherit = "aftersales.visit"

    def action_confirm(self):
        """The commissioning that is agreed dates the training (R-T03)."""
        result = super().action_confirm()
        self._date_training()
        return result

    def action_reschedule(
        self, start, stop, reason, told_by=None, told_at=None, quiet_reason=None
    ):
        """The training follows a commissioning that moves (R-T03)."""
        result = super().action_reschedule(
            start, stop, reason, told_by, told_at, quiet_reason
        )
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
