"""Promises under random calendars, pauses, edits and jumps of the clock."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.sql_db import BaseCursor
from odoo.tests import tagged

from ..models.sla.sla_clock_enforce import BATCH
from .common import MONDAY
from .test_sla_calendar import CalendarCase

PERIODS = st.sampled_from([((9, 12), (13, 18)), ((0, 24),), ((8, 8.5),), ((22, 23),)])
DAYS = st.sampled_from(["01234", "0123456", "2", "56"])
STEP = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 3000)),
    st.tuples(st.just("pause"), st.just(0)),
    st.tuples(st.just("resume"), st.just(0)),
    st.tuples(st.just("stop"), st.integers(0, 60)),
    st.tuples(st.just("empty"), st.just(0)),
    st.tuples(st.just("hours"), st.integers(1, 23)),
    st.tuples(st.just("holiday"), st.integers(-1, 5)),
    st.tuples(st.just("workday"), st.integers(0, 7)),
)
PROMISE = st.fixed_dictionaries(
    {
        "limit_unit": st.sampled_from(["minute", "hour", "day", "day_end"]),
        "limit_value": st.integers(1, 40),
        "warn_at": st.sampled_from(["", "50,80", "1,50,99", "80"]),
    }
)
QUERIES = 150  # of one run of the scheduler for one promise


@tagged("post_install", "-at_install")
class TestSlaProperty(CalendarCase):
    @settings(
        max_examples=20,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(PERIODS, DAYS, st.booleans(), PROMISE, st.lists(STEP, max_size=8))
    def test_each_level_once_in_bounded_work(self, periods, days, hours, terms, steps):
        """R-S15 R-S16: whatever happens to hours and clock, each level is told once."""
        savepoint = self.env.cr.savepoint()
        with (
            freeze_time(MONDAY, tick=False) as self.frozen,
            patch.object(BaseCursor, "now", lambda _cr: fields.Datetime.now()),
        ):
            self.calendar = self.create_calendar(periods, days)
            self.policy.calendar_id = hours and self.calendar
            self.policy.target_ids.write(terms)
            clock = self.start()
            for name, number in steps:
                deadline = clock.deadline
                getattr(self, f"step_{name}")(clock, number)
                if name != "resume" and not clock.stopped_at:
                    self.assertEqual(clock.deadline, deadline)
                self.check_run(clock)
            if clock.recorded_state == "paused":
                self.step_resume(clock, 0)
            self.step_wait(clock, 400 * 24 * 60)
            self.check_run(clock)
            self.check_end(clock)
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.env.invalidate_all()

    def check_run(self, clock):
        """The scheduler works once; afterwards nothing is left for it."""
        before = self.env.cr.sql_log_count
        clocks = self.env["aftersales.sla.clock"]
        clocks._enforce_due(BATCH)
        self.assertEqual(clocks._enforce_due(BATCH), 0)
        self.assertLess(self.env.cr.sql_log_count - before, QUERIES)
        self.env.invalidate_all()
        now = fields.Datetime.now()
        self.assertTrue(not clock.next_check_at or clock.next_check_at > now)
        self.assertEqual(clock.state, clock.recorded_state)
        if clock.recorded_state == "running":
            due = [level for level, at in clock._get_checkpoints() if at <= now]
            self.assertGreaterEqual(clock.escalated_level, max(due, default=0))

    def check_end(self, clock):
        """Broken or kept, by the deadline and nothing else; everybody told once."""
        late = not clock.stopped_at or clock.stopped_at > clock.deadline
        self.assertEqual(clock.state, "breached" if late else "met")
        levels = clock.escalation_ids.mapped("level")
        self.assertEqual(levels, sorted(set(levels)))
        self.assertEqual(levels.count(100), int(late or bool(clock.corrected_at)))
        activities = self.env["mail.activity"].search([("sla_clock_id", "=", clock.id)])
        self.assertEqual(len(activities), len(levels) if late else 0)

    def step_wait(self, _clock, minutes):
        self.frozen.move_to(fields.Datetime.now() + timedelta(minutes=minutes))

    def step_pause(self, clock, _number):
        if clock.state == "running":
            clock._get_record().action_sla_pause(reason="等客户")

    def step_resume(self, clock, _number):
        if clock.state == "paused":
            clock._get_record().action_sla_resume()

    def step_stop(self, clock, minutes):
        at = fields.Datetime.now() - timedelta(minutes=minutes)
        clock._get_record()._sla_event("t_replied", max(at, MONDAY))

    def step_empty(self, _clock, _number):
        self.calendar.attendance_ids.unlink()

    def step_hours(self, _clock, hour):
        rows = self.calendar.attendance_ids[:3]
        rows.write({"hour_from": hour, "hour_to": hour + 0.5})

    def step_holiday(self, _clock, days):
        begin = fields.Datetime.now() + timedelta(days=days)
        self.create_leave(
            begin, begin + timedelta(days=2), calendar_id=self.calendar.id
        )

    def step_workday(self, _clock, days):
        day = fields.Date.add(fields.Datetime.now().date(), days=days)
        workdays = self.env["aftersales.workday"]
        if not workdays.search([("date", "=", day)]):
            workdays.create({"name": "调休", "date": day})
