from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.sla.sla_escalation import LISTED
from .common import MONDAY
from .sla_common import SlaCase

CRON = "aftersales_service.ir_cron_enforce_clocks"


@tagged("post_install", "-at_install")
class TestSlaEnforce(SlaCase):
    def enforce(self, minutes):
        with self.at(MONDAY + timedelta(minutes=minutes)):
            self.run_cron(CRON)

    def test_each_level_once_to_assignee_supervisor_manager(self):
        """R-S15: warned at 50 % and 80 %, escalated at breach, each exactly once."""
        clock = self.start()
        for minutes in (14, 15, 16, 24, 25, 30, 31, 32, 90):
            self.enforce(minutes)
        self.assertEqual(clock.escalation_ids.mapped("level"), [50, 80, 100])
        supervisor, manager = self.users["supervisor"], self.users["manager"]
        told = [escalation.user_ids for escalation in clock.escalation_ids]
        self.assertEqual(told, [supervisor, supervisor, supervisor + manager])
        activities = self.env["mail.activity"].search(
            [("sla_clock_id", "=", clock.id)], order="id"
        )
        self.assertEqual(activities.user_id, supervisor + manager)
        self.assertEqual(len(activities), 3)

    def test_breach_is_recorded_at_the_deadline(self):
        clock = self.start()
        self.enforce(31)
        self.assertEqual(clock.recorded_state, "breached")
        self.assertEqual(clock.breached_at, MONDAY + timedelta(minutes=30))
        self.assertFalse(clock.next_check_at)

    def test_consequence_is_applied_once(self):
        """R-S10: the model is told of its breach once, in the same transaction."""
        clock = self.start()
        visit_class = self.env.registry["aftersales.visit"]
        with patch.object(visit_class, "_sla_breached", autospec=True) as consequence:
            for minutes in (29, 31, 32):
                self.enforce(minutes)
        consequence.assert_called_once()
        self.assertEqual(consequence.call_args.args[1].ids, clock.ids)

    def test_kept_promise_ends_its_reminders(self):
        clock = self.start()
        self.enforce(20)
        with self.at(MONDAY + timedelta(minutes=21)):
            clock._get_record()._sla_event("t_replied")
        activities = self.env["mail.activity"].search([("sla_clock_id", "=", clock.id)])
        self.assertFalse(activities)
        self.enforce(60)
        self.assertEqual(clock.escalation_ids.mapped("level"), [50])

    def test_paused_and_cancelled_clocks_are_left_alone(self):
        """R-S16: who waits for the customer isn't escalated."""
        clocks = self.start(count=2)
        clocks[0]._get_record().action_sla_pause(reason="waiting")
        clocks[1]._get_record()._sla_cancel("gone")
        self.enforce(60)
        self.assertFalse(clocks.escalation_ids)

    def test_one_bad_record_does_not_block_the_others(self):
        clocks = self.start(count=3)
        bad = clocks[1]._get_record()

        def recipients(record, role):
            if record == bad:
                raise ValueError("broken")
            return self.users["supervisor"]

        with (
            patch.object(
                self.env.registry["aftersales.visit"], "_sla_recipients", recipients
            ),
            mute_logger("odoo.addons.aftersales_service.models.sla.sla_clock_enforce"),
        ):
            self.enforce(31)
        self.assertEqual(
            clocks.mapped("recorded_state"), ["breached", "running", "breached"]
        )
        self.enforce(40)
        self.assertEqual(clocks[1].recorded_state, "breached")

    def test_each_person_gets_one_message_for_many_promises(self):
        """R-S15: a digest, not a mail for each clock."""
        self.start(count=20)
        notify = "odoo.addons.mail.models.mail_thread.MailThread.message_notify"
        with patch(notify, autospec=True) as message:
            self.enforce(31)
        partners = [call.kwargs["partner_ids"] for call in message.call_args_list]
        expected = self.users["supervisor"] + self.users["manager"]
        self.assertCountEqual(partners, [u.partner_id.ids for u in expected])

    def test_a_long_digest_counts_the_rest(self):
        """R-S15: a bad hour still ends in a message that can be read."""
        self.start(count=LISTED + 3)
        self.enforce(31)
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.users["manager"].partner_id.ids)], limit=1
        )
        self.assertEqual(message.body.count("<li>"), LISTED + 1)
        self.assertIn(" 3 ", message.body)
        self.assertFalse(self.env["aftersales.sla.escalation"]._lock_untold())

    def test_without_named_supervisor_the_group_is_told(self):
        """R-S15: a breach is never told to nobody."""
        self.company.aftersales_supervisor_id = False
        clock = self.start()
        self.enforce(31)
        self.assertIn(self.users["supervisor"], clock.escalation_ids.user_ids)

    def test_nothing_due_costs_a_constant_number_of_queries(self):
        """R-S15: cost grows with what is due, not with what is open."""
        clocks = self.env["aftersales.sla.clock"]
        self.start(count=50)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(clocks._lock_due(200))

    def test_a_breach_costs_at_most_two_queries(self):
        """R-S15: a hundred due at once, each escalated with a task and a trace."""
        self.start()
        with self.at(MONDAY + timedelta(minutes=31)):
            self.run_cron(CRON)  # warm
        clocks = self.start(count=100)
        with self.at(MONDAY + timedelta(minutes=31)), self.assertQueryCount(200):
            clocks._enforce(fields.Datetime.now())
            clocks.escalation_ids._notify_users()
            self.env.flush_all()
        self.assertEqual(set(clocks.mapped("recorded_state")), {"breached"})

    def test_starting_clocks_costs_less_than_a_query_each(self):
        """R-S15: 100 records in a batch, under one query for each."""
        self.start()  # warm
        one, many = self.create_visits(), self.create_visits(100)
        self.env.flush_all()
        with self.assertQueryCount(4):
            one._sla_event("t_reported")
            self.env.flush_all()
        with self.assertQueryCount(99):
            many._sla_event("t_reported")
            self.env.flush_all()
