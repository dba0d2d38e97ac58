from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..act.declaration import act
from .hr_employee import naive_utc

HORIZON = timedelta(days=14)
MOVABLE = ("draft", "confirmed")


class AftersalesVisit(models.Model):
    """The customer confirms or chooses the time by a link (R-H06, R-D01)."""

    _inherit = "aftersales.visit"

    customer_confirmed_at = fields.Datetime(
        string="Confirmed by the Customer", readonly=True, copy=False, portal=True
    )

    @act("send_appointment", states=MOVABLE)
    def action_send_appointment(self, ref=None):
        """Send the customer the link to confirm, choose or move the appointment.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, url)
        :raise UserError: the visit is over, or the customer has no address
        """
        visits = self.sudo()
        for visit in visits:
            if not visit.partner_id.email:
                raise UserError(
                    self.env._("%s has no e-mail address.", visit.partner_id.name)
                )
        visits._send_appointment()
        return {"url": visits[-1:].get_portal_url()}

    def _send_appointment(self, template="mail_template_visit_appointment"):
        source = self.env.ref(f"aftersales_service.{template}")
        for visit in self:
            visit._portal_ensure_token()
            if visit.mode == "onsite" and visit.partner_id.email:
                visit.message_post_with_source(source, subtype_xmlid="mail.mt_comment")

    @act("customer_confirm", states=MOVABLE, stamp="customer_confirmed_at")
    def action_customer_confirm(self, ref=None):
        """The customer agrees to the appointment as it is.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, scheduled_start)
        :raise UserError: no appointment, one that is over, or the visit is
        """
        visits = self.sudo()
        for visit in visits:
            if (
                not visit.scheduled_start
                or visit.scheduled_start < fields.Datetime.now()
            ):
                raise UserError(
                    self.env._("%s has no appointment to come.", visit.name)
                )
        visits._log(self.env._("The customer confirmed."))
        return {
            "scheduled_start": fields.Datetime.to_string(visits[-1:].scheduled_start)
        }

    def get_free_windows(self):
        """Times that the customer may choose: somebody is free, no rest hours.

        :return: list of dict(start, stop), UTC strings, of the coming 14 days
        """
        self.ensure_one()
        self.check_access("read")
        return [
            {
                "start": fields.Datetime.to_string(start),
                "stop": fields.Datetime.to_string(stop),
            }
            for start, stop in self.sudo()._find_free_windows()
        ]

    def _get_window_choices(self):
        """The free windows as the customer reads them.

        :return: list of (day, list of (UTC start, text)) in the company's time zone
        """
        zone, env = self.company_id.aftersales_tz, self.env
        days = {}
        for start, stop in self._find_free_windows():
            day = format_datetime(env, start, tz=zone, dt_format="EEEE, d MMMM")
            first, last = (
                format_datetime(env, moment, tz=zone, dt_format="HH:mm")
                for moment in (start, stop)
            )
            choice = (fields.Datetime.to_string(start), f"{first} – {last}")
            days.setdefault(day, []).append(choice)
        return list(days.items())

    @act("choose_window", states=MOVABLE, stamp="customer_confirmed_at")
    def action_choose_window(self, start, reason=None, ref=None):
        """The customer takes one of the free windows.

        :param start: UTC start of a window of ``get_free_windows``
        :param reason: why the time changes, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, scheduled_start)
        :raise UserError: the window is no longer free
        """
        self.ensure_one()
        visit = self.sudo()
        windows = {
            fields.Datetime.to_string(window[0]): window
            for window in visit._find_free_windows()
        }
        if not isinstance(start, str) or start not in windows:
            raise UserError(self.env._("This time is no longer free."))
        visit._agree(*windows[start], reason or self.env._("Chosen by the customer"))
        return {"scheduled_start": fields.Datetime.to_string(visit.scheduled_start)}

    @api.constrains("scheduled_start", "scheduled_stop", "mode", "state")
    def _meet_rivals(self):
        """Two customers at once don't take the last free technician."""
        promised = self.sudo().filtered(
            lambda visit: (
                visit.scheduled_start
                and visit.scheduled_stop
                and visit.state in MOVABLE
                and (visit.mode == "onsite" or visit.assignment_ids)
            )
        )
        self.env["aftersales.visit.hour"]._take(promised)

    def _agree(self, start, stop, reason):
        """Take over an agreed time, by the order where there is one."""
        if self.order_id and self.state == "draft" and not self.scheduled_start:
            # the customer has no rights on the order: the link speaks for the guide
            order = self.order_id.with_user(SUPERUSER_ID)
            order.action_record_contact(start, stop, reason)
        else:
            self._move_to(start, stop, reason)

    # ------------------------------------------------------------------
    # Who is free when
    # ------------------------------------------------------------------

    def _find_free_windows(self):
        """Windows of the company's working time with somebody free for this visit.

        :return: list of (start, stop), naive UTC
        """
        windows = self._get_windows()
        if not windows:
            return []
        people = self.assignment_ids.employee_id or self._get_technicians()
        busy = self._get_busy(people, windows[0][0], windows[-1][1])
        busy += people._get_aftersales_off_windows(windows)
        unassigned = self._get_unassigned(windows[0][0], windows[-1][1])
        needed = len(self.assignment_ids) or 1
        return [
            window
            for window in windows
            if len(people) - _overlapping(busy, window, people.ids)
            >= needed + (not self.assignment_ids) * _overlapping(unassigned, window)
        ]

    def _get_first_window(self):
        """Windows are offered from here on: naive UTC, by default from tomorrow on."""
        return self.company_id._aftersales_day_end(fields.Datetime.now())

    def _get_windows(self):
        """Working time from tomorrow on, cut into windows, rest hours left out."""
        company = self.company_id
        first = self._get_first_window()
        span = [pytz.utc.localize(m) for m in (first, first + HORIZON)]
        calendar = company.resource_calendar_id
        work = calendar._work_intervals_batch(*span)[False] if calendar else ()
        length = timedelta(hours=company.aftersales_window_hours)
        windows = []
        for begin, end, _records in work:
            start, end = naive_utc(begin), naive_utc(end)
            while start + length <= end:
                if not company._aftersales_is_quiet(start, start + length):
                    windows.append((start, start + length))
                start += length
        return windows

    def _get_technicians(self):
        """Those whose job it is; supervisors may, but don't go by plan."""
        group = self.env.ref("aftersales_service.group_aftersales_technician")
        return self.env["hr.employee"].search(
            [
                ("user_id", "in", group.user_ids.ids),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _get_busy(self, people, start, stop):
        """(employee id, start, stop) of other visits and time off."""
        booked = self.env["aftersales.visit.assignment"].search(
            [
                ("employee_id", "in", people.ids),
                ("visit_id", "!=", self.id),
                ("start", "<", stop),
                ("stop", ">", start),
            ]
        )
        by_resource = {person.resource_id: person.id for person in people}
        leaves = self.env["resource.calendar.leaves"]._get_of_resources(
            people.resource_id, start, stop
        )
        return [(a.employee_id.id, a.start, a.stop) for a in booked] + [
            (by_resource[x.resource_id], x.date_from, x.date_to) for x in leaves
        ]

    def _get_unassigned(self, start, stop):
        """(visit id, start, stop) of agreed visits that have nobody yet."""
        visits = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("mode", "=", "onsite"),
                ("state", "=", "draft"),
                ("assignment_ids", "=", False),
                ("scheduled_start", "<", stop),
                ("scheduled_stop", ">", start),
            ]
        )
        return [(v.id, v.scheduled_start, v.scheduled_stop) for v in visits]

    def _get_ics(self):
        """The appointment for the customer's own calendar."""
        self.ensure_one()
        event = self.env["calendar.event"].new(
            {
                "name": f"{self.company_id.name}: {self.name}",
                "start": self.scheduled_start,
                "stop": self.scheduled_stop,
                "location": self.address,
                "description": self.contact_phone,
            }
        )
        return event._get_ics_file()[event.id]


def _overlapping(rows, window, keys=None):
    """How many different keys of (key, start, stop) rows touch a window."""
    start, stop = window
    return len(
        {
            key
            for key, begin, end in rows
            if begin < stop and end > start and (keys is None or key in keys)
        }
    )
