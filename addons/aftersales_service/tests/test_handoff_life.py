from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import MONDAY
from .test_handoff import CUTOFF, HandoffCase

ENFORCE = "aftersales_service.ir_cron_enforce_clocks"
WINDOW = {
    "agreed_start": "2026-11-25 01:00:00",
    "agreed_stop": "2026-11-25 03:00:00",
}


@tagged("post_install", "-at_install")
class TestCutoffRace(HandoffCase):
    def handoff_clock(self, order):
        return order.sla_clock_ids.filtered(lambda c: c.code == "handoff")

    def test_enforcement_before_the_batch_blames_nobody(self):
        """R-H01: the minute the scheduler needs is nobody's fault."""
        order = self.confirm()
        with self.at(CUTOFF + timedelta(seconds=5)):
            self.run_cron(ENFORCE)
        clock = self.handoff_clock(order)
        self.assertEqual(clock.recorded_state, "running")
        self.hand_over(CUTOFF + timedelta(seconds=40))
        self.assertEqual(clock.state, "met")
        self.assertFalse(clock.escalation_ids)
        self.assertFalse(clock.correction_reason)
        self.assertFalse(order.activity_ids.filtered(lambda a: a.sla_clock_id == clock))

    def test_batch_an_hour_late_is_a_breach(self):
        """R-H01: enforced, told, and not made good by the late batch."""
        order = self.confirm()
        with self.at(CUTOFF + timedelta(minutes=5, seconds=1)):
            self.run_cron(ENFORCE)
        clock = self.handoff_clock(order)
        self.assertEqual(clock.recorded_state, "breached")
        self.assertEqual(clock.breached_at, CUTOFF)
        self.assertTrue(clock.escalation_ids.told_at)
        self.hand_over(CUTOFF + timedelta(hours=1))
        self.assertEqual(clock.state, "breached")

    def test_incomplete_order_breaks_the_promise(self):
        """R-H01 R-H02: an order that went back to its guide isn't handed off."""
        order = self.confirm(commitment_date=False)
        self.hand_over()
        with self.at(CUTOFF + timedelta(minutes=6)):
            self.run_cron(ENFORCE)
        self.assertEqual(self.handoff_clock(order).recorded_state, "breached")


@tagged("post_install", "-at_install")
class TestManyOrders(HandoffCase):
    def count_queries(self, count, day):
        for number in range(count):
            self.confirm(**({"commitment_date": False} if number % 2 else {}))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with self.at(day):
            self.env["aftersales.handoff.batch"]._create_batch(self.company, day)
            self.env.flush_all()
            return self.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_orders(self):
        """R-H01 R-H02: messages and tasks of all guides and orders are made at once."""
        self.count_queries(2, CUTOFF)
        few = self.count_queries(4, CUTOFF + timedelta(days=1))
        many = self.count_queries(40, CUTOFF + timedelta(days=2))
        self.assertLess(many - few, 10)


@tagged("post_install", "-at_install")
class TestCancel(HandoffCase):
    def reach(self, stage):
        order = self.confirm(**({"commitment_date": False} if stage == 1 else {}))
        if stage >= 2:
            order._mark_handed_off(MONDAY)
        if stage >= 3:
            order._mark_factory_ordered(MONDAY)
        if stage >= 4:
            order._mark_goods_ready()
        if stage >= 5:
            order.action_record_contact(**WINDOW)
        if stage >= 6:
            order.scheduled_at = MONDAY
        return order

    def messages(self, role):
        return self.env["mail.message"].search_count(
            [("notified_partner_ids", "=", self.users[role].partner_id.id)]
        )

    def test_every_stage(self):
        """R-H01: nothing that hangs on a cancelled order goes on, in any stage."""
        stages = (
            "pending",
            "incomplete",
            "handed_off",
            "in_production",
            "ready",
            "contacted",
            "scheduled",
        )
        for number, stage in enumerate(stages):
            with self.subTest(stage=stage):
                order = self.reach(number)
                self.assertEqual(order.aftersales_state, stage)
                before = self.messages("guide"), self.messages("agent")
                order.with_user(self.users["guide"]).action_cancel()
                after = self.messages("guide"), self.messages("agent")
                told = 1 if number >= 2 else 0
                self.assertEqual(after[0] - before[0], told)
                self.assertEqual(after[1] - before[1], told)
                self.assertFalse(order.aftersales_state)
                self.assertFalse(order.activity_ids)
                open_clocks = order.sla_clock_ids.filtered(
                    lambda c: c.recorded_state in ("running", "paused")
                )
                self.assertFalse(open_clocks)
                cancelled = order.sla_clock_ids - order.sla_clock_ids.filtered(
                    lambda c: c.recorded_state == "met"
                )
                self.assertTrue(all(cancelled.mapped("cancel_reason")))
                live = order.visit_ids.filtered(lambda v: v.state != "cancelled")
                self.assertFalse(live)

    def test_second_cancellation_tells_nobody(self):
        order = self.reach(2)
        order._action_cancel()
        before = self.messages("agent")
        order._action_cancel()
        self.assertEqual(self.messages("agent"), before)

    def test_sent_batch_shows_it_and_an_open_one_forgets_it(self):
        """R-H01: the day's hand-off stays as it was; what isn't sent yet loses it."""
        order = self.confirm()
        self.hand_over()
        batch = order.handoff_batch_id
        order._action_cancel()
        self.assertEqual(batch.order_ids.state, "cancel")
        draft = self.env["aftersales.handoff.batch"].create({"date": "2026-12-01"})
        other = self.confirm()
        other.handoff_batch_id = draft
        other._action_cancel()
        self.assertFalse(draft.order_ids)
        with self.assertRaises(UserError):
            draft.action_send()

    def test_confirmed_again_it_starts_again(self):
        """R-H01: new promises, a new hand-off; the old ones stay as proof."""
        order = self.reach(5)
        order._action_cancel()
        with self.at(MONDAY + timedelta(days=1)):
            order.action_draft()
            order.action_confirm()
            self.assertEqual(order.aftersales_state, "pending")
            self.assertFalse(order.handed_off_at or order.agreed_start)
            clock = order.sla_clock_ids.filtered(lambda c: c.state == "running")
            self.assertEqual(clock.code, "handoff")
        self.hand_over(CUTOFF + timedelta(days=1, seconds=5))
        self.assertEqual(order.aftersales_state, "handed_off")
        handoffs = order.sla_clock_ids.filtered(lambda c: c.code == "handoff")
        self.assertEqual(handoffs.mapped("state"), ["met", "met"])
        self.assertEqual(str(order.handoff_batch_id.date), "2026-11-24")


