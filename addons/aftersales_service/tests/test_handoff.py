from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MONDAY, AftersalesCase

CRON = "aftersales_service.ir_cron_create_handoff_batches"
CUTOFF = datetime(2026, 11, 23, 9, 0)  # 17:00 in Shanghai


class HandoffCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_clerk_id = cls.users["agent"]

    def confirm(self, **vals):
        order = self.create_order(no_special_requests=True, **vals)
        order.action_confirm()
        return order

    def hand_over(self, at=CUTOFF + timedelta(seconds=40)):
        with self.at(at):
            self.run_cron(CRON)


@tagged("post_install", "-at_install")
class TestHandoffCheck(HandoffCase):
    def test_complete_order_has_no_issue(self):
        """R-H02: nothing is missing in a complete contract."""
        order = self.confirm()
        self.assertEqual(order.aftersales_check_handoff(), [])
        self.assertTrue(order.is_handoff_complete)
        self.assertEqual(order.aftersales_state, "pending")

    def test_each_missing_item_is_named(self):
        """R-H02: every missing or implausible item is named, per line where it is."""
        item = self.env["product.product"].create(
            {"name": "无型号椅子", "type": "consu", "is_storable": True}
        )
        self.partner.write({"phone": "abc", "street": False})
        order = self.create_order(commitment_date=False, user_id=False)
        order.order_line = [
            Command.create({"product_id": item.id, "price_unit": 0}),
        ]
        issues = order.with_context(lang="en_US").aftersales_check_handoff()
        self.assertEqual(
            issues,
            [
                "Phone is implausible: abc",
                "Delivery address",
                "Delivery date",
                "Salesperson",
                "Special requests, or that there are none",
                "Line 2 (无型号椅子): model",
                "Line 2 (无型号椅子): unit price",
            ],
        )

    def test_implausible_phones(self):
        """R-H02: 7 to 15 digits make a phone."""
        from ..models.handoff.sale_order_check import is_phone

        good = ("13812345678", "+86 21 6218-0000", "021 6218 0000 转 302", "6218000")
        bad = ("", None, "123", "电话没有", "1" * 16, "138-ABCD-1234")
        self.assertEqual([p for p in good if not is_phone(p)], [])
        self.assertEqual([p for p in bad if is_phone(p)], [])

    def test_installation_wish_is_required(self):
        """R-H08: who needs installation says when and what it takes."""
        self.desk.product_tmpl_id.aftersales_installation = True
        order = self.confirm()
        self.assertTrue(order.installation_required)
        issues = order.with_context(lang="en_US").aftersales_check_handoff()
        self.assertEqual(
            issues, ["Wished installation time", "Installation requirements"]
        )
        order.write(
            {
                "installation_datetime": "2026-11-30 02:00:00",
                "installation_requirements": "三楼，有电梯",
            }
        )
        self.assertEqual(order.aftersales_state, "pending")

    def test_mended_order_is_complete_at_once(self):
        """R-H02: the stage follows the facts, whoever mends them."""
        order = self.confirm(commitment_date=False)
        self.assertEqual(order.aftersales_state, "incomplete")
        self.assertIn(
            "交货日期" if self.env.lang == "zh_CN" else "Delivery date",
            order.handoff_issues,
        )
        order.commitment_date = "2026-11-30 02:00:00"
        self.assertEqual(order.aftersales_state, "pending")

    def test_large_order(self):
        """R-H02: 500 lines are checked line by line."""
        order = self.confirm(lines=500)
        self.assertTrue(order.is_handoff_complete)
        order.order_line[250].price_unit = 0
        self.assertEqual(len(order.aftersales_check_handoff()), 1)

    def test_services_are_not_handed_off(self):
        service = self.env["product.product"].create(
            {"name": "咨询", "type": "service"}
        )
        order = self.create_order(
            order_line=[Command.create({"product_id": service.id})]
        )
        order.action_confirm()
        self.assertFalse(order.sla_clock_ids)
        self.hand_over()
        self.assertFalse(order.handoff_batch_id)


