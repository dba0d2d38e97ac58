from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY
from .sla_common import SlaCase


@tagged("post_install", "-at_install")
class TestSlaClock(SlaCase):
    def test_event_starts_clock_with_deadline(self):
        """R-S15: the limit counts from the event, to the second."""
        clock = self.start()
        self.assertRecordValues(
            clock,
            [
                {
                    "code": "reply",
                    "state": "running",
                    "started_at": MONDAY,
                    "deadline": MONDAY + timedelta(minutes=30),
                    "remaining_seconds": 1800,
                    "clause": "R-S03",
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_same_event_twice_starts_one_clock(self):
        visit = self.create_visits()
        visit._sla_event("t_reported")
        visit._sla_event("t_reported")
        self.assertEqual(len(visit.sla_clock_ids), 1)

    def test_stop_on_the_deadline_is_kept(self):
        """R-S03: "within 30 minutes" includes the last second."""
        clock = self.start()
        with self.at(MONDAY + timedelta(minutes=30)):
            self.assertEqual(clock.state, "running")
            clock._get_record()._sla_event("t_replied")
            self.assertEqual((clock.state, clock.remaining_seconds), ("met", 0))

    def test_late_act_is_a_breach_though_nobody_watched(self):
        """R-S15: late is late even when no scheduled action has run."""
        clock = self.start()
        with self.at(MONDAY + timedelta(minutes=30, seconds=1)):
            clock._get_record()._sla_event("t_replied")
            self.assertEqual(clock.state, "breached")
            self.assertEqual(clock.breached_at, MONDAY + timedelta(minutes=30))
            self.assertEqual(clock.remaining_seconds, -1)
            self.assertEqual(clock.escalation_ids.level, 100)

    def test_act_entered_later_with_its_true_time_is_kept(self):
        clock = self.start()
        with self.at(MONDAY + timedelta(minutes=40)):
            clock._get_record()._sla_event("t_replied", at=MONDAY)
            self.assertEqual(clock.state, "met")

    def test_state_is_exact_when_read_searched_grouped_and_sorted(self):
        """R-S15: every reader sees the breach in the second after the deadline."""
        clock = self.start()
        domain = [("id", "=", clock.id), ("state", "=", "breached")]
        model = self.env["aftersales.sla.clock"]
        with self.at(MONDAY + timedelta(minutes=30)):
            self.assertFalse(model.search(domain))
        with self.at(MONDAY + timedelta(minutes=30, seconds=1)):
            self.assertEqual(clock.recorded_state, "running")
            self.assertEqual(clock.read(["state"])[0]["state"], "breached")
            self.assertEqual(model.search(domain), clock)
            self.assertFalse(
                model.search([("id", "=", clock.id), ("state", "!=", "breached")])
            )
            groups = model._read_group([("id", "=", clock.id)], ["state"], ["__count"])
            self.assertEqual(groups, [("breached", 1)])
            self.assertEqual(
                model.search([("id", "=", clock.id)], order="state"), clock
            )
            exported = clock.export_data(["state"])["datas"]
            self.assertEqual(exported, [["Breached"]])

    def test_at_risk_from_the_first_warning(self):
        clock = self.start()
        model = self.env["aftersales.sla.clock"]
        risk = [("id", "=", clock.id), ("at_risk", "=", True)]
        with self.at(MONDAY + timedelta(minutes=14, seconds=59)):
            self.assertFalse(clock.at_risk or model.search(risk))
        with self.at(MONDAY + timedelta(minutes=15)):
            self.assertTrue(clock.at_risk)
            self.assertEqual(model.search(risk), clock)
            self.assertEqual(clock._get_record().sla_state, "at_risk")

    def test_record_shows_worst_state_and_next_deadline(self):
        clock = self.start()
        visit = clock._get_record()
        self.assertEqual(visit.sla_state, "running")
        self.assertEqual(visit.sla_deadline, clock.deadline)
        visit._sla_event("t_replied")
        self.assertEqual((visit.sla_state, visit.sla_deadline), ("met", False))

    def test_most_urgent_first(self):
        """R-S03: lists sort by the next deadline, what nobody waits for last."""
        kept, idle, late, soon, paused = visits = self.create_visits(5)
        (visits - idle - late)._sla_event("t_reported")
        late._sla_event("t_reported", at=MONDAY - timedelta(hours=2))
        kept._sla_event("t_replied")
        paused.action_sla_pause("等待客户")
        found = visits.search([("id", "in", visits.ids)], order="sla_deadline, id")
        self.assertEqual(found, late + soon + kept + idle + paused)
        self.assertEqual(late.sla_state, "breached")

    def test_cancel_keeps_history_with_reason(self):
        """R-C08: nothing is deleted, what ended otherwise says why."""
        clock = self.start()
        clock._get_record()._sla_cancel("客户取消")
        self.assertEqual((clock.state, clock.cancel_reason), ("cancelled", "客户取消"))
        with self.assertRaises(UserError):
            clock.unlink()

    def test_cancel_does_not_hide_a_breach(self):
        clock = self.start()
        with self.at(MONDAY + timedelta(hours=1)):
            clock._get_record()._sla_cancel("too late")
            self.assertEqual(clock.state, "breached")

    def test_two_records_have_their_own_clocks(self):
        clocks = self.start(count=2)
        clocks[0]._get_record()._sla_event("t_replied")
        self.assertEqual(clocks.mapped("state"), ["met", "running"])

    def test_status_for_other_programs(self):
        clock = self.start()
        status = clock._get_record().with_user(self.users["agent"]).get_sla_status()
        self.assertEqual(
            status,
            [
                {
                    "res_id": clock.res_id,
                    "code": "reply",
                    "name": "Reply in time",
                    "state": "running",
                    "at_risk": False,
                    "deadline": "2026-11-23 02:30:00",
                    "stopped_at": False,
                    "remaining_seconds": 1800,
                    "clause": "R-S03",
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestSlaPause(SlaCase):
    def test_pause_moves_the_deadline_by_what_was_waited(self):
        """R-S16: waiting for the customer is a row with reason and who."""
        clock = self.start()
        visit = clock._get_record().with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=10)):
            visit.action_sla_pause(reason="等待客户开门")
            self.assertEqual(
                (clock.state, clock.pause_reason), ("paused", "等待客户开门")
            )
        with self.at(MONDAY + timedelta(hours=2)):
            self.assertEqual(clock.state, "paused")
            self.assertEqual(clock.remaining_seconds, 20 * 60)
            visit.action_sla_resume()
            self.assertEqual(clock.deadline, MONDAY + timedelta(minutes=140))
            self.assertEqual(clock.pause_ids.user_id, self.users["agent"])
            self.assertFalse(clock.pause_reason)

    def test_two_pauses_add_up(self):
        clock = self.start()
        visit = clock._get_record()
        for begin in (5, 20):
            with self.at(MONDAY + timedelta(minutes=begin)):
                visit.action_sla_pause(reason="waiting")
            with self.at(MONDAY + timedelta(minutes=begin + 10)):
                visit.action_sla_resume()
        self.assertEqual(clock.deadline, MONDAY + timedelta(minutes=50))

    def test_pause_needs_a_reason_and_a_pausable_promise(self):
        """R-S16: the answer and arrival clocks don't wait."""
        visit = self.start()._get_record()
        for reason in ("", "  ", None, False):
            with self.assertRaisesRegex(UserError, "Reason"):
                visit.action_sla_pause(reason=reason)
        self.policy.target_ids.pausable = False
        other = self.start()._get_record()
        with self.assertRaisesRegex(UserError, "may be paused"):
            other.action_sla_pause(reason="waiting")

    def test_pause_twice_and_resume_unpaused_are_refused(self):
        visit = self.start()._get_record()
        with self.assertRaises(UserError):
            visit.action_sla_resume()
        visit.action_sla_pause(reason="waiting")
        with self.assertRaises(UserError):
            visit.action_sla_pause(reason="again")

    def test_act_while_paused_ends_the_pause(self):
        clock = self.start()
        clock._get_record().action_sla_pause(reason="waiting")
        with self.at(MONDAY + timedelta(days=1)):
            clock._get_record()._sla_event("t_replied")
            self.assertEqual(clock.state, "met")
            self.assertEqual(clock.pause_ids.ended_at, datetime(2026, 11, 24, 2))

    def test_breached_promise_cannot_be_paused(self):
        visit = self.start()._get_record()
        with self.at(MONDAY + timedelta(hours=1)), self.assertRaises(UserError):
            visit.action_sla_pause(reason="too late")
