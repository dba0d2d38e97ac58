from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase

LATER = MONDAY + timedelta(minutes=10)
IN_TIME = MONDAY + timedelta(minutes=2)


@tagged("post_install", "-at_install")
class TestLateEntry(RequestCase):
    def reply_late(self, role, enforced):
        """Answered after 2 minutes, entered after 10."""
        request = self.register()
        with self.at(LATER):
            if enforced:
                self.run_cron(CRON)
            actor = request.with_user(self.users[role])
            actor.action_reply(note="已电话答复", at=IN_TIME)
        return request, self.clocks(request)["reply"]

    def test_late_entry_stays_broken_whoever_watched(self):
        """R-S15: an agent's word doesn't correct what readers saw."""
        for enforced in (True, False):
            with self.subTest(enforced=enforced):
                request, clock = self.reply_late("agent", enforced)
                self.assertEqual(clock.state, "breached")
                self.assertEqual(clock.stopped_at, IN_TIME)
                self.assertEqual(request.coverage, "at_our_cost")

    def test_supervisor_corrects_and_leaves_a_trace(self):
        """R-S15 R-E05: by entering it oneself; the drafted admission is withdrawn."""
        request, clock = self.reply_late("supervisor", enforced=True)
        self.assertRecordValues(
            clock,
            [
                {
                    "state": "met",
                    "breached_at": False,
                    "corrected_by_id": self.users["supervisor"].id,
                    "corrected_at": LATER,
                }
            ],
        )
        self.assertNotEqual(request.coverage, "at_our_cost")
        liability = request.sudo().liability_ids
        self.assertRecordValues(
            liability, [{"state": "waived", "waive_reason": clock.correction_reason}]
        )
        told = request.message_ids.filtered(
            lambda m: clock.correction_reason in (m.body or "")
        )
        self.assertEqual(told.author_id, self.users["supervisor"].partner_id)

    def test_supervisor_corrects_afterwards_with_a_reason(self):
        """R-S15: or by confirming what an agent entered."""
        _request, clock = self.reply_late("agent", enforced=True)
        with self.at(LATER):
            for role in ("technician", "agent", "guide", "stranger"):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    clock.with_user(self.users[role]).action_correct(reason="准时")
            supervisor = clock.with_user(self.users["supervisor"])
            with self.assertRaises(UserError):
                supervisor.action_correct(reason=" ")
            self.assertEqual(
                supervisor.action_correct(reason="通话记录证明")[0]["state"], "met"
            )
            with self.assertRaises(UserError):
                supervisor.action_correct(reason="再次")

    def test_what_was_late_cannot_be_corrected(self):
        request = self.register()
        with self.at(LATER):
            request.action_reply(note="已答复")
            clock = self.clocks(request)["reply"]
            with self.assertRaises(UserError):
                clock.with_user(self.users["manager"]).action_correct(reason="准时")

    def test_report_entered_afterwards_needs_a_supervisor(self):
        """R-E05: two hours late, "answered after two minutes" is somebody's word."""
        for role, state in (("agent", "breached"), ("supervisor", "met")):
            for enforced in (False, True):
                with self.subTest(role=role, enforced=enforced):
                    with self.at(MONDAY + timedelta(hours=2)):
                        request = self.register(reported_at=MONDAY)
                        if enforced:  # between the two entries
                            self.run_cron(CRON)
                        actor = request.with_user(self.users[role])
                        actor.action_reply(note="已电话答复", at=IN_TIME)
                    self.assertEqual(self.clocks(request)["reply"].state, state)
                    supervisor = self.clocks(request)["reply"].with_user(
                        self.users["supervisor"]
                    )
                    if role == "agent":
                        supervisor.action_correct(reason="通话记录证明")
                    self.assertEqual(supervisor.state, "met")


@tagged("post_install", "-at_install")
class TestAnalysis(RequestCase):
    def test_why_this_policy(self):
        """R-S08: the filter that was met is kept with the promise."""
        urgent = self.clocks(self.register(emergency=True))["plan"]
        self.assertIn("emergency", urgent.matched_domain)

    def test_share_of_kept_promises(self):
        """R-Q03: exact though nothing was enforced; open ones don't count."""
        first, second = self.register(), self.register()
        with self.at(MONDAY + timedelta(minutes=1)):
            first.action_reply(note="好")
        with self.at(MONDAY + timedelta(minutes=4)):
            groups = self.env["aftersales.sla.clock"]._read_group(
                [("res_model", "=", first._name), ("code", "=", "reply")],
                ["team_id"],
                ["attainment:avg"],
            )
            measures = self.env["aftersales.sla.clock"].fields_get(["attainment"])
        self.assertEqual(groups, [(first.team_id, 50.0)])
        self.assertEqual(measures["attainment"]["aggregator"], "avg")
        self.assertEqual(self.clocks(second)["reply"].attainment, 0)


@tagged("post_install", "-at_install")
class TestWorkdays(RequestCase):
    def test_make_up_day_is_worked(self):
        """R-S15: a Saturday worked for a bridged holiday counts, the holiday not."""
        calendar = self.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        friday = datetime(2026, 11, 27, 8)  # 16:00 in Shanghai, an hour left
        usual = calendar._aftersales_plan(friday, 2, "hour")
        self.assertEqual(usual.date(), date(2026, 11, 30))
        workdays = self.env["aftersales.workday"]
        workday = workdays.with_user(self.users["manager"]).create(
            {"name": "国庆节调休", "date": "2026-11-28", "dayofweek": "0"}
        )
        self.assertEqual(
            calendar._aftersales_plan(friday, 2, "hour"), datetime(2026, 11, 28, 1)
        )
        saturday = datetime(2026, 11, 27, 16), datetime(2026, 11, 28, 16)
        self.assertEqual(calendar._aftersales_elapsed(*saturday), 8 * 3600)
        other = self.env["res.company"].create({"name": "别的公司"})
        workday.sudo().company_id = other
        self.assertEqual(calendar._aftersales_elapsed(*saturday), 0)
        with self.assertRaises(AccessError):
            workdays.with_user(self.users["agent"]).create(
                {"name": "调休", "date": "2026-12-05"}
            )