@tagged("post_install", "-at_install")
class TestNextStep(HandoffCase):
    def step(self, order):
        return self.as_reader(order).aftersales_next_step

    def as_reader(self, order):
        return order.with_context(lang="en_US", tz="Asia/Shanghai")

    def written(self, order, moment):
        """A UTC moment as the reader reads it."""
        moment = fields.Datetime.to_datetime(moment)
        return self.as_reader(order)._format_moment(moment)

    def test_who_does_what_until_when(self):
        """R-H01 R-H05: each stage says whose turn it is."""
        guide, clerk = self.users["guide"].name, self.users["agent"].name
        order = self.confirm(delivery_contact_phone="")
        self.assertIn(f"{guide} · Complete: Customer phone · until", self.step(order))
        self.assertIn("until " + self.written(order, CUTOFF), self.step(order))
        order.delivery_contact_phone = "13812345678"
        self.assertIn(f"{clerk} · Hand-off to the clerk", self.step(order))
        order._mark_handed_off(MONDAY)
        self.assertIn("Order from the factory what is short", self.step(order))
        order._mark_factory_ordered(MONDAY)
        self.assertIn("Wait for the goods: 0 of 1 lines", self.step(order))
        order._mark_goods_ready()
        until = self.written(order, MONDAY + timedelta(days=1))
        self.assertIn(f"{guide} · Call the customer · until {until}", self.step(order))
        order.action_record_contact(**WINDOW)
        agreed = self.written(order, WINDOW["agreed_start"])
        self.assertIn(f"Confirm the visit of {agreed}", self.step(order))
        order._on_accepted(MONDAY)
        self.assertIn("Accepted on", self.step(order))

    def test_overdue_is_said(self):
        """R-H05: the promise has passed."""
        order = self.confirm()
        order._mark_handed_off(MONDAY)
        order._mark_goods_ready()
        with self.at(MONDAY + timedelta(days=2)):
            self.env.invalidate_all()
            since = self.written(order, MONDAY + timedelta(days=1))
            self.assertIn(f"overdue since {since}", self.step(order))

    def test_quotation_needs_nothing(self):
        self.assertFalse(self.step(self.create_order()))

    def test_many_orders_cost_few_queries(self):
        """R-H01: a list of orders asks the database a fixed number of times."""
        costs = []
        for count in (5, 25):
            orders = self.env["sale.order"].browse()
            for _number in range(count):
                orders += self.confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            orders.mapped("aftersales_next_step")
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0] + 3)

    def test_my_turn(self):
        """R-H01: the filter finds what waits for the reader, guide or clerk."""
        view = self.env.ref("aftersales_service.sale_order_view_search")
        node = etree.fromstring(view.arch).xpath("//filter[@name='aftersales_my_turn']")
        order = self.confirm(commitment_date=False)
        other = self.confirm(user_id=self.users["manager"].id)
        self.hand_over()
        for role, expected in (("guide", order), ("agent", other)):
            user = self.users[role]
            domain = safe_eval(node[0].get("domain"), {"uid": user.id})
            found = self.env["sale.order"].with_user(user).search(domain)
            self.assertEqual(found & (order + other), expected)

    def test_views_show_it(self):
        """R-H01: form, list and kanban carry the stage, the search the filters."""
        orders = self.env["sale.order"].with_user(self.users["guide"])
        for view, name in (
            ("form", "aftersales_next_step"),
            ("form", "goods_progress"),
            ("list", "aftersales_state"),
            ("kanban", "aftersales_state"),
        ):
            with self.subTest(view=view, name=name):
                tree = etree.fromstring(orders.get_view(view_type=view)["arch"])
                self.assertTrue(tree.xpath(f"//field[@name='{name}']"))
        batches = self.env["aftersales.handoff.batch"].with_user(self.users["agent"])
        tree = etree.fromstring(batches.get_view(view_type="form")["arch"])
        for name in ("line_ids", "order_ids", "returned_order_ids"):
            self.assertTrue(tree.xpath(f"//field[@name='{name}']"))
        self.assertTrue(tree.xpath("//button[@name='action_order_goods']"))
        view = self.env.ref("sale.view_sales_order_filter")
        arch = etree.fromstring(orders.get_view(view.id, "search")["arch"])
        self.assertTrue(arch.xpath("//filter[@name='aftersales_my_turn']"))