@tagged("post_install", "-at_install")
class TestHandoffBatch(HandoffCase):
    def test_deadline_is_the_cutoff(self):
        """R-H01: 17:00 local; later confirmations have until the next day."""
        cases = [
            ("2026-11-23 08:59:59", CUTOFF),
            ("2026-11-23 09:00:00", CUTOFF),
            ("2026-11-23 09:00:01", CUTOFF + timedelta(days=1)),
            ("2026-11-23 16:30:00", CUTOFF + timedelta(days=1)),
        ]
        for moment, deadline in cases:
            with self.at(moment):
                clock = self.confirm().sla_clock_ids
                self.assertEqual((clock.code, clock.deadline), ("handoff", deadline))

    def test_batch_of_the_day_reaches_the_clerk(self):
        """R-H01: at the cut-off one batch lists the orders, is sent and promised."""
        orders = self.confirm() + self.confirm()
        self.hand_over()
        batch = orders.handoff_batch_id
        self.assertRecordValues(
            batch,
            [
                {
                    "state": "sent",
                    "date": date(2026, 11, 23),
                    "sent_at": CUTOFF,
                    "order_count": 2,
                    "user_id": self.users["agent"].id,
                }
            ],
        )
        self.assertEqual(orders.mapped("aftersales_state"), ["handed_off"] * 2)
        handoffs = orders.sla_clock_ids.filtered(lambda c: c.code == "handoff")
        self.assertEqual(handoffs.mapped("state"), ["met", "met"])
        self.assertEqual(batch.activity_ids.user_id, self.users["agent"])

    def test_enforcement_before_the_batch_blames_nobody(self):
        """R-H01 R-S15: the scheduler wakes up within five minutes of the cut-off;
        until then no reader sees a broken promise, afterwards every one does.
        """
        order = self.confirm()
        clock = order.sla_clock_ids
        domain = [("id", "=", clock.id), ("state", "=", "breached")]
        enforce = "aftersales_service.ir_cron_enforce_clocks"
        with self.at(CUTOFF + timedelta(seconds=40)):
            self.run_cron(enforce)
            self.assertEqual(clock.state, "running")
            self.assertFalse(clock.search(domain))
            groups = clock._read_group([("id", "=", clock.id)], ["state"])
            self.assertEqual(groups, [("running",)])
        self.hand_over(CUTOFF + timedelta(seconds=50))
        self.assertEqual((clock.state, clock.stopped_at), ("met", CUTOFF))
        self.assertNotIn(100, clock.escalation_ids.mapped("level"))
        late = self.confirm().sla_clock_ids
        with self.at(CUTOFF + timedelta(minutes=5, seconds=1)):
            self.assertEqual(late.state, "breached")
            self.assertEqual(late.search([*domain[1:], ("id", "=", late.id)]), late)
            self.run_cron(enforce)
            self.assertEqual(late.recorded_state, "breached")
            self.assertEqual(late.breached_at, CUTOFF)

    def test_batch_made_hours_late_is_late(self):
        """R-H01: what a stopped server hands over next morning is not on time."""
        order = self.confirm()
        self.hand_over(CUTOFF + timedelta(hours=15))
        self.assertEqual(
            order.sla_clock_ids.filtered(lambda c: c.code == "handoff").state,
            "breached",
        )

    def test_late_orders_roll_over(self):
        """R-H01: confirmed after the cut-off, handed over the next day."""
        with self.at(CUTOFF + timedelta(seconds=1)):
            order = self.confirm()
        self.hand_over()
        self.assertFalse(order.handoff_batch_id)
        self.hand_over(CUTOFF + timedelta(days=1, seconds=10))
        self.assertEqual(order.handoff_batch_id.date, date(2026, 11, 24))

    def test_running_twice_makes_one_batch(self):
        self.confirm()
        self.hand_over()
        self.hand_over(CUTOFF + timedelta(minutes=10))
        batches = self.env["aftersales.handoff.batch"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(batches), 1)

    def test_incomplete_order_goes_back_to_its_guide(self):
        """R-H02: returned with the exact list, in the next batch when mended."""
        order = self.confirm(commitment_date=False)
        whole = self.confirm()
        self.hand_over()
        batch = whole.handoff_batch_id
        self.assertEqual(batch.returned_order_ids, order)
        activity = order.activity_ids.filtered(
            lambda a: a.user_id == self.users["guide"]
        )
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.note)
        order.commitment_date = "2026-11-30 02:00:00"
        self.hand_over(CUTOFF + timedelta(days=1, seconds=10))
        self.assertEqual(order.aftersales_state, "handed_off")

    def test_acknowledge(self):
        """R-H01: the clerk confirms the receipt; once."""
        order = self.confirm()
        self.hand_over()
        batch = order.handoff_batch_id.with_user(self.users["agent"])
        result = batch.action_acknowledge()
        self.assertEqual(result["state"], "acknowledged")
        self.assertEqual(batch.acknowledged_by_id, self.users["agent"])
        self.assertFalse(batch.activity_ids)
        with self.assertRaises(UserError):
            batch.action_acknowledge()

    def test_clerk_returns_an_order(self):
        """R-H02: not handed off until the guide has mended and resubmitted it."""
        order = self.confirm()
        self.hand_over()
        batch = order.handoff_batch_id.with_user(self.users["agent"])
        with self.assertRaises(UserError):
            batch.action_return_order(order_id=order.id, reason=" ")
        dialog = {"act": "return_order", "record_id": order.id}
        dialog["reason"] = "客户电话打不通"
        batch.env["aftersales.reason.wizard"].create(dialog).action_save()
        self.assertEqual(order.aftersales_state, "incomplete")
        self.assertIn("客户电话打不通", order.handoff_issues)
        with self.assertRaises(UserError):
            batch.action_return_order(order_id=order.id, reason="again")
        order.with_user(self.users["guide"]).action_handoff_resubmit()
        self.assertEqual(order.aftersales_state, "pending")

    def test_companies_have_their_own_cutoff(self):
        other = self.env["res.company"].create(
            {"name": "柏林分公司", "aftersales_tz": "Europe/Berlin"}
        )
        moment = datetime(2026, 11, 23, 15, 0)
        self.assertEqual(
            other._aftersales_next_cutoff(moment), datetime(2026, 11, 23, 16, 0)
        )
        with self.assertRaises(ValidationError):
            other.aftersales_cutoff = 24

    def test_cancelled_order_leaves_nothing_running(self):
        order = self.confirm()
        order._action_cancel()
        self.assertEqual(order.sla_clock_ids.state, "cancelled")
        self.hand_over()
        self.assertFalse(order.handoff_batch_id)

    def test_who_may_see_and_act(self):
        """R-H01: clerks act, guides read, technicians and strangers don't see it."""
        order = self.confirm()
        self.hand_over()
        batch = order.handoff_batch_id
        for role in ("technician", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                batch.with_user(self.users[role]).read(["state"])
        self.assertTrue(batch.with_user(self.users["guide"]).read(["state"]))
        with self.assertRaises(AccessError):
            batch.with_user(self.users["guide"]).action_acknowledge()
        with self.assertRaises(UserError):
            batch.unlink()

    def test_many_orders_cost_few_queries_each(self):
        """R-H01: the batch of 30 orders needs less than 3 queries for each."""
        orders = self.env["sale.order"]
        for _n in range(30):
            orders += self.create_order(no_special_requests=True)
        orders.action_confirm()
        self.env.flush_all()
        before = self.cr.sql_log_count
        with self.at(CUTOFF):
            self.env["aftersales.handoff.batch"]._create_batch(self.company, CUTOFF)
            self.env.flush_all()
        self.assertEqual(len(orders.handoff_batch_id.order_ids), 30)
        self.assertLess((self.cr.sql_log_count - before) / 30, 3)


@tagged("post_install", "-at_install")
class TestGoodsReady(HandoffCase):
    def put_in_stock(self, serials, product=None):
        product = product or self.desk
        stock = self.env.ref("stock.warehouse0").lot_stock_id
        for serial in serials:
            lot = self.env["stock.lot"].create(
                {"name": serial, "product_id": product.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                product, stock, 1, lot_id=lot
            )

    def test_ready_at_confirmation_when_in_stock(self):
        """R-H05: noticed by the reservation itself, told to the guide once."""
        self.put_in_stock(["KZ-001"])
        order = self.confirm()
        self.assertEqual(order.goods_ready_at, MONDAY)
        self.assertEqual(order.aftersales_state, "pending", "hand-off comes first")
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.users["guide"])
        codes = set(order.sla_clock_ids.mapped("code"))
        self.assertEqual(codes, {"handoff"}, "nobody may agree a time yet")
        self.hand_over()
        clocks = {c.code: c for c in order.sla_clock_ids}
        self.assertLess({"handoff", "contact", "appointment"}, set(clocks))
        self.assertEqual(clocks["contact"].started_at, CUTOFF)
        self.assertEqual(clocks["contact"].deadline, CUTOFF + timedelta(days=1))

    def test_ready_when_the_last_line_arrives(self):
        """R-H05: once, when the last goods of the contract are reserved."""
        order = self.confirm(quantity=2)
        self.hand_over()
        self.put_in_stock(["KZ-001"])
        order.picking_ids.action_assign()
        self.assertFalse(order.goods_ready_at)
        self.put_in_stock(["KZ-002"])
        with self.at(CUTOFF + timedelta(hours=1)):
            order.picking_ids.with_user(self.users["warehouse"]).action_assign()
            self.assertEqual(order.goods_ready_at, CUTOFF + timedelta(hours=1))
        self.assertEqual(order.aftersales_state, "ready")
        clocks = {c.code: c for c in order.sla_clock_ids}
        self.assertEqual(clocks["factory_order"].state, "met")
        self.assertEqual(
            clocks["appointment"].deadline, CUTOFF + timedelta(days=3, hours=1)
        )
        order.picking_ids.action_assign()
        self.assertEqual(len(order.activity_ids), 1)

    def test_factory_order_by_the_end_of_the_next_day(self):
        """R-H04: what isn't in stock is ordered by the end of the next day."""
        order = self.confirm()
        self.hand_over()
        clock = order.sla_clock_ids.filtered(lambda c: c.code == "factory_order")
        self.assertEqual(clock.deadline, datetime(2026, 11, 24, 15, 59, 59))
        with self.at(CUTOFF + timedelta(hours=2)):
            order.with_user(self.users["agent"]).action_record_factory_order()
        self.assertEqual(
            (clock.state, order.aftersales_state), ("met", "in_production")
        )

    def test_stock_state_of_each_line(self):
        """R-H03: available now, or to be ordered."""
        self.put_in_stock(["KZ-001"])
        order = self.create_order().with_context(lang="en_US")
        missing = self.create_order(quantity=5).with_context(lang="en_US")
        self.assertEqual(order.order_line.aftersales_stock, "Available")
        self.assertEqual(missing.order_line.aftersales_stock, "To be ordered")


@tagged("post_install", "-at_install")
class TestContact(HandoffCase):
    WINDOW = {
        "agreed_start": "2026-11-25 01:00:00",
        "agreed_stop": "2026-11-25 03:00:00",
    }

    def setUp(self):
        super().setUp()
        self.order = self.confirm()
        self.order._mark_handed_off(MONDAY)

    def test_guide_records_the_agreed_time(self):
        """R-H06 R-H07: contact and appointment kept, the picking planned for it."""
        order = self.order.with_user(self.users["guide"])
        self.order._mark_goods_ready()
        result = order.action_record_contact(note="下午有人", **self.WINDOW)
        self.assertEqual(result["aftersales_state"], "contacted")
        self.assertEqual(result["agreed_start"], "2026-11-25 01:00:00")
        states = {c.code: c.state for c in self.order.sla_clock_ids}
        self.assertEqual((states["contact"], states["appointment"]), ("met", "met"))
        self.assertEqual(
            self.order.picking_ids.scheduled_date, datetime(2026, 11, 25, 1)
        )

    def test_bad_windows_are_refused(self):
        for start, stop in (
            ("2026-11-25 03:00:00", "2026-11-25 01:00:00"),
            ("2026-11-22 01:00:00", "2026-11-25 01:00:00"),
            ("tomorrow", "2026-11-25 01:00:00"),
            (None, None),
            (False, "2026-11-25 01:00:00"),
        ):
            with self.subTest(start=start), self.assertRaises(UserError):
                self.order.action_record_contact(agreed_start=start, agreed_stop=stop)
        self.assertFalse(self.order.contacted_at)

    def test_not_before_hand_off_or_confirmation(self):
        with self.assertRaises(UserError):
            self.confirm().action_record_contact(**self.WINDOW)
        with self.assertRaises(UserError):
            self.create_order().action_record_contact(**self.WINDOW)

    def test_two_orders_at_once(self):
        orders = self.order + self.confirm()
        orders._mark_handed_off(MONDAY)
        orders.action_record_contact(**self.WINDOW)
        self.assertEqual(orders.mapped("aftersales_state"), ["contacted"] * 2)

    def test_others_may_not_record(self):
        for role in ("stranger", "warehouse", "portal", "technician"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.order.with_user(self.users[role]).action_record_contact(
                    **self.WINDOW
                )

    def test_wizard_records_too(self):
        wizard = self.env["aftersales.contact.wizard"].with_user(self.users["guide"])
        wizard.create({"order_id": self.order.id, **self.WINDOW}).action_save()
        self.assertEqual(self.order.aftersales_state, "contacted")
