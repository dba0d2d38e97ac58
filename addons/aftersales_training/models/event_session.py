from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.aftersales_service.concurrency import serialize
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import require_text

from ..tools import future_time
from .training_plan import LIVE

WEEK = timedelta(days=7)
OPEN = ("proposed", "chosen", "confirmed")


class EventEvent(models.Model):
    """What happens to a training session, from the proposal to its make-up."""

    _inherit = "event.event"

    def _ensure_session(self, *states):
        """An act is possible on these sessions, and the user's to do.

        :param states: states in which the act is possible; none: all but cancelled
        :raise AccessError: neither after-sales nor the trainer of the session
        :raise UserError: no training session, or one in another state
        """
        self._ensure_organiser()
        serialize(self)
        possible = states or (*OPEN, "done")
        labels = dict(self._fields["aftersales_state"]._description_selection(self.env))
        for event in self.sudo():
            if not event.aftersales_plan_id:
                raise UserError(self.env._("%s is no training session.", event.name))
            if event.aftersales_state not in possible:
                raise UserError(
                    self.env._(
                        "%(session)s is “%(state)s”; this needs: %(states)s.",
                        session=event.name,
                        state=labels[event.aftersales_state],
                        states=", ".join(labels[state] for state in possible),
                    )
                )

    def _ensure_organiser(self):
        """Sessions are run by after-sales and their trainers."""
        user = self.env.user
        if not (self.env.su or user._is_aftersales("user")):
            own = self.sudo().aftersales_trainer_id.user_id
            if own != user or not all(self.sudo().mapped("aftersales_trainer_id")):
                raise AccessError(self.env._("Only its organisers run a session."))

    def _get_session_facts(self):
        event = self.sudo()[-1:]
        return {"id": event.id, "state": event.aftersales_state}

    # ------------------------------------------------------------------
    # Proposing, choosing, confirming
    # ------------------------------------------------------------------

    def _propose_at(self, start):
        """Move a proposal with its anchor; without one it waits in the archive."""
        self.ensure_one()
        if start and start != self.date_begin:
            length = self.date_end - self.date_begin
            self.write({"date_begin": start, "date_end": start + length})
        if self.active != bool(start):
            self.active = bool(start)

    def _record_choice(self, start, stop, place, chosen_by, channel):
        """The customer decides date and place; asked again to confirm (R-T04)."""
        self.ensure_one()
        event = self.sudo()
        serialize(event.aftersales_plan_id)
        event.aftersales_plan_id._act_check_states(LIVE)
        start, stop = self.env["sale.order"]._parse_window(start, stop)
        place = require_text(self.env, place, self.env._("Place"))
        chosen_by = require_text(self.env, chosen_by, self.env._("Chosen by"))
        held = any(r.state == "done" for r in event.registration_ids)
        if held or event.aftersales_state in ("done", "cancelled"):
            raise UserError(self.env._("%s is over already.", event.name))
        self.env["aftersales.training.choice"].sudo().create(
            {
                "event_id": event.id,
                "start": start,
                "stop": stop,
                "place": place,
                "chosen_by": chosen_by,
                "channel": channel,
            }
        )
        event.write(
            {
                "date_begin": start,
                "date_end": stop,
                "aftersales_place": place,
                "aftersales_chosen_by": chosen_by,
                "aftersales_chosen_at": fields.Datetime.now(),
                "aftersales_state": "chosen",
            }
        )
        told = {"place": place, "chosen_by": chosen_by, "channel": channel}
        event._act_log("choose", told | {"start": start, "stop": stop})
        event._log_choice(channel)

    def _log_choice(self, channel):
        plan = self.aftersales_plan_id
        zone = self.company_id.aftersales_tz
        text = self.env._(
            "%(who)s chose %(session)s: %(start)s, %(place)s",
            who=self.aftersales_chosen_by,
            session=self.name,
            start=format_datetime(self.env, self.date_begin, tz=zone),
            place=self.aftersales_place,
        )
        plan._message_log(body=text)
        if channel == "portal":
            users = plan.user_id or plan._sla_recipients("supervisor")
            users._aftersales_assign(
                plan,
                lambda p, env: env._("Confirm the training session"),
                lambda *_: text,
            )

    @act("confirm_session", access="read")
    def action_confirm_session(self, ref=None):
        """Confirm what the customer has chosen and tell the customer (R-T04).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        :raise UserError: the customer has not decided on date and place yet
        """
        events = self.sudo()
        stage = self.env.ref("event.event_stage_announced", raise_if_not_found=False)
        events.write(
            {"aftersales_state": "confirmed"}
            | ({"stage_id": stage.id} if stage else {})
        )
        template = self.env.ref("aftersales_training.mail_template_session")
        for event in events:
            if event.aftersales_plan_id._get_contact().email:
                event.message_post_with_source(
                    template, subtype_xmlid="mail.mt_comment"
                )
        return self._get_session_facts()

    def _check_confirm_session(self, values):
        self._ensure_organiser()
        for event in self.sudo().filtered(lambda e: e.aftersales_state == "proposed"):
            raise UserError(event._get_undecided_text())
        self._ensure_session("chosen")

    @act("cancel_session", access="read")
    def action_cancel_session(self, reason, ref=None):
        """Cancel a session that will not be held.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        events = self.sudo()
        for event in events:
            if event.aftersales_attended_count:
                raise UserError(self.env._("%s is over already.", event.name))
            event._message_log(body=self.env._("Cancelled: %s", reason))
        events._cancel_sessions()
        return self._get_session_facts()

    def _check_cancel_session(self, values):
        self._ensure_session(*OPEN)

    def _cancel_sessions(self):
        """What hasn't been held isn't held any more; its people are free again."""
        open_ = self.filtered(
            lambda e: e.aftersales_state in OPEN and not e.aftersales_attended_count
        )
        open_.registration_ids.filtered(lambda r: r.state == "open").write(
            {"state": "cancel"}
        )
        open_.write({"aftersales_state": "cancelled", "kanban_state": "cancel"})

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------

    @act("close_session", access="read")
    def action_close_session(self, ref=None):
        """The session is over: who isn't marked has missed it (R-T07).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, attended, missed)
        :raise UserError: it has not begun
        """
        events = self.sudo()
        for event in events:
            if event.date_begin > fields.Datetime.now():
                raise UserError(self.env._("%s has not begun yet.", event.name))
        events._close_sessions()
        return self._get_session_facts() | {
            "attended": events[-1:].aftersales_attended_count,
            "missed": events[-1:].aftersales_missed_count,
        }

    def _check_close_session(self, values):
        self._ensure_session(*OPEN)

    def _held_at(self, moment):
        """The handover meeting ended at a moment (naive UTC); it isn't planned now."""
        for event in self.filtered(lambda e: e.aftersales_state != "cancelled"):
            length = event.date_end - event.date_begin
            event.write(
                {
                    "date_begin": min(event.date_begin, moment - length),
                    "date_end": moment,
                    "aftersales_state": "done",
                    "aftersales_closed_at": moment,
                }
            )

    def _close_sessions(self):
        now = fields.Datetime.now()
        self.write({"aftersales_state": "done", "aftersales_closed_at": now})
        missed = self.filtered(
            lambda e: e.aftersales_counts and e.aftersales_missed_count
        )
        for event in missed:
            plan = event.aftersales_plan_id
            users = plan.user_id or plan._sla_recipients("supervisor")
            missed = event._get_missed().mapped("name")
            users._aftersales_assign(
                plan,
                lambda p, env, event=event: env._("Plan a make-up: %s", event.name),
                lambda *_, missed=missed: ", ".join(missed),
            )

    @act("plan_make_up", access="read")
    def action_plan_make_up(self, start=None, ref=None):
        """Another session for those who missed this one or failed its test (R-T01).

        A retried call returns the same session.

        :param start: UTC time that is proposed; by default a week from now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, people): the make-up session
        :raise UserError: nobody missed it, or it is not over
        """
        self.ensure_one()
        event = self.sudo()
        make_up = event.aftersales_make_up_ids.filtered(
            lambda e: e.aftersales_state != "cancelled"
        )
        missed = event._get_missed_still()
        if not (make_up or missed):
            raise UserError(self.env._("Nobody has to make up for %s.", event.name))
        if not make_up:
            begin = event._get_make_up_start()
            if start:
                begin = future_time(self.env, start)
            make_up = event.create(event._prepare_make_up_vals(begin))
            missed._register_in(make_up)
        return make_up._get_session_facts() | {"people": len(make_up.registration_ids)}

    def _check_plan_make_up(self, values):
        self._ensure_session("done")

    def _get_missed_still(self):
        """Who missed it and hasn't passed the same session elsewhere."""
        same = self.aftersales_plan_id.event_ids.filtered(
            lambda e: e.aftersales_template_id == self.aftersales_template_id
        )
        passed = same.registration_ids.filtered(
            lambda r: r.state == "done" and r.aftersales_result != "failed"
        )
        keys = set(passed.mapped("aftersales_person_key"))
        return self._get_missed().filtered(
            lambda r: r.aftersales_person_key not in keys
        )

    def _get_make_up_start(self):
        company = self.company_id
        local = company._aftersales_to_local(self.date_begin)
        day = company._aftersales_now_local().date() + WEEK
        return company._aftersales_at(day, local.hour + local.minute / 60)

    def _prepare_make_up_vals(self, begin):
        plan, template = self.aftersales_plan_id, self.aftersales_template_id
        return plan._prepare_event_vals(template, begin) | {
            "name": self.env._("%s (make-up)", self.name),
            "date_end": begin + (self.date_end - self.date_begin),
            "aftersales_make_up_of_id": self.id,
            "aftersales_trainer_id": self.aftersales_trainer_id.id,
            "aftersales_content": self.aftersales_content,
            "aftersales_counts": self.aftersales_counts,
            "aftersales_survey_id": self.aftersales_survey_id.id,
            "aftersales_pass_mark": self.aftersales_pass_mark,
        }

    @api.model
    def _cron_close_sessions(self):
        """Close the sessions that have ended; who missed them is raised."""
        ended = self.search(
            [
                ("aftersales_state", "in", ("chosen", "confirmed")),
                ("date_end", "<", fields.Datetime.now()),
            ],
            limit=500,
        )
        ended._close_sessions()
        ended._act_log("close_session")
