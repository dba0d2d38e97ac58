from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


@tagged("post_install", "-at_install")
class TestGivenUp(RequestCase):
    """Promises don't vanish unseen, and none is broken twice."""

    def count_told(self, request):
        return self.env["mail.activity"].search_count(
            [
                ("res_model", "=", request._name),
                ("res_id", "=", request.id),
                ("user_id", "=", self.users["supervisor"].id),
                ("summary", "ilike", self.users["agent"].name),
            ]
        )

    def test_supervisor_learns_who_calmed_it(self):
        """R-S15: an agent alone frees nobody of a promise."""
        calming = (
            lambda r: r.write({"emergency": False}),
            lambda r: r.write({"type": "inquiry"}),
            lambda r: r.write({"type": "complaint"}),
            lambda r: r.write({"type": "suggestion", "emergency": False}),
            lambda r: r.action_cancel(reason="误报"),
        )
        for number, act in enumerate(calming):
            for role, told in (("agent", 1), ("supervisor", 0)):
                with self.subTest(act=number, role=role):
                    request = self.register(emergency=True)
                    act(request.with_user(self.users[role]))
                    self.assertEqual(self.count_told(request), told)

    def test_more_time_is_told_too(self):
        """R-S07: who takes it for worse gives himself twice the time."""
        request = self.register()
        self.repair_until_arrived(request)
        with self.at(MONDAY + timedelta(minutes=21)):
            agent = request.with_user(self.users["agent"])
            agent.action_raise_severity(severity="major")
            self.assertEqual(self.count_told(request), 1)
            agent.action_raise_severity(severity="general")
            self.assertEqual(self.count_told(request), 1, "less time is no relief")

    def repair_until_arrived(self, request):
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=1)):
            agent.action_reply(note="已电话指导")
            agent.action_dispatch(employee_ids=self.technician.ids)
        with self.at(MONDAY + timedelta(minutes=20)):
            agent.action_arrive()

    def test_what_isn_t_urgent_disturbs_nobody(self):
        """R-S15: an inquiry that becomes a fault, an emergency that is declared."""
        request = self.register(type="inquiry")
        agent = request.with_user(self.users["agent"])
        agent.write({"type": "fault"})
        agent.write({"emergency": True})
        self.assertFalse(self.count_told(request))

    def test_overdue_promise_is_broken_once_whatever_it_is_taken_for(self):
        """R-S08 R-S10: emergency on and off, other kind and back, hours later."""
        for enforced in (False, True):
            with self.subTest(enforced=enforced):
                request = self.register()
                with self.at(MONDAY + timedelta(minutes=10)):
                    if enforced:
                        self.run_cron(CRON)
                    agent = request.with_user(self.users["agent"])
                    for vals in (
                        {"emergency": True},
                        {"emergency": False},
                        {"type": "complaint"},
                        {"type": "fault"},
                    ):
                        agent.write(vals)
                    self.run_cron(CRON)
                reply = request.sudo().sla_clock_ids.filtered(
                    lambda c: c.code == "reply" and c.state != "cancelled"
                )
                self.assertEqual(reply.mapped("state"), ["breached"])
                self.assertEqual(len(reply.escalation_ids), 1)
                liabilities = request.sudo().liability_ids
                self.assertEqual(liabilities.clock_id & reply, reply)

    def test_more_time_starts_anew_beside_what_is_broken(self):
        """R-S07: a major fault has 60 minutes; the 30 stay broken."""
        request = self.register()
        self.repair_until_arrived(request)
        with self.at(MONDAY + timedelta(minutes=55)):
            request.with_user(self.users["agent"]).action_raise_severity("major")
            clocks = request.sudo().sla_clock_ids.filtered(
                lambda c: c.code == "restore"
            )
            self.assertEqual(clocks.mapped("state"), ["breached", "running"])
            self.assertEqual(clocks[1].deadline, MONDAY + timedelta(minutes=80))

    def test_pause_survives_another_kind_in_between(self):
        """R-S16: complaint, return, complaint: what was waited counts."""
        for waits in (True, False):
            with self.subTest(waits=waits):
                request = self.register(type="complaint")
                agent = request.with_user(self.users["agent"])
                due = self.clocks(request)["resolve"].deadline
                with self.at(MONDAY + timedelta(hours=1)):
                    agent.action_sla_pause(reason="等客户寄回")
                with self.at(MONDAY + timedelta(hours=3)):
                    if not waits:
                        agent.action_sla_resume()
                with self.at(MONDAY + timedelta(hours=4)):
                    agent.write({"type": "return"})
                    self.assertNotIn("resolve", self.clocks(request))
                with self.at(MONDAY + timedelta(hours=6)):
                    agent.write({"type": "complaint"})
                    clock = self.clocks(request)["resolve"]
                    self.assertEqual(clock.state, "paused" if waits else "running")
                    if waits:
                        agent.action_sla_resume()
                    waited = timedelta(hours=5 if waits else 2)
                    self.assertEqual(clock.deadline, due + waited)
                    self.assertEqual(clock.pause_ids[:1].reason, "等客户寄回")


@tagged("post_install", "-at_install")
class TestLateReport(RequestCase):
    """A report that is entered afterwards."""

    def test_history_is_no_report(self):
        """R-S01: 1900 is a slip, last year is history; last week is a letter."""
        for at in ("1900-01-01 00:00:00", "2020-05-01 08:00:00", "2025-11-01 00:00:00"):
            with self.subTest(at=at):
                for role in ("agent", "guide", "manager"):
                    with self.assertRaisesRegex(UserError, "history"):
                        self.register(role=role, reported_at=at)
                model = self.env["aftersales.request"].with_user(self.users["agent"])
                with self.assertRaisesRegex(UserError, "history"):
                    model.create({"problem": "不能升降", "reported_at": at})
        week = MONDAY - timedelta(days=7)
        self.assertEqual(self.register(reported_at=week).reported_at, week)

    def test_reference_of_a_cancelled_request_registers_anew(self):
        """R-S01: no report ends in a request that nobody works on."""
        first = self.register(client_ref="call-17")
        first.action_cancel(reason="误报")
        second = self.register(client_ref="call-17")
        self.assertNotEqual(second, first)
        self.assertEqual(second.state, "new")
        self.assertEqual(self.register(client_ref="call-17"), second)
        second.action_cancel(reason="又是误报")
        self.assertNotIn(self.register(client_ref="call-17"), first + second)

    def test_registered_as_something_else_first(self):
        """R-E05: the agent's word keeps no promise of before the report was entered."""
        with self.at(MONDAY + timedelta(hours=2)):
            request = self.register(type="inquiry", reported_at=MONDAY)
            agent = request.with_user(self.users["agent"])
            agent.action_reply(note="已电话答复", at=MONDAY + timedelta(minutes=1))
            agent.write({"type": "fault"})
            self.assertEqual(self.clocks(request)["reply"].state, "breached")
