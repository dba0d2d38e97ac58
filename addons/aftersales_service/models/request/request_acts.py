from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import act_time, require_text
from ..act.declaration import act

OPEN = ("new", "assigned", "replied", "dispatched", "on_site")
UNDER_WAY = (*OPEN, "restored", "reported")


class AftersalesRequest(models.Model):
    """What people do about a request: each act has its time, order and right."""

    _inherit = "aftersales.request"

    def _record(self, event, at, after, step, **vals):
        """Write one act of one request and announce it.

        :param event: name for the promise ledger; its time is kept in <event>_at
        :param after: naive UTC time of the preceding act
        :return: the moment recorded
        """
        moment = act_time(self.env, at, after, step)
        self.write({f"{event}_at": moment, **vals})
        self._sla_event(event, moment)
        return moment

    def _record_assigned(self, moment):
        """Whoever is sent, or solves it, is the named person (R-S04)."""
        if not self.assigned_at:
            self._record("assigned", moment, self.reported_at, self.env._("report"))

    def _get_employees(self, employee_ids):
        """The employees who are assigned or sent, by after-sales only (R-K04)."""
        if not self.env.user._is_aftersales("user"):
            raise AccessError(self.env._("Jobs are assigned by after-sales."))
        numbers = isinstance(employee_ids, list | tuple) and all(
            type(number) is int for number in employee_ids
        )
        ids = set(employee_ids) if numbers else ()
        employees = self.env["hr.employee"].sudo().browse(ids).exists()
        if not employees or len(employees) != len(ids):
            raise UserError(self.env._("Unknown employees: %s", employee_ids))
        return employees

    @act("assign", states=OPEN, role="user")
    def action_assign(self, employee_ids, at=None, ref=None):
        """Name who takes care; they are told at once (R-S04).

        :param employee_ids: list of ids of employees
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        employees = self._get_employees(employee_ids)
        for request in self.sudo():
            request._check_may_reassign(self.env.user)
            vals = {"employee_ids": [fields.Command.set(employees.ids)]}
            if request.state == "new":
                vals["state"] = "assigned"
            if not request.user_id:
                vals["user_id"] = employees.user_id[:1].id
            label = self.env._("report")
            moment = act_time(self.env, at, request.reported_at, label)
            before = request.employee_ids
            request.write(vals)
            request._record_assigned(moment)
            request._reassign_visits(before, employees)
            names = ", ".join(employees.mapped("name"))
            request._message_log(body=self.env._("Assigned to %s", names))
            employees.user_id._aftersales_assign(
                request, lambda r, env: env._("Take care of: %s", r.problem[:60])
            )
        return self._get_facts("assigned_at")

    @act(
        "reply",
        states=("new", "assigned"),
        to="replied",
        stamp="replied_at",
        after="reported_at",
        event="replied",
    )
    def action_reply(self, note, at=None, ref=None):
        """The customer was answered (R-S03).

        :param note: what was said; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        note = require_text(self.env, note, self.env._("Note"))
        requests = self.sudo()
        requests.filtered(lambda r: not r.user_id).user_id = self.env.user
        requests._log(self.env._("Answered: %s", note))

    @act(
        "plan",
        states=UNDER_WAY,  # late is late, but it can be recorded
        stamp="planned_at",
        after="reported_at",
        event="planned",
    )
    def action_plan(self, text, at=None, ref=None):
        """The repair plan of an emergency (R-S08).

        :param text: the plan; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        text = require_text(self.env, text, self.env._("Repair plan"))
        self.sudo().plan_text = text
        self.sudo()._log(self.env._("Repair plan: %s", text))

    @act("solve", states=("new", "assigned", "replied"))
    def action_resolve_by_phone(self, vals, at=None, ref=None):
        """Solved by guidance on the phone: no visit is needed (R-S05).

        :param vals: dict(cause, measures), both required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        vals = vals if isinstance(vals, dict) else {}
        cause = require_text(self.env, vals.get("cause"), self.env._("Cause"))
        measures = require_text(self.env, vals.get("measures"), self.env._("Measures"))
        for request in self.sudo():
            label = self.env._("report")
            moment = act_time(self.env, at, request.reported_at, label)
            if not request.user_id:
                request.user_id = self.env.uid
            request._record_assigned(moment)
            if not request.replied_at:  # who solves it has answered
                request._record("replied", moment, request.reported_at, label)
            request._sla_event("dispatched", moment)
            request._record(
                "restored",
                moment,
                request.replied_at,
                self.env._("answer"),
                state="restored",
                by_phone=True,
                cause_note=cause,
                measures=measures,
            )
            request._sla_cancel_waiting("arrived", self.env._("Solved by phone"))
            request._on_restored(moment)
        return self._get_facts("restored_at")

    def _sla_cancel_waiting(self, event, reason):
        """Promises that wait for an event that will not come any more."""
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda c: c.stop_event == event)._cancel(reason)

    @act("dispatch", states=("replied",), role="user")
    def action_dispatch(self, employee_ids, at=None, ref=None):
        """Send engineers; their visit is created (R-S05).

        :param employee_ids: list of ids of employees
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, visit_id)
        """
        employees = self._get_employees(employee_ids)
        visits = self.env["aftersales.visit"].sudo()
        for request in self.sudo():
            moment = request._record(
                "dispatched",
                at,
                request.replied_at,
                self.env._("answer"),
                state="dispatched",
                employee_ids=[fields.Command.set(employees.ids)],
            )
            request._record_assigned(moment)
            visits = visits.create(request._prepare_visit_vals())
            visits._set_team(employees)
            employees.user_id._aftersales_assign(
                visits, lambda v, env: env._("Repair: %s", v.request_id.display_name)
            )
        return self._get_facts("dispatched_at") | {"visit_id": visits.id}

    def _prepare_visit_vals(self):
        """Values of the repair visit; without a time: at once."""
        self.ensure_one()
        return {
            "kind": "repair",
            "request_id": self.id,
            "partner_id": self._get_customer().id,
            "contact_name": self.contact_name,
            "contact_phone": self.phone,
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "lot_ids": [fields.Command.set(self.lot_id.ids)],
        }

    @act("leave", states=("dispatched",), after="dispatched_at")
    def action_leave(self, at=None, ref=None):
        """The engineer sets off to the customer.

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        for request in self.sudo():
            moment = request._act_at()
            visits = request._get_open_repairs().filtered(lambda v: v.state == "draft")
            visits.write({"state": "en_route", "departed_at": moment})

    def _get_open_repairs(self):
        """Repair visits that engineers are sent on and haven't begun."""
        return self.visit_ids.filtered(
            lambda v: v.kind == "repair" and v.state in ("draft", "en_route")
        )

    @act(
        "arrive",
        states=("dispatched",),
        to="on_site",
        stamp="arrived_at",
        after="dispatched_at",
        event="arrived",
    )
    def action_arrive(self, at=None, ref=None):
        """The engineer is there (R-S06).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        for request in self.sudo():
            vals = {"state": "on_site", "arrived_at": request._act_at()}
            request._get_open_repairs().write(vals)

    @act("raise", states=OPEN)
    def action_raise_severity(self, severity, ref=None):
        """Found to be worse, or less bad, on site: other limits apply (R-S07).

        :param severity: "general" or "major"
        :return: dict(id, state, severity)
        """
        self._check_selections({"severity": severity})
        for request in self.sudo():
            if request.severity != severity:
                request.write({"severity": severity})
                request._reevaluate(
                    self.env._("Severity changed by %s", self.env.user.name)
                )
        return {"severity": severity}

    @act("restore", states=("replied", "on_site"))
    def action_restore(self, cause, measures, at=None, ref=None):
        """It works again (R-S07).

        :param cause: what was wrong; required
        :param measures: what was done; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        measures = require_text(self.env, measures, self.env._("Measures"))
        for request in self.sudo():
            moment = request._record(
                "restored",
                at,
                request.arrived_at or request.repair_ids[:1].taken_at,
                self.env._("arrival"),
                state="restored",
                cause_note=cause,
                measures=measures,
            )
            for visit in request.visit_ids.filtered(lambda v: v.state == "on_site"):
                visit.write(
                    {"state": "done", "completed_at": moment, "outcome": measures}
                )
                visit._sla_event("completed", moment)
                visit._on_completed()
            request._on_restored(moment)
        return self._get_facts("restored_at")

    def _get_facts(self, *names):
        request = self[-1:]
        return {"id": request.id, "state": request.state} | {
            name: fields.Datetime.to_string(request[name]) for name in names
        }

    def _check_restore(self, values):
        """Only what was taken along is repaired without anybody being there."""
        self.filtered(lambda r: not r.is_taken_along)._act_check_states(("on_site",))

    def action_view_visits(self):
        """Open the visits of this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_action"
        )
        return action | {"domain": [("request_id", "=", self.id)], "context": {}}
