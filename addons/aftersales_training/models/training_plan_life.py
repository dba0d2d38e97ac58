from odoo import fields, models

EVENING = 18.0  # local hour at which a commissioning entered by its date has ended


class AftersalesTrainingPlan(models.Model):
    """From the acceptance to the last person trained."""

    _inherit = "aftersales.training.plan"

    def _cancel(self, reason):
        """The contract is cancelled: what hasn't begun isn't held."""
        self.write({"is_cancelled": True})
        self.event_ids._cancel_sessions()
        self._sla_cancel(reason)

    def _revive(self):
        """The cancelled contract is confirmed after all."""
        for plan in self.filtered("is_cancelled"):
            order = plan.order_id
            plan.write(
                {
                    "is_cancelled": False,
                    "headcount": max(order.training_headcount, plan.booked_count),
                    "training_days": order.training_days,
                }
            )
            plan._propose_sessions()

    def _accepted(self, at):
        """The period of the training begins (R-A04, R-T06).

        :param at: naive UTC time of the acceptance
        """
        waiting = self.filtered(lambda p: not (p.accepted_on or p.is_cancelled))
        waiting.write({"accepted_on": at})
        waiting._sla_event("accepted", at)
        waiting._propose_sessions()
        waiting._check_all_trained()

    def _follow_acceptance(self):
        """The goods were accepted before anybody planned the training."""
        for plan in self:
            dates = plan.order_id.acceptance_ids.mapped("accepted_on")
            if any(dates):
                plan._accepted(min(filter(None, dates)))

    def _start_commissioning(self, at):
        """A commissioning is agreed or moved (R-T03).

        :param at: naive UTC time at which it begins
        """
        for plan in self.filtered(lambda p: not (p.is_cancelled or p.commissioned_at)):
            day = plan.company_id._aftersales_to_local(at).date()
            end = plan.commissioning_end
            plan.write(
                {
                    "commissioning_start": day,
                    "commissioning_end": max(end, day) if end else False,
                }
            )

    def _commissioned(self, at):
        """Commissioning is done: the handover meeting is due (R-T05)."""
        for plan in self:
            day = plan.company_id._aftersales_to_local(at).date()
            start = min(plan.commissioning_start or day, day)
            plan.commissioned_at = at
            plan.write({"commissioning_start": start, "commissioning_end": day})
            plan._sla_event("commissioned", at)

    def _recommission(self):
        """The end of a commissioning was corrected: so is the promise that follows."""
        for plan in self.sudo().filtered("commissioned_at"):
            company, end = plan.company_id, plan.commissioning_end
            if end == company._aftersales_to_local(plan.commissioned_at).date():
                continue
            now = fields.Datetime.now()
            at = end and company._aftersales_at(end, EVENING)
            if end == company._aftersales_to_local(now).date():
                at = min(at, now)
            plan.commissioned_at = at if at and at <= now else False
            if not plan.handover_held_at:
                reason = self.env._("The end of the commissioning was corrected")
                plan._sla_cancel_code("handover", reason)
            if plan.commissioned_at:
                plan._sla_event("commissioned", plan.commissioned_at)

    def _sla_cancel_code(self, code, reason):
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda c: c.code == code)._cancel(reason)

    def _check_all_trained(self):
        """The promise is kept as soon as nobody is missing (R-T01)."""
        done = self.filtered(lambda p: not (p.missing_count or p.is_cancelled))
        done.sudo()._sla_event("all_trained")

    def _follow_liaison(self, before=None):
        """The liaison follows the plan from now, the former no longer (R-T08).

        :param before: dict of plan → former liaison
        """
        for plan in self:
            former = (before or {}).get(plan)
            if former and former != plan.liaison_id:
                plan.message_unsubscribe(former.ids)
            plan.message_subscribe(plan.liaison_id.ids)
        self.sudo().event_ids._register_liaison()
