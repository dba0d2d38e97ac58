from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .sla_common import SlaCase

CRON = "aftersales_service.ir_cron_enforce_clocks"
DEADLINE = datetime(2026, 11, 24, 2)  # Tuesday, 10:00 in Shanghai


class CalendarCase(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar()
        cls.policy.calendar_id = cls.calendar
        cls.policy.target_ids.write({"limit_unit": "hour", "limit_value": 8})

    @classmethod
    def create_calendar(cls, periods=((9, 12), (13, 18)), days="01234"):
        return cls.env["resource.calendar"].create(
            {
                "name": "周一至周五",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"{day} {begin}",
                                "dayofweek": day,
                                "hour_from": begin,
                                "hour_to": end,
                                "day_period": "morning" if begin < 12 else "afternoon",
                            }
                        )
                        for day in days
                        for begin, end in periods
                    ),
                ],
            }
        )

    def create_leave(self, begin, end, **vals):
        vals = {"name": "放假", "date_from": begin, "date_to": end, **vals}
        return self.env["resource.calendar.leaves"].create(vals)


@tagged("post_install", "-at_install")
class TestSlaCalendar(CalendarCase):
    """A calendar that is edited while promises run in it."""

    def edits(self):
        """Ways to take Monday's afternoon away."""
        afternoon = self.calendar.attendance_ids.filtered(
            lambda a: a.dayofweek == "0" and a.hour_from == 13
        )
        begin, end = MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=8)
        return {
            "hours deleted": afternoon.unlink,
            "hours changed": lambda: afternoon.write({"dayofweek": "5"}),
            "hours through the calendar": lambda: self.calendar.write(
                {"attendance_ids": [Command.unlink(afternoon.id)]}
            ),
            "holiday of the calendar": lambda: self.create_leave(
                begin, end, calendar_id=self.calendar.id
            ),
            "holiday of the company": lambda: self.create_leave(
                begin, end, company_id=self.company.id
            ),
        }

    def test_warning_follows_and_the_deadline_stays(self):
        """R-S15: warned at the new moment; what was promised isn't touched."""
        for name in self.edits():
            with self.subTest(edit=name), self.env.cr.savepoint() as savepoint:
                clock = self.start()
                self.assertEqual(clock.deadline, DEADLINE)
                self.assertEqual(clock.next_check_at, MONDAY + timedelta(hours=5))
                with self.at(MONDAY + timedelta(hours=1)):
                    self.edits()[name]()
                    self.run_cron(CRON)
                    self.assertEqual(clock.escalation_ids.mapped("level"), [50])
                    self.assertTrue(clock.at_risk)
                self.assertEqual(clock.deadline, DEADLINE)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_warning_that_moves_away_is_not_told_too_early(self):
        """R-S15: a holiday that is taken back, a day that is worked."""
        monday = MONDAY + timedelta(hours=-2), MONDAY + timedelta(hours=9)
        holiday = self.create_leave(*monday, calendar_id=self.calendar.id)
        with self.at(MONDAY - timedelta(days=3)):  # Friday, 10:00
            clock = self.start()
            self.assertEqual(clock.deadline, datetime(2026, 11, 24, 2))
            self.assertEqual(clock.next_check_at, datetime(2026, 11, 20, 7))
            holiday.unlink()
            self.run_cron(CRON)
            self.assertEqual(clock.next_check_at, datetime(2026, 11, 23, 7))
            self.env["aftersales.workday"].with_user(self.users["manager"]).create(
                {"name": "调休", "date": "2026-11-21"}
            )
        with self.at(MONDAY):
            self.run_cron(CRON)
            self.assertFalse(clock.escalation_ids)

    def test_what_concerns_nobody_wakes_nobody(self):
        """R-S15: a person's leave, another calendar, another company's holiday."""
        clock = self.start()
        other = self.create_calendar()
        person = self.technician.resource_id
        begin, end = MONDAY, MONDAY + timedelta(hours=9)
        self.create_leave(
            begin, end, calendar_id=self.calendar.id, resource_id=person.id
        )
        self.create_leave(begin, end, calendar_id=other.id)
        other.attendance_ids[:1].unlink()
        self.assertEqual(clock.next_check_at, MONDAY + timedelta(hours=5))
        stranger = self.env["res.company"].create({"name": "北京分公司"})
        self.create_leave(begin, end).company_id = stranger
        self.assertEqual(self.start().deadline, DEADLINE)

    def test_used_hours_are_not_deleted(self):
        """R-S15: a promise in working hours never turns into one around the clock."""
        self.start()
        for archived in (False, True):
            self.policy.active = not archived
            with (
                self.subTest(archived=archived),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.calendar.unlink()


@tagged("post_install", "-at_install")
class TestSlaNoHours(CalendarCase):
    """A calendar without an hour to count."""

    def test_policy_refuses_it(self):
        """R-S15: it says which one, and what would be right."""
        empty = self.create_calendar(periods=())
        breaks = self.create_calendar()
        breaks.attendance_ids.day_period = "lunch"
        flexible = self.create_calendar()
        flexible.flexible_hours = True
        for calendar in (empty, breaks, flexible):
            with self.assertRaisesRegex(ValidationError, "周一至周五.*24 hours"):
                self.policy.calendar_id = calendar

    def test_emptied_later_nothing_falls_due_at_once(self):
        """R-S15: what is promised then counts around the clock."""
        running = self.start()
        self.calendar.attendance_ids.unlink()
        self.run_cron(CRON)
        self.assertFalse(running.escalation_ids)
        self.assertEqual(running.next_check_at, DEADLINE - timedelta(hours=4))
        for unit, value, hours in (("minute", 30, 0.5), ("hour", 8, 8), ("day", 2, 48)):
            with self.subTest(unit=unit):
                self.policy.target_ids.write({"limit_unit": unit, "limit_value": value})
                clock = self.start()
                self.assertEqual(clock.deadline, MONDAY + timedelta(hours=hours))
                self.assertEqual(
                    clock.next_check_at, MONDAY + timedelta(hours=hours / 2)
                )

    def test_holidays_without_end_and_no_hours_per_day(self):
        """R-S15: hours that are all taken away count like no hours."""
        self.create_leave(
            MONDAY, MONDAY + timedelta(days=3650), calendar_id=self.calendar.id
        )
        self.assertEqual(self.start().deadline, MONDAY + timedelta(hours=8))
        self.calendar.hours_per_day = 0
        self.policy.target_ids.limit_unit = "day"
        self.assertEqual(self.start().deadline, MONDAY + timedelta(days=8))

    def test_emptied_while_it_waits(self):
        """R-S16: resumed, what was left is left."""
        clock = self.start()
        visit = clock._get_record()
        visit.action_sla_pause(reason="等客户")
        self.calendar.attendance_ids.unlink()
        with self.at(MONDAY + timedelta(days=7)):
            visit.action_sla_resume()
        self.assertEqual(clock.deadline, DEADLINE + timedelta(days=7))

    def test_pause_outside_working_hours(self):
        """R-S16: a day's end on a Saturday isn't over because somebody waited."""
        self.policy.target_ids.write({"limit_unit": "day_end", "limit_value": 0})
        with self.at("2026-11-28 02:00:00"):  # Saturday, 10:00
            clock = self.start()
            visit = clock._get_record()
            visit.action_sla_pause(reason="等客户")
        with self.at("2026-11-28 03:00:00"):
            visit.action_sla_resume()
            self.assertEqual(clock.state, "running")
            self.assertEqual(clock.deadline, datetime(2026, 11, 28, 16, 59, 59))
