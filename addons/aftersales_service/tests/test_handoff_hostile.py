"""What a hostile or clumsy client tries on contracts, and what must not be lost."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.handoff.handoff_batch import AftersalesHandoffBatch
from .common import MONDAY
from .test_handoff import CRON, CUTOFF, HandoffCase

WINDOW = {"agreed_start": "2026-11-25 01:00:00", "agreed_stop": "2026-11-25 03:00:00"}


@tagged("post_install", "-at_install")
class TestBatchFaults(HandoffCase):
    def test_draft_made_by_hand_does_not_stop_the_cutoff(self):
        """R-H01: the day's batch goes out even if somebody prepared it."""
        agent = self.users["agent"]
        batch = self.env["aftersales.handoff.batch"].with_user(agent).create({})
        order = self.confirm()
        self.hand_over()
        self.assertEqual(order.handoff_batch_id, batch)
        self.assertEqual((batch.state, batch.sent_at), ("sent", CUTOFF))
        self.assertEqual(len(batch.search([])), 1)

    @mute_logger("odoo.addons.aftersales_service.models.handoff.handoff_batch")
    def test_one_company_in_trouble_stops_no_other(self):
        """R-H01: each company gets its batch; the other is tried again."""
        broken = self.env["res.company"].create({"name": "出错分公司"})
        order = self.confirm()
        whole = AftersalesHandoffBatch._create_batch

        def fail(batch, company, cutoff):
            if company == broken:
                message = "broken"
                raise UserError(message)
            return whole(batch, company, cutoff)

        companies = broken + self.company
        with (
            patch.object(AftersalesHandoffBatch, "_create_batch", fail),
            patch.object(type(companies), "search", lambda *_args, **_kw: companies),
        ):
            self.hand_over()
        self.assertEqual(order.handoff_batch_id.state, "sent")

    def test_only_incomplete_orders(self):
        """R-H02: nothing to take over, so nobody is asked to take over nothing."""
        order = self.confirm(commitment_date=False)
        self.hand_over()
        batch = self.env["aftersales.handoff.batch"].search([])
        self.assertEqual(batch.returned_order_ids, order)
        self.assertFalse(batch.activity_ids)
        self.assertEqual(batch.state, "acknowledged")

    def test_batch_after_days_of_standstill(self):
        """R-H01: nothing is lost while no server runs; one batch, recorded as late."""
        order = self.confirm()
        with self.at(CUTOFF + timedelta(days=3, hours=2)):
            self.run_cron(CRON)
            self.run_cron(CRON)
        batch = self.env["aftersales.handoff.batch"].search([])
        self.assertEqual(batch.order_ids, order)
        self.assertEqual(str(batch.date), "2026-11-26")
        clock = order.sla_clock_ids.filtered(lambda c: c.code == "handoff")
        self.assertEqual(clock.state, "breached")


