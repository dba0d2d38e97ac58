from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import (
    act_time,
    find_given,
    find_records,
    optional_text,
    require_text,
)
from ..act.declaration import act


class AftersalesVisit(models.Model):
    """When a visit takes place and who goes; every change leaves its trace."""

    _inherit = "aftersales.visit"

    @act("assign", states=("draft", "confirmed", "en_route"), role="user")
    def action_assign(self, employee_ids, ref=None):
        """Give the visit to a team; the first one leads (R-D06).

        Once confirmed only a supervisor may change the team (R-K04).

        :param employee_ids: list of ids of employees
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, employee_ids)
        """
        visits = self.sudo()
        people = self.env["hr.employee"].sudo()
        find_records(people, employee_ids, self.env._("Employees"))
        employees = people.browse(employee_ids)  # in their order: the first one leads
        if any(v._is_settled() for v in visits) and not self._is_supervisor():
            raise AccessError(
                self.env._("Only a supervisor changes the team of a confirmed visit.")
            )
        for visit in visits:
            visit._check_team(employees)
            before = visit.assignment_ids.employee_id
            visit._set_team(employees)
            visit._check_absences()
            if visit._is_settled():
                visit._hand_over(before)
        return {"employee_ids": employees.ids}

    def _is_settled(self):
        """Whether customer and team count on who comes; other rooms know more."""
        return self.state != "draft"

    def _hand_over(self, before):
        """Tasks, promises and papers go to whoever comes now (R-K04, R-H09).

        :param before: hr.employee records of the former team
        """
        after = self.assignment_ids.employee_id
        gone, new = (before - after).user_id, (after - before).user_id
        self.env["aftersales.sla.clock"].sudo()._follow(self)
        tasks = self.sudo().activity_ids
        tasks.filtered(lambda t: t.automated and t.user_id in gone).unlink()
        gone._aftersales_notify(
            self.env._("Given to a colleague"),
            [f"{self.summary}: {', '.join(after.mapped('name'))}"],
        )
        new._aftersales_assign(
            self, lambda v, env: env._("Visit: %s", v.summary), _pick_list
        )
        if self.confirmed_at:
            self._send_pick_lists(after - before)

    def _check_team(self, employees):
        """Name who can't come; the database refuses double bookings in any case."""
        foreign = employees.filtered(
            lambda e: e.company_id and e.company_id != self.company_id
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(who)s works for another company than %(visit)s.",
                    who=foreign[0].name,
                    visit=self.name,
                )
            )
        booked = self.scheduled_start and self._get_booking(employees)
        if booked:
            raise UserError(
                self.env._(
                    "%(who)s is booked on another visit at that time: %(visit)s.",
                    who=booked.employee_id.name,
                    visit=booked.visit_id.name,
                )
            )

    def _get_booking(self, employees):
        """Another booking of one of these people at the time of this visit."""
        return self.env["aftersales.visit.assignment"].search(
            [
                ("employee_id", "in", employees.ids),
                ("visit_id", "!=", self.id),
                ("start", "<", self.scheduled_stop),
                ("stop", ">", self.scheduled_start),
            ],
            limit=1,
        )

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

    @act(
        "confirm",
        states=("draft",),
        to="confirmed",
        stamp="confirmed_at",
        event="confirmed",
    )
    def action_confirm(self, ref=None):
        """Fix the appointment and send the team its pick list (R-H09).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, confirmed_at)
        :raise UserError: no time or one that is over, no address or nobody assigned
        """

    def _check_confirm(self, values):
        """All that the team needs is there."""
        self.sudo()._check_plan()

    def _after_confirm(self, values):
        """Team and customer are told."""
        visits = self.sudo()
        for visit in visits:
            users = visit.assignment_ids.employee_id.user_id
            users._aftersales_assign(
                visit, lambda v, env: env._("Visit: %s", v.summary), _pick_list
            )
        visits._sync_order({"scheduled_at": visits[:1].confirmed_at})
        visits._send_pick_lists()
        visits._send_appointment()

    def _renew_tasks(self):
        """The team's tasks say where and when the visit is now (R-H09)."""
        team = self.assignment_ids.employee_id.user_id
        todo = self.env.ref("mail.mail_activity_data_todo")
        tasks = self.activity_ids.filtered(
            lambda t: t.automated and t.activity_type_id == todo and t.user_id in team
        )
        for task in tasks:
            env = self.with_context(lang=task.user_id.lang).env
            task.write(
                {
                    "summary": env._("Visit: %s", self.with_env(env).summary),
                    "note": _pick_list(self, env),
                }
            )

    def _send_pick_lists(self, employees=None):
        """The visit sheet goes to the team by mail ahead of the visit (R-H09).

        :param employees: those of the team who haven't got it yet; empty for all
        """
        template = self.env.ref("aftersales_service.mail_template_visit_sheet")
        for visit in self:
            team = employees or visit.assignment_ids.employee_id
            people = team.user_id.partner_id | team.work_contact_id
            if visit.mode == "onsite" and people:
                template.send_mail(
                    visit.id, email_values={"recipient_ids": [(6, 0, people.ids)]}
                )

    def _check_plan(self):
        for visit in self:
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
            if visit.mode == "onsite" and visit.scheduled_stop <= fields.Datetime.now():
                raise UserError(
                    self.env._("The appointment of %s is over.", visit.name)
                )
            visit._check_quiet()
            visit._check_absences()

    def _check_quiet(self):
        """Rest and meal times need the customer's own wish (R-D05)."""
        if self.is_quiet and not self.quiet_reason:
            raise UserError(
                self.env._(
                    "%(visit)s is in the customer's rest or meal time. Say who wanted"
                    " it so, or choose another time.",
                    visit=self.name,
                )
            )

    @act("reschedule", states=("draft", "confirmed", "en_route"))
    def action_reschedule(
        self,
        start,
        stop,
        reason,
        told_by=None,
        told_at=None,
        quiet_reason=None,
        ref=None,
    ):
        """Agree another time; who told the customer, when and why is kept (R-D03).

        :param start: UTC time in the future
        :param stop: UTC time after it
        :param reason: why; required
        :param told_by: id of the user who told the customer, empty for oneself
        :param told_at: UTC time at which the customer was told, empty for now
        :param quiet_reason: who wanted a time within rest or meal hours (R-D05)
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, scheduled_start, late)
        :raise UserError: no reason, a time that can't be, rest hours, or somebody
            of the team is absent then
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self.sudo()
        start, stop = self.env["sale.order"]._parse_window(start, stop)
        told_at = act_time(self.env, told_at)
        told_by = self._check_user(told_by)
        quiet_reason = optional_text(self.env, quiet_reason, self.env._("Wanted So By"))
        for visit in visits:
            visit.quiet_reason = quiet_reason
            visit._move_to(start, stop, reason, told_by, told_at)
            visit._check_quiet()
        visits._send_appointment("mail_template_visit_moved")
        return {
            "scheduled_start": fields.Datetime.to_string(start),
            "late": visits[-1:].reschedule_ids[-1:].is_late,
        }

    def _after_reschedule(self, values):
        """What follows the new time; other addons extend this hook."""

    def _check_user(self, user_id):
        users = self.env["res.users"].sudo()  # only: does such a colleague exist
        user = find_given(users, user_id) if user_id else self.env.user
        if not user or self.company_id - user.company_ids:
            raise UserError(self.env._("Unknown user: %s", user_id))
        return user.id

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
        self.write(
            {
                "scheduled_start": start,
                "scheduled_stop": stop,
                "customer_confirmed_at": False,
            }
        )
        self._sync_order()
        self._check_absences()
        if self.confirmed_at:
            self._sla_reevaluate(reason, {"confirmed": self.confirmed_at})

    @act("cancel", states=("draft", "confirmed", "en_route"), to="cancelled")
    def action_cancel(self, reason=None, ref=None):
        """Cancel visits that will not take place.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        self.sudo()._cancel(require_text(self.env, reason, self.env._("Reason")))

    def _cancel(self, reason):
        agreed = self.filtered(lambda visit: visit._is_agreed())
        for visit in self:
            visit.assignment_ids.employee_id.user_id._aftersales_notify(
                self.env._("Visit cancelled"), [f"{visit.summary}: {reason}"]
            )
        self.write({"state": "cancelled", "outcome": reason})
        self._sla_cancel(reason)
        self.activity_ids.unlink()
        agreed._drop_appointment()


def _pick_list(visit, env):
    """What the team takes along and where it goes (R-H09)."""
    goods = [
        f"{move.product_id.display_name} × {move.product_uom_qty:g}"
        f" {move.product_uom.name}"
        for move in visit._get_pick_moves()
    ]
    head = (visit.address, visit.contact_name, visit.contact_phone)
    return "\n".join(filter(None, (*head, *goods, visit.special_requests)))
