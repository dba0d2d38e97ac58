from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..cli.aftersales_clock import AGAIN, LONGEST, Waker
from .common import MONDAY
from .sla_common import SlaCase

CRON = "aftersales_service.ir_cron_enforce_clocks"
ENFORCE = "odoo.addons.aftersales_service.models.sla.sla_clock_enforce"
USERS = "odoo.addons.aftersales_service.models.res_users"


@tagged("post_install", "-at_install")
class TestSlaQueue(SlaCase):
    """Whatever was looked at leaves the queue, and nothing in it starves."""

    def enforce(self, minutes):
        with self.at(MONDAY + timedelta(minutes=minutes)):
            self.run_cron(CRON)

    def refuse(self, table, column, value):
        """The database refuses a row, as it may for many a reason."""
        self.env.flush_all()
        self.env.cr.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({column} <> {value})"
        )

    def count_told(self, role, clock):
        """Messages to a person that name the document of a promise."""
        partner = self.users[role].partner_id
        return self.env["mail.message"].search_count(
            [("partner_ids", "in", partner.ids), ("body", "ilike", clock.res_name)]
        )

    def test_what_is_not_due_does_not_starve_what_is(self):
        """R-S15: 203 at the head whose warning moved, behind them 17 broken."""
        early = self.start(count=203)
        broken = self.create_visits(17)
        broken._sla_event("t_reported", MONDAY - timedelta(minutes=29))
        early.next_check_at = MONDAY - timedelta(
            hours=1
        )  # as an edited calendar left it
        self.run_cron(CRON)  # warm
        queries = self.env.cr.sql_log_count
        self.enforce(2)
        self.assertLess(self.env.cr.sql_log_count - queries, 400)
        self.assertEqual(
            set(broken.sla_clock_ids.mapped("recorded_state")), {"breached"}
        )
        self.assertEqual(set(early.mapped("recorded_state")), {"running"})
        self.assertEqual(
            set(early.mapped("next_check_at")), {MONDAY + timedelta(minutes=15)}
        )

    def test_what_fails_is_set_aside_and_told_once(self):
        """R-S15: what can't be enforced blocks nobody; a supervisor learns of it."""
        clocks = self.start(count=3)
        bad = clocks[1]
        self.refuse("aftersales_sla_escalation", "clock_id", bad.id)
        with mute_logger(ENFORCE, "odoo.sql_db"):
            for minutes in (31, 32, 40):
                self.enforce(minutes)
        self.assertEqual(
            clocks.mapped("recorded_state"), ["breached", "running", "breached"]
        )
        self.assertEqual(bad.failed_at, MONDAY + timedelta(minutes=31))
        self.assertEqual(bad.next_check_at, MONDAY + timedelta(minutes=45))
        self.assertEqual(self.count_told("supervisor", bad), 1)
        self.env.cr.execute(
            "ALTER TABLE aftersales_sla_escalation DROP CONSTRAINT refused"
        )
        self.enforce(45)
        self.assertEqual(bad.recorded_state, "breached")
        self.assertFalse(bad.failed_at)

    def test_who_cannot_be_told_keeps_nobody_waiting(self):
        """R-S15: the manager is told though the supervisor's message is refused."""
        clock = self.start()
        partner = self.users["supervisor"].partner_id
        self.refuse("mail_message_res_partner_rel", "res_partner_id", partner.id)
        with mute_logger(USERS, "odoo.sql_db"):
            self.enforce(31)
        self.assertEqual(self.count_told("manager", clock), 1)
        self.assertTrue(all(clock.escalation_ids.mapped("told_at")))

    def test_promise_of_an_addon_that_is_gone_ends(self):
        """R-S15: nobody can keep it, and it doesn't come back every five minutes."""
        clock, other = self.start(count=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_sla_clock SET res_model = 'no.such.model' WHERE id = %s",
            [clock.id],
        )
        self.env.invalidate_all()
        self.enforce(31)
        self.assertEqual(clock.recorded_state, "cancelled")
        self.assertEqual(other.recorded_state, "breached")

    def test_levels_are_told_in_the_order_of_their_moments(self):
        """R-S15: whichever warning comes first is the next moment."""
        clock = self.start()
        self.assertEqual(clock.next_check_at, MONDAY + timedelta(minutes=15))
        self.enforce(15)
        self.assertEqual(clock.next_check_at, MONDAY + timedelta(minutes=24))
        self.enforce(24)
        self.assertEqual(clock.next_check_at, MONDAY + timedelta(minutes=30, seconds=1))


@tagged("post_install", "-at_install")
class TestWaker(SlaCase):
    """``odoo aftersales_clock`` decides when the scheduler is woken."""

    def test_what_nobody_can_enforce_is_asked_for_ever_rarer(self):
        """R-S15: the clock process doesn't spin."""
        waker = Waker("没有")
        stuck = (MONDAY, MONDAY)
        woken = [now for now in range(600) if waker.must_wake(stuck, now)]
        self.assertEqual(woken[:4], [0, AGAIN, 3 * AGAIN, 7 * AGAIN])
        self.assertLess(len(woken), 600 / LONGEST + 6)

    def test_what_falls_due_behind_it_is_told_at_once(self):
        """R-S15: within a second, whatever is stuck at the head."""
        waker = Waker("没有")
        self.assertFalse(waker.must_wake((None, None), 0))
        for now in range(100):
            waker.must_wake((MONDAY, MONDAY), now)
        later = fields.Datetime.add(MONDAY, seconds=100)
        self.assertTrue(waker.must_wake((MONDAY, later), 100))
        self.assertFalse(waker.must_wake((MONDAY, later), 101))
        self.assertTrue(waker.must_wake((MONDAY, later), 100 + AGAIN))
