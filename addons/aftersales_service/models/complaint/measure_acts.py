from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import require_text
from ..act.declaration import act

SHORTEST = timedelta(days=1)  # a follow-up has at least so long


class AftersalesMeasure(models.Model):
    """What becomes of a measure: done, looked at, followed by another (R-C04)."""

    _inherit = "aftersales.measure"

    @act(
        "done",
        states=("open",),
        to="done",
        stamp="done_at",
        after="agreed_at",
        event="done",
    )
    def action_done(self, note=None, at=None, ref=None):
        """The measure is carried out.

        :param note: what was done; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        note = require_text(self.env, note, self.env._("What Was Done"))
        for measure in self.sudo():
            moment = measure._act_at()
            days = timedelta(days=measure.company_id.aftersales_effect_days)
            measure.write(
                {
                    "done_note": note,
                    "effect_due_at": max(measure.effect_due_at, moment + days),
                }
            )
            measure._finish_tasks(note)

    def _finish_tasks(self, note):
        tasks = self.activity_ids.filtered(lambda a: not a.sla_clock_id)
        tasks.action_feedback(feedback=note)

    @act(
        "check_effect",
        states=("done",),
        stamp="effect_checked_at",
        after="done_at",
        event="effect_checked",
    )
    def action_check_effect(self, effective, note=None, at=None, ref=None):
        """Say whether the measure had an effect; not by its owner (R-C04).

        What had none is followed by a new measure with the same owner, and the
        supervisor is told.

        :param effective: bool
        :param note: how it was found out; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_measure_id), the last one False when it worked
        :raise UserError: it isn't done yet, or its effect is known already
        """
        note = require_text(self.env, note, self.env._("Effect"))
        if any(measure.user_id == self.env.user for measure in self):
            raise AccessError(self.env._("Its owner doesn't judge a measure."))
        following = self.browse()
        for measure in self.sudo():
            measure.write(
                {
                    "state": "effective" if effective else "ineffective",
                    "effect_note": note,
                    "effect_user_id": self.env.uid,
                }
            )
            if not effective:
                following = measure._follow_up(note)
        return {"next_measure_id": following.id}

    def _follow_up(self, note):
        """Another measure instead of the one without effect."""
        now = fields.Datetime.now()
        following = self.create(
            {
                "name": self.name,
                "kind": self.kind,
                "request_id": self.request_id.id,
                "employee_id": self._get_next_owner().id,
                "origin_measure_id": self.id,
                "due_at": now + max(self.due_at - self.agreed_at, SHORTEST),
            }
        )
        self._sla_recipients("supervisor")._aftersales_assign(
            following,
            lambda m, env: env._("No effect, agree on another measure: %s", m.name),
            lambda m, env: note,
        )
        return following

    def _get_next_owner(self):
        """The same owner; the department's manager when he left."""
        employee = self.employee_id
        manager = employee.department_id.manager_id
        return employee if employee.active or not manager else manager

    @act("postpone", states=("open",), role="supervisor")
    def action_postpone(self, due_at=None, reason=None, ref=None):
        """Another due date; supervisors only, with a reason.

        :param due_at: UTC time to come; required
        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        try:
            due = fields.Datetime.to_datetime(due_at)
        except (TypeError, ValueError):
            due = None
        if not due or due <= fields.Datetime.now():
            raise UserError(self.env._("“%s” is not a time to come.", due_at or ""))
        for measure in self.sudo():
            measure.due_at = due
            measure._sla_reevaluate(reason, {"agreed": measure.agreed_at})
            measure._message_log(body=self.env._("Postponed: %s", reason))

    @act("cancel", states=("open",), to="cancelled", role="supervisor")
    def action_cancel(self, reason=None, ref=None):
        """The measure isn't needed; supervisors only, with a reason.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for measure in self.sudo():
            measure.cancel_reason = reason
            measure._sla_cancel(reason)
            measure.activity_ids.unlink()
