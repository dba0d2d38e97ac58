from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import act_on, act_time, require_text

SHORTEST = timedelta(days=1)  # a follow-up has at least so long


class AftersalesMeasure(models.Model):
    """What becomes of a measure: done, looked at, followed by another (R-C04)."""

    _inherit = "aftersales.measure"

    def _act(self, *states):
        """The measures with the right to record an act on them.

        :raise UserError: a measure is in another state
        """
        return act_on(self, states)

    def _get_facts(self):
        measure = self[-1:]
        return {"id": measure.id, "state": measure.state}

    def action_done(self, note=None, at=None):
        """The measure is carried out.

        :param note: what was done; required
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        note = require_text(self.env, note, self.env._("What Was Done"))
        for measure in self._act("open"):
            label = self.env._("agreement")
            moment = act_time(self.env, at, measure.agreed_at, label)
            days = timedelta(days=measure.company_id.aftersales_effect_days)
            measure.write(
                {
                    "state": "done",
                    "done_at": moment,
                    "done_note": note,
                    "effect_due_at": max(measure.effect_due_at, moment + days),
                }
            )
            measure._sla_event("done", moment)
            measure._finish_tasks(note)
        return self._get_facts()

    def _finish_tasks(self, note):
        tasks = self.activity_ids.filtered(lambda a: not a.sla_clock_id)
        tasks.action_feedback(feedback=note)

    def action_check_effect(self, effective, note=None, at=None):
        """Say whether the measure had an effect; not by its owner (R-C04).

        What had none is followed by a new measure with the same owner, and the
        supervisor is told.

        :param effective: bool
        :param note: how it was found out; required
        :param at: UTC time, empty for now
        :return: dict(id, state, next_measure_id), the last one False when it worked
        :raise UserError: it isn't done yet, or its effect is known already
        """
        note = require_text(self.env, note, self.env._("Effect"))
        if any(measure.user_id == self.env.user for measure in self):
            raise AccessError(self.env._("Its owner doesn't judge a measure."))
        following = self.browse()
        for measure in self._act("done"):
            moment = act_time(
                self.env, at, measure.done_at, self.env._("carrying out the measure")
            )
            measure.write(
                {
                    "state": "effective" if effective else "ineffective",
                    "effect_checked_at": moment,
                    "effect_note": note,
                    "effect_user_id": self.env.uid,
                }
            )
            measure._sla_event("effect_checked", moment)
            if not effective:
                following = measure._follow_up(note)
        return self._get_facts() | {"next_measure_id": following.id}

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

    def action_postpone(self, due_at=None, reason=None):
        """Another due date; supervisors only, with a reason.

        :param due_at: UTC time to come; required
        :param reason: why; required
        :return: dict(id, state)
        """
        if not self.env.user._is_aftersales("supervisor"):
            raise AccessError(self.env._("Only a supervisor postpones a measure."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        try:
            due = fields.Datetime.to_datetime(due_at)
        except (TypeError, ValueError):
            due = None
        if not due or due <= fields.Datetime.now():
            raise UserError(self.env._("“%s” is not a time to come.", due_at or ""))
        for measure in self._act("open"):
            measure.write({"due_at": due})
            measure._sla_reevaluate(reason, {"agreed": measure.agreed_at})
            measure._message_log(body=self.env._("Postponed: %s", reason))
        return self._get_facts()

    def action_cancel(self, reason=None):
        """The measure isn't needed; supervisors only, with a reason.

        :param reason: why; required
        :return: dict(id, state)
        """
        if not self.env.user._is_aftersales("supervisor"):
            raise AccessError(self.env._("Only a supervisor cancels a measure."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        for measure in self._act("open"):
            measure.write({"state": "cancelled", "cancel_reason": reason})
            measure._sla_cancel(reason)
            measure.activity_ids.unlink()
        return self._get_facts()
