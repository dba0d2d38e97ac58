from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import act_time, check_keys, require_text

CALL_POINTS = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok")
COMPLETION = ("outcome", "report", "signature", "signed_by", "rating", "at")
WITH_REVISIT = ("delivery", "installation", "repair")
REVISIT_AFTER = timedelta(days=3)


class AftersalesVisit(models.Model):
    """What technicians and planners do with a visit; each act has its time."""

    _inherit = "aftersales.visit"

    def _act(self, *states):
        """The visits with the right to record an act on them.

        :param states: states in which the act is possible
        :raise UserError: a visit is in another state
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for visit in self:
            if visit.state not in states:
                raise UserError(
                    self.env._(
                        "%(visit)s is “%(state)s”; this needs: %(states)s.",
                        visit=visit.name,
                        state=labels[visit.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )
        return self.sudo()  # state and times are readonly to clients

    def _is_supervisor(self):
        return self.env.user._is_aftersales("supervisor")

    def action_assign(self, employee_ids):
        """Give the visit to a team; the first one leads (R-D06).

        Once confirmed only a supervisor may change the team (R-K04).

        :param employee_ids: list of ids of employees
        :return: dict(id, state, employee_ids)
        """
        visits = self._act("draft", "confirmed", "en_route")
        if not self.env.user._is_aftersales("user"):
            raise AccessError(self.env._("Jobs are assigned by after-sales."))
        employees = self.env["hr.employee"].sudo().browse(employee_ids or []).exists()
        if not employees or len(employees) != len(set(employee_ids)):
            raise UserError(self.env._("Unknown employees: %s", employee_ids))
        if any(v.state != "draft" for v in visits) and not self._is_supervisor():
            raise AccessError(
                self.env._("Only a supervisor changes the team of a confirmed visit.")
            )
        for visit in visits:
            visit._set_team(employees)
        return self._get_facts() | {"employee_ids": employees.ids}

    def _set_team(self, employees):
        before = self.assignment_ids.employee_id
        self.assignment_ids.unlink()
        self.env["aftersales.visit.assignment"].create(
            [
                {
                    "visit_id": self.id,
                    "employee_id": employee.id,
                    "role": "lead" if employee == employees[:1] else "member",
                }
                for employee in employees
            ]
        )
        self._message_log(
            body=self.env._(
                "Team: %(before)s → %(after)s",
                before=", ".join(before.mapped("name")) or "–",
                after=", ".join(employees.mapped("name")),
            )
        )

    def action_confirm(self):
        """Fix the appointment and send the team its pick list (R-H09).

        :return: dict(id, state)
        :raise UserError: no time, no address or nobody assigned
        """
        visits = self._act("draft")
        now = fields.Datetime.now()
        for visit in visits:
            for missing, label in (
                (not visit.scheduled_start, self.env._("Appointment")),
                (visit.mode == "onsite" and not visit.address, self.env._("Address")),
                (not visit.assignment_ids, self.env._("Technician")),
            ):
                if missing:
                    raise UserError(
                        self.env._(
                            "%(visit)s: %(item)s is missing.",
                            visit=visit.name,
                            item=label,
                        )
                    )
        visits.write({"state": "confirmed", "confirmed_at": now})
        visits._sla_event("confirmed", now)
        for visit in visits:
            users = visit.assignment_ids.employee_id.user_id
            users._aftersales_assign(
                visit, lambda v, env: env._("Visit: %s", v.summary), _pick_list
            )
        visits.filtered(
            lambda v: v.kind in ("delivery", "installation")
        ).order_id.write({"scheduled_at": now})
        return self._get_facts()

    def action_record_call(self, vals):
        """Record the call before the visit with its five points (R-D02).

        :param vals: dict of address_ok, phone_ok, name_ok, time_ok, product_ok, note
        :return: dict(id, state, call_ok)
        """
        vals = check_keys(self.env, vals, (*CALL_POINTS, "note"))
        visits = self._act("draft", "confirmed")
        self.env["aftersales.visit.call"].sudo().create(
            [dict(vals, visit_id=v.id, user_id=self.env.uid) for v in visits]
        )
        visits.filtered("call_ok")._sla_event("called")
        return self._get_facts() | {"call_ok": all(visits.mapped("call_ok"))}

    def action_override_call(self, reason):
        """Let a visit start without its call; supervisors only (R-D02).

        :param reason: why; required
        :return: dict(id, state)
        """
        if not self._is_supervisor():
            raise AccessError(self.env._("Only a supervisor may skip the call."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self._act("confirmed")
        visits.write({"override_reason": f"{self.env.user.name}: {reason}"})
        visits._sla_cancel_code("call", reason)
        return self._get_facts()

    def _sla_cancel_code(self, code, reason):
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda c: c.code == code)._cancel(reason)

    def action_depart(self, at=None):
        """The team is on its way (R-D02: only after the call).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        visits = self._act("confirmed")
        for visit in visits:
            if visit.mode == "onsite" and not (visit.call_ok or visit.override_reason):
                raise UserError(self.env._("%s: call the customer first.", visit.name))
            moment = act_time(
                self.env, at, visit.confirmed_at, self.env._("confirmation")
            )
            visit.write({"state": "en_route", "departed_at": moment})
            visit._sla_event("departed", moment)
        return self._get_facts()

    def action_arrive(self, at=None):
        """The team is at the customer's place (R-D01).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        visits = self._act("en_route")
        for visit in visits:
            moment = act_time(self.env, at, visit.departed_at, self.env._("departure"))
            visit.write({"state": "on_site", "arrived_at": moment})
            visit._sla_event("arrived", moment)
        return self._get_facts()

    def action_complete(self, vals=None):
        """The work is done, checked and, where wanted, signed (R-D08, R-D10).

        :param vals: dict of outcome, report, signature (base64), signed_by, at,
            rating ("1" bad, "3" fair, "5" good)
        :return: dict(id, state)
        :raise UserError: mandatory items open, or transfers not validated
        """
        vals = check_keys(self.env, vals, COMPLETION)
        at = vals.pop("at", None)
        phone = all(visit.mode == "phone" for visit in self)
        visits = self._act("on_site", *(("draft", "confirmed") if phone else ()))
        for visit in visits:
            visit._check_completion()
            moment = act_time(self.env, at, visit.arrived_at, self.env._("arrival"))
            signed = {"signed_on": moment} if vals.get("signature") else {}
            visit.write(vals | signed | {"state": "done", "completed_at": moment})
            visit._sla_event("completed", moment)
            visit._on_completed()
        return self._get_facts()

    def _check_completion(self):
        todo = self.checklist_line_ids.filtered(lambda x: x.mandatory and not x.done)
        if todo:
            raise UserError(
                self.env._("Still to do: %s", ", ".join(todo.mapped("name")))
            )
        pending = self.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        if pending:
            raise UserError(
                self.env._(
                    "Validate the transfer first: %s", ", ".join(pending.mapped("name"))
                )
            )

    def _on_completed(self):
        """What follows a completed visit; other rooms extend this hook."""
        if self.kind == "revisit":
            self.origin_visit_id._sla_event("revisited", self.completed_at)
        if self.kind in WITH_REVISIT:
            self._create_revisit()

    def _create_revisit(self):
        """Ask the customer by phone how it went, three days later (R-D14)."""
        vals = {"origin_visit_id": self.id, "address_id": self.address_id.id}
        self.create(self._prepare_revisit_vals(self) | vals)

    @api.model
    def _prepare_revisit_vals(self, source, at=None):
        """Values of the call that asks how it went.

        :param source: record with the customer, order and company
        :param at: naive UTC time of the work; by default when the visit completed
        """
        start = (at or source.completed_at) + REVISIT_AFTER
        return {
            "kind": "revisit",
            "mode": "phone",
            "partner_id": source.partner_id.id,
            "order_id": source.order_id.id,
            "company_id": source.company_id.id,
            "scheduled_start": start,
            "scheduled_stop": start + timedelta(minutes=15),
        }

    def action_file_proof(self, at=None):
        """The signed proof is back at after-sales; the guide is told (R-D09).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        visits = self._act("done")
        for visit in visits:
            moment = act_time(
                self.env, at, visit.completed_at, self.env._("completion")
            )
            visit.write({"proof_filed_at": moment})
            visit._sla_event("proof_filed", moment)
            visit.order_id.user_id._aftersales_notify(
                self.env._("Delivery complete"), [visit.order_id.name, visit.summary]
            )
        return self._get_facts()

    def action_reschedule(self, start, stop, reason, told_by=None, told_at=None):
        """Agree another time; who told the customer, when and why is kept (R-D03).

        :param start: UTC time in the future
        :param stop: UTC time after it
        :param reason: why; required
        :param told_by: id of the user who told the customer, empty for oneself
        :param told_at: UTC time at which the customer was told, empty for now
        :return: dict(id, state, scheduled_start, late)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self._act("draft", "confirmed", "en_route")
        start, stop = self.env["sale.order"]._parse_window(start, stop)
        told_at = act_time(self.env, told_at)
        for visit in visits:
            visit._move_to(start, stop, reason, told_by, told_at)
        return self._get_facts() | {
            "scheduled_start": fields.Datetime.to_string(start),
            "late": visits[-1:].reschedule_ids[-1:].is_late,
        }

    def _move_to(self, start, stop, reason, told_by=None, told_at=None):
        self.env["aftersales.visit.reschedule"].create(
            {
                "visit_id": self.id,
                "old_start": self.scheduled_start,
                "old_stop": self.scheduled_stop,
                "new_start": start,
                "new_stop": stop,
                "reason": reason,
                "told_by_id": told_by or self.env.uid,
                "told_at": told_at or fields.Datetime.now(),
            }
        )
        self.write({"scheduled_start": start, "scheduled_stop": stop})
        if self.confirmed_at:
            self._sla_reevaluate(reason, {"confirmed": self.confirmed_at})

    def action_fail(self, reason):
        """The work could not go on; another time must be agreed (R-D13).

        :param reason: why; required
        :return: dict(id, state, next_visit_id)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self._act("confirmed", "en_route", "on_site")
        following = self.browse()
        for visit in visits:
            visit.write({"state": "failed", "outcome": reason})
            visit._sla_cancel(reason)
            following = visit.copy({"origin_visit_id": visit.id})
            visit._sla_recipients("supervisor")._aftersales_assign(
                following, lambda v, env: env._("Agree another time")
            )
        return self._get_facts() | {"next_visit_id": following.id}

    def action_cancel(self, reason=None):
        """Cancel visits that will not take place.

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self._act("draft", "confirmed", "en_route")._cancel(reason)
        return self._get_facts()

    def _cancel(self, reason):
        self.write({"state": "cancelled", "outcome": reason})
        self._sla_cancel(reason)
        self.activity_ids.unlink()

    def _get_facts(self):
        visit = self[-1:]
        return {"id": visit.id, "state": visit.state}


def _pick_list(visit, env):
    """What the team takes along and where it goes (R-H09)."""
    lines = visit.picking_ids.move_ids
    goods = [
        f"{line.product_id.display_name} × {line.product_uom_qty:g}" for line in lines
    ]
    head = (visit.address, visit.contact_name, visit.contact_phone)
    return "\n".join(filter(None, (*head, *goods, visit.special_requests)))
