from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import act_time, require_text

OPEN = ("new", "assigned", "replied", "dispatched", "on_site")
# act → states in which it is possible
ALLOWED = {
    "assign": OPEN,
    "reply": ("new", "assigned"),
    # late is late, but it can be recorded
    "plan": (*OPEN, "restored", "reported"),
    "solve": ("new", "assigned", "replied"),
    "dispatch": ("replied",),
    "leave": ("dispatched",),
    "arrive": ("dispatched",),
    "raise": OPEN,
    "check": ("assigned", "replied", "dispatched", "on_site"),
    "take_back": ("replied", "on_site"),
    "restore": ("on_site",),
    "restore_here": ("replied", "on_site"),
    "exchange": (*OPEN, "restored", "reported"),
    "forward": ("new", "assigned", "replied"),
    "sign": ("restored", "reported"),
    "report": ("restored", "reported"),
    "close": ("new", "assigned", "replied", "restored", "reported"),
    "cancel": OPEN,
}


class AftersalesRequest(models.Model):
    """What people do about a request: each act has its time, order and right."""

    _inherit = "aftersales.request"

    def _act(self, act):
        """The requests with the right to record an act on them.

        :raise UserError: a request is in a state in which the act is impossible
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state not in ALLOWED[act]:
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s”; this is possible in: %(states)s.",
                        request=request.name,
                        state=labels[request.state],
                        states=", ".join(labels[state] for state in ALLOWED[act]),
                    )
                )
        return self.sudo()  # state and times are readonly to clients

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

    def action_assign(self, employee_ids, at=None):
        """Name who takes care; they are told at once (R-S04).

        :param employee_ids: list of ids of employees
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        employees = self._get_employees(employee_ids)
        for request in self._act("assign"):
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

    def action_reply(self, note, at=None):
        """The customer was answered (R-S03).

        :param note: what was said; required
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        note = require_text(self.env, note, self.env._("Note"))
        for request in self._act("reply"):
            request._record(
                "replied",
                at,
                request.reported_at,
                self.env._("report"),
                state="replied",
                user_id=request.user_id.id or self.env.uid,
            )
            request._message_log(body=self.env._("Answered: %s", note))
        return self._get_facts("replied_at")

    def action_plan(self, text, at=None):
        """The repair plan of an emergency (R-S08).

        :param text: the plan; required
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        text = require_text(self.env, text, self.env._("Repair plan"))
        for request in self._act("plan"):
            request._record(
                "planned", at, request.reported_at, self.env._("report"), plan_text=text
            )
            request._message_log(body=self.env._("Repair plan: %s", text))
        return self._get_facts("planned_at")

    def action_resolve_by_phone(self, vals, at=None):
        """Solved by guidance on the phone: no visit is needed (R-S05).

        :param vals: dict(cause, measures), both required
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        vals = vals if isinstance(vals, dict) else {}
        cause = require_text(self.env, vals.get("cause"), self.env._("Cause"))
        measures = require_text(self.env, vals.get("measures"), self.env._("Measures"))
        for request in self._act("solve"):
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

    def action_dispatch(self, employee_ids, at=None):
        """Send engineers; their visit is created (R-S05).

        :param employee_ids: list of ids of employees
        :param at: UTC time, empty for now
        :return: dict(id, state, visit_id)
        """
        employees = self._get_employees(employee_ids)
        visits = self.env["aftersales.visit"].sudo()
        for request in self._act("dispatch"):
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
            "partner_id": self.partner_id.id or self.company_id.partner_id.id,
            "contact_name": self.contact_name,
            "contact_phone": self.phone,
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "lot_ids": [fields.Command.set(self.lot_id.ids)],
        }

    def action_leave(self, at=None):
        """The engineer sets off to the customer.

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        for request in self._act("leave"):
            label = self.env._("dispatch")
            moment = act_time(self.env, at, request.dispatched_at, label)
            visits = request._get_open_repairs().filtered(lambda v: v.state == "draft")
            visits.write({"state": "en_route", "departed_at": moment})
        return self._get_facts()

    def _get_open_repairs(self):
        """Repair visits that engineers are sent on and haven't begun."""
        return self.visit_ids.filtered(
            lambda v: v.kind == "repair" and v.state in ("draft", "en_route")
        )

    def action_arrive(self, at=None):
        """The engineer is there (R-S06).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        for request in self._act("arrive"):
            moment = request._record(
                "arrived",
                at,
                request.dispatched_at,
                self.env._("dispatch"),
                state="on_site",
            )
            vals = {"state": "on_site", "arrived_at": moment}
            request._get_open_repairs().write(vals)
        return self._get_facts("arrived_at")

    def action_raise_severity(self, severity):
        """Found to be worse, or less bad, on site: other limits apply (R-S07).

        :param severity: "general" or "major"
        :return: dict(id, state, severity)
        """
        self._check_selections({"severity": severity})
        for request in self._act("raise"):
            if request.severity != severity:
                request.write({"severity": severity})
                request._reevaluate(
                    self.env._("Severity changed by %s", self.env.user.name)
                )
        return self._get_facts() | {"severity": severity}

    def action_restore(self, cause, measures, at=None):
        """It works again (R-S07).

        :param cause: what was wrong; required
        :param measures: what was done; required
        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        measures = require_text(self.env, measures, self.env._("Measures"))
        here = self.filtered("is_taken_along")
        for request in here._act("restore_here") + (self - here)._act("restore"):
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

    def action_view_visits(self):
        """Open the visits of this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_action"
        )
        return action | {"domain": [("request_id", "=", self.id)], "context": {}}
