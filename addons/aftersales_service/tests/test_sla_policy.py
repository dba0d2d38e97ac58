from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .sla_common import SlaCase


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCase):
    def test_limits_by_unit(self):
        """R-H04 R-S11 R-C02: minutes, hours, days and the end of a local day."""
        cases = [
            ("minute", 3, MONDAY + timedelta(minutes=3)),
            ("hour", 3, MONDAY + timedelta(hours=3)),
            ("day", 7, MONDAY + timedelta(days=7)),
            ("day_end", 0, datetime(2026, 11, 23, 15, 59, 59)),
            ("day_end", 1, datetime(2026, 11, 24, 15, 59, 59)),
        ]
        for unit, value, deadline in cases:
            with self.subTest(unit=unit, value=value):
                self.policy.target_ids.write({"limit_unit": unit, "limit_value": value})
                self.assertEqual(self.start().deadline, deadline)

    def test_agreed_moment_is_the_deadline(self):
        """R-D01: the promise ends at the moment agreed with the customer."""
        self.policy.target_ids.write(
            {"limit_unit": "moment", "moment": "scheduled_start", "limit_value": 0}
        )
        clock = self.start(
            scheduled_start="2026-11-25 01:00:00", scheduled_stop="2026-11-25 03:00:00"
        )
        self.assertEqual(clock.deadline, datetime(2026, 11, 25, 1))
        self.assertFalse(self.start(), "no promise while nothing is agreed")

    def test_moved_moment_keeps_history(self):
        """R-D03: the deadline follows the new time; the old promise stays visible."""
        self.policy.target_ids.write(
            {"limit_unit": "moment", "moment": "scheduled_start", "limit_value": 0}
        )
        visit = self.start(
            scheduled_start="2026-11-25 01:00:00", scheduled_stop="2026-11-25 03:00:00"
        )._get_record()
        visit.write(
            {
                "scheduled_start": "2026-11-26 01:00:00",
                "scheduled_stop": "2026-11-26 03:00:00",
            }
        )
        visit._sla_reevaluate("customer away", {"t_reported": MONDAY})
        self.assertRecordValues(
            visit.sla_clock_ids.sorted("id"),
            [
                {"state": "cancelled", "cancel_reason": "customer away"},
                {"state": "running", "cancel_reason": False},
            ],
        )
        self.assertEqual(visit.sla_deadline, datetime(2026, 11, 26, 1))

    def test_working_hours_are_counted(self):
        """R-S15: a calendar counts its hours only, leaves excluded."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "周一至周五 9-12 13-18",
                "tz": "Asia/Shanghai",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": day,
                            "dayofweek": day,
                            "hour_from": begin,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day in "01234"
                    for begin, end, period in (
                        (9, 12, "morning"),
                        (13, 18, "afternoon"),
                    )
                ],
            }
        )
        self.policy.write({"calendar_id": calendar.id})
        self.policy.target_ids.write({"limit_unit": "hour", "limit_value": 9})
        # 10:00 + 2 h, lunch, 5 h until 18:00, 2 h on Tuesday → 11:00
        clock = self.start()
        self.assertEqual(clock.deadline, datetime(2026, 11, 24, 3))
        self.assertEqual(clock.risk_at, datetime(2026, 11, 23, 7, 30))
        with self.at("2026-11-23 09:30:00"):  # 17:30
            clock._get_record().action_sla_pause(reason="waiting")
        with self.at("2026-11-24 01:30:00"):  # 9:30 next day: 1 h was counted
            clock._get_record().action_sla_resume()
        self.assertEqual(clock.deadline, datetime(2026, 11, 24, 4))

    def test_first_policy_that_fits_gives_each_code(self):
        """R-S08: a special policy only lists what it changes."""
        self.create_policy(
            domain="[('kind', '=', 'repair')]",
            sequence=10,
            code="reply",
            start_event="t_reported",
            stop_event="t_replied",
            limit_value=3,
        )
        self.create_policy(
            code="arrive",
            start_event="t_reported",
            stop_event="t_arrived",
            limit_value=60,
        )
        repair = self.start(kind="repair")
        other = self.start(kind="delivery")
        self.assertEqual(
            sorted((c.code, c.limit_seconds) for c in repair),
            [("arrive", 3600), ("reply", 180)],
        )
        self.assertEqual(
            sorted((c.code, c.limit_seconds) for c in other),
            [("arrive", 3600), ("reply", 1800)],
        )

    def test_reclassified_record_gets_new_terms_from_the_same_event(self):
        """R-S07: raised severity re-bases the clock; the old one is kept."""
        self.create_policy(
            domain="[('kind', '=', 'repair')]",
            sequence=10,
            code="reply",
            start_event="t_reported",
            stop_event="t_replied",
            limit_value=60,
        )
        clock = self.start(kind="delivery")
        visit = clock._get_record()
        with self.at(MONDAY + timedelta(minutes=10)):
            visit.kind = "repair"
            visit._sla_reevaluate("raised to repair", {"t_reported": MONDAY})
            self.assertEqual(clock.state, "cancelled")
            self.assertEqual(visit.sla_deadline, MONDAY + timedelta(minutes=60))

    def test_running_clock_keeps_the_limit_it_was_started_with(self):
        clock = self.start()
        self.policy.target_ids.limit_value = 5
        self.assertEqual(clock.deadline, MONDAY + timedelta(minutes=30))
        self.assertEqual(self.start().deadline, MONDAY + timedelta(minutes=5))

    def test_policy_of_another_company_is_not_ours(self):
        other = self.env["res.company"].create({"name": "北京分公司"})
        self.policy.company_id = other
        self.assertFalse(self.start())
        self.assertTrue(self.start(company_id=other.id))

    def test_bad_policies_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Test promises"):
            self.policy.domain = "[('no_such_field', '=', 1)]"
        with self.assertRaisesRegex(ValidationError, "Test promises"):
            self.policy.domain = "import os"
        for warn_at in ("abc", "0,50", "50,100", "-3"):
            with self.assertRaisesRegex(ValidationError, "percentages"):
                self.policy.target_ids.warn_at = warn_at
        with self.assertRaisesRegex(ValidationError, "agreed moment"):
            self.policy.target_ids.limit_unit = "moment"

    def test_limit_must_be_positive(self):
        for value in (0, -3):
            with (
                self.subTest(value=value),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                self.policy.target_ids.limit_value = value
                self.env.flush_all()
