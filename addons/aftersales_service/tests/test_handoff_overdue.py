from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_handoff_goods import GoodsCase

OVERDUE = "aftersales_service.ir_cron_raise_overdue_goods"


@tagged("post_install", "-at_install")
class TestOverdueGoods(GoodsCase):
    DUE = datetime(2026, 11, 28, 2, 0)  # two days before the promised date

    def overdue_tasks(self, order):
        task = self.env.ref("aftersales_service.mail_activity_type_overdue")
        return order.activity_ids.filtered(lambda a: a.activity_type_id == task)

    def test_each_date_is_raised_once(self):
        """R-H10: a late factory order reaches guide and clerk, once for a date."""
        order = self.handed_off(5)
        self.as_clerk(order).action_order_goods()
        with self.at(self.DUE - timedelta(minutes=1)):
            self.run_cron(OVERDUE)
            self.assertFalse(self.overdue_tasks(order))
        for minutes in (1, 60):
            with self.at(self.DUE + timedelta(minutes=minutes)):
                self.run_cron(OVERDUE)
            self.assertEqual(
                self.overdue_tasks(order).user_id,
                self.users["guide"] + self.users["agent"],
            )
            self.assertEqual(len(self.overdue_tasks(order)), 2)
        self.assertEqual(order.overdue_at, self.DUE)
        with self.at(order.commitment_date + timedelta(days=1)):
            self.run_cron(OVERDUE)
        self.assertEqual(order.overdue_at, order.commitment_date)

    def test_promised_date_passed_without_a_factory_order(self):
        """R-H10: nobody ordered, and the promised date is gone."""
        order = self.handed_off(5)
        with self.at(order.commitment_date + timedelta(hours=1)):
            self.run_cron(OVERDUE)
        self.assertEqual(len(self.overdue_tasks(order)), 2)

    def test_goods_that_arrive_end_the_tasks(self):
        """R-H10: nobody chases what is there."""
        order = self.handed_off(5)
        self.as_clerk(order).action_order_goods()
        with self.at(self.DUE + timedelta(hours=1)):
            self.run_cron(OVERDUE)
            self.receive(self.supplies())
            self.assertFalse(self.overdue_tasks(order))
        with self.at(order.commitment_date + timedelta(days=1)):
            self.run_cron(OVERDUE)
            self.assertFalse(self.overdue_tasks(order))

    def test_orders_in_time_cost_nothing(self):
        """R-H10: the number of queries doesn't grow with orders that are in time."""
        late = self.handed_off(1)
        costs = []
        for count in (1, 10):
            for _number in range(count):
                order = self.handed_off(1, commitment_date="2027-03-01 02:00:00")
                self.as_clerk(order).action_order_goods()
            with self.at("2026-12-02 02:00:00"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.env["sale.order"]._cron_raise_overdue()
                self.env.flush_all()
                costs.append(self.cr.sql_log_count - before)
            late.overdue_at = False
            late.activity_ids.unlink()
            self.env.flush_all()
        self.assertLessEqual(costs[1], costs[0] + 3)


@tagged("post_install", "-at_install")
class TestProgress(GoodsCase):
    def test_customer_is_told(self):
        """R-H10: in the order's messages, by mail, and kept on the order."""
        order = self.handed_off(5)
        guide = order.with_user(self.users["guide"])
        result = guide.action_report_progress(text=" 已喷漆，下周三装箱 ")
        self.assertEqual(order.last_progress, "已喷漆，下周三装箱")
        self.assertEqual(result["last_progress_at"], "2026-11-23 02:00:00")
        message = order.message_ids[0]
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.author_id, self.users["guide"].partner_id)
        self.assertIn(self.partner, message.notified_partner_ids)

    def test_wizard_tells_too(self):
        """R-H10: the guide types it in the order."""
        order = self.handed_off(5)
        wizard = self.env["aftersales.progress.wizard"].with_user(self.users["guide"])
        wizard.create({"order_id": order.id, "text": "木料已到"}).action_save()
        self.assertEqual(order.last_progress, "木料已到")

    def test_nothing_to_tell_is_refused(self):
        order = self.handed_off(5)
        for text in ("", "  ", None, False):
            with self.subTest(text=text), self.assertRaises(UserError):
                order.action_report_progress(text=text)
        with self.assertRaises(UserError):
            self.create_order().action_report_progress(text="生产中")

    def test_others_may_not_tell(self):
        order = self.handed_off(5)
        for role in ("warehouse", "technician", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                order.with_user(self.users[role]).action_report_progress(text="好了")

    def test_stages_as_the_customer_sees_them(self):
        """R-H10: done, current and still open."""
        order = self.handed_off(5)
        states = [stage["state"] for stage in order._get_portal_stages()]
        self.assertEqual(states, ["current"] + ["open"] * 5)
        self.as_clerk(order).action_order_goods()
        stages = order._get_portal_stages()
        self.assertEqual(
            [stage["state"] for stage in stages], ["done", "current"] + ["open"] * 4
        )
        self.assertEqual(stages[1]["label"], "In production")