@tagged("post_install", "-at_install")
class TestFactsOfAContract(HandoffCase):
    def test_facts_are_recorded_not_written(self):
        """R-H01 R-H06 R-A04: no client writes what only an act may record."""
        order = self.confirm()
        for user in (self.users["guide"], self.env.ref("base.user_admin")):
            for vals in (
                {"handed_off_at": MONDAY},
                {"goods_ready_at": MONDAY},
                {"contacted_at": MONDAY},
                {"agreed_start": MONDAY},
                {"scheduled_at": MONDAY},
                {"accepted_on": MONDAY},
                {"confirmed_at": False},
                {"state": "sale", "handed_off_at": MONDAY},
                {"handoff_return_reason": "漏项"},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    order.with_user(user).write(vals)
        with self.assertRaises(UserError):
            self.env["sale.order"].with_user(self.users["guide"]).create(
                {"partner_id": self.partner.id, "accepted_on": MONDAY}
            )

    def test_guide_confirms_and_confirms_again(self):
        """R-H01: what Odoo itself writes is no forgery."""
        order = self.create_order(no_special_requests=True)
        order = order.with_user(self.users["guide"])
        order.action_confirm()
        self.assertEqual(order.confirmed_at, MONDAY)
        self.hand_over()
        order.action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertFalse(order.handed_off_at)
        self.assertEqual(order.copy().confirmed_at, False)

    def test_batches_are_moved_by_their_acts(self):
        """R-H01: sent and acknowledged can't be claimed, nor a sent batch redated."""
        order = self.confirm()
        self.hand_over()
        batch = order.handoff_batch_id
        for user in (self.users["agent"], self.env.ref("base.user_admin")):
            for vals in (
                {"state": "acknowledged"},
                {"sent_at": MONDAY},
                {"acknowledged_by_id": user.id},
                {"date": "2026-11-01"},
                {"order_ids": [Command.unlink(order.id)]},
                {"returned_order_ids": [Command.link(order.id)]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    batch.with_user(user).write(vals)
        with self.assertRaises(UserError):
            batch.with_user(self.users["agent"]).create(
                {"date": "2026-12-24", "state": "acknowledged"}
            )

    def test_documents_of_a_handed_off_order_stay_as_they_are(self):
        """R-H12: nobody replaces a drawing behind the hand-off; showing it is fine."""
        order = self.confirm()
        document = self.env["aftersales.order.document"].create(
            {"order_id": order.id, "name": "平面图", "file": b"aGFsbG8="}
        )
        document = document.with_user(self.users["guide"])
        document.name = "平面图 2"
        order._mark_handed_off(MONDAY)
        for vals in ({"file": b"aGVsbG8="}, {"name": "x"}, {"kind": "budget"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                document.write(vals)
        document.shown_to_customer = True


@tagged("post_install", "-at_install")
class TestOrderFollowsItsVisit(HandoffCase):
    def setUp(self):
        super().setUp()
        self.order = self.confirm()
        self.order._mark_handed_off(MONDAY)
        self.order._mark_goods_ready()
        self.order.action_record_contact(**WINDOW)
        self.visit = self.order.visit_ids
        self.visit.action_assign(employee_ids=self.technician.ids)

    def test_moved_visit_moves_order_and_picking(self):
        """R-D03 R-H07: guide and warehouse see the new time, not the old one."""
        self.visit.action_confirm()
        self.visit.action_reschedule(
            start="2026-11-26 01:00:00", stop="2026-11-26 03:00:00", reason="道路封闭"
        )
        moved = datetime(2026, 11, 26, 1)
        self.assertEqual(self.order.agreed_start, moved)
        self.assertEqual(self.order.agreed_stop, moved + timedelta(hours=2))
        self.assertEqual(self.order.picking_ids.scheduled_date, moved)

    def test_failed_visit_is_agreed_anew(self):
        """R-D13: the order shows that a new time is needed; the customer is told."""
        self.visit.action_confirm()
        self.assertEqual(self.order.aftersales_state, "scheduled")
        self.visit.action_fail(reason="电梯停用")
        self.assertEqual(self.order.aftersales_state, "contacted")
        self.assertFalse(self.order.agreed_start)
        self.assertNotIn("False", self.order.aftersales_next_step)
        told = self.visit.message_ids.filtered(
            lambda m: self.partner in m.notified_partner_ids and "电梯停用" in m.body
        )
        self.assertTrue(told)
        following = self.order.visit_ids - self.visit
        self.order.action_record_contact(
            agreed_start="2026-11-27 01:00:00", agreed_stop="2026-11-27 03:00:00"
        )
        self.assertEqual(following.scheduled_start, datetime(2026, 11, 27, 1))
        self.assertEqual(len(self.order.visit_ids), 2)

    def test_cancelled_visit_is_agreed_anew(self):
        """R-D03: the customer is told of an appointment that falls away."""
        self.visit.action_confirm()
        self.visit.action_cancel(reason="改期待定")
        self.assertFalse(self.order.agreed_start)
        self.assertEqual(self.order.aftersales_state, "contacted")
        told = self.visit.message_ids.filtered(
            lambda m: self.partner in m.notified_partner_ids and "改期待定" in m.body
        )
        self.assertTrue(told)

    def test_order_cancelled_in_every_state_of_its_visit(self):
        """R-H01: wherever the visit is, it ends, its team and the customer are told."""
        for state in ("draft", "confirmed", "en_route", "on_site"):
            with self.subTest(state=state):
                order = self.confirm()
                order._mark_handed_off(MONDAY)
                order.action_record_contact(**WINDOW)
                visit = order.visit_ids
                if state != "draft":
                    person = self.env["hr.employee"].create({"name": state})
                    visit.action_assign(employee_ids=person.ids)
                    visit.action_confirm()
                    visit.state = state
                order.with_user(self.users["guide"]).action_cancel()
                self.assertEqual(visit.state, "cancelled")
                self.assertFalse(visit.activity_ids)
                self.assertFalse(
                    visit.sla_clock_ids.filtered(
                        lambda c: c.recorded_state in ("running", "paused")
                    )
                )
                told = visit.message_ids.notified_partner_ids
                self.assertIn(self.partner, told)

    def test_cancelled_visits_are_not_cancelled_again(self):
        """R-H01: what was cancelled keeps its reason, and nobody is told twice."""
        self.visit.action_confirm()
        self.visit.action_cancel(reason="客户出差")
        messages = self.env["mail.message"].search_count([])
        self.order._action_cancel()
        self.assertEqual(self.visit.outcome, "客户出差")
        told = self.env["mail.message"].search(
            [], limit=self.env["mail.message"].search_count([]) - messages
        )
        self.assertNotIn(self.users["technician"].partner_id, told.notified_partner_ids)

    def test_deleted_order_leaves_no_orphan(self):
        """R-Q03: a contract with visits or promises is cancelled, never deleted."""
        self.order._action_cancel()
        with self.assertRaises(UserError):
            self.order.unlink()
        plain = self.create_order()
        plain.unlink()
        self.assertFalse(plain.exists())

    def test_nothing_is_collected_for_a_cancelled_order(self):
        """R-H11: neither by the guide nor by the team that was sent."""
        self.visit.action_confirm()
        self.order._action_cancel()
        for role in ("guide", "technician"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.order.with_user(self.users[role]).action_record_collection(
                    amount=1
                )
