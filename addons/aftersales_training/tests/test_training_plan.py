from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common import MONDAY, AftersalesCase

PEOPLE = [
    {"name": f"学员{number:02d}", "phone": f"139000{number:05d}"}
    for number in range(35)
]


@tagged("post_install", "-at_install")
class TestTrainingPlan(AftersalesCase):
    def setUp(self):
        super().setUp()
        self.desk.product_tmpl_id.aftersales_training = True
        self.order = self.create_order()
        self.order.action_confirm()
        self.plan = self.order.training_plan_ids

    def commission(self):
        self.plan.action_commissioned()
        return self.plan.action_generate_sessions()

    def test_contract_with_training_gets_its_plan(self):
        """R-T01: 35 people by default, one plan for an order."""
        self.assertEqual((self.plan.headcount, self.plan.state), (35, "draft"))
        self.desk.product_tmpl_id.aftersales_training = False
        other = self.create_order()
        other.action_confirm()
        self.assertFalse(other.training_plan_ids)

    def test_two_orders_at_once(self):
        orders = self.create_order() + self.create_order(training_headcount=12)
        orders.action_confirm()
        self.assertEqual(orders.training_plan_ids.mapped("headcount"), [35, 12])

    def test_sessions_from_their_anchors(self):
        """R-T02 R-T03: observation a month before commissioning starts, at 9:00."""
        self.plan.commissioning_start = "2027-03-31"
        (session,) = self.plan.action_generate_sessions()
        event = self.env["event.event"].browse(session)
        self.assertEqual(event.date_begin, datetime(2027, 2, 28, 1))
        self.assertFalse(event.event_mail_ids)
        self.assertEqual(self.plan.action_generate_sessions(), [session])

    def test_handover_within_a_week(self):
        """R-T05: seven days from commissioning; each of the three items."""
        self.plan.action_commissioned()
        clock = self.plan.sla_clock_ids
        self.assertEqual(clock.deadline, MONDAY + timedelta(days=7))
        vals = {
            "commissioning_report": True,
            "operating_manual": True,
            "minutes": "逐台讲解操作要点",
            "participants": "王主任，李师傅",
        }
        with self.assertRaises(UserError):
            self.plan.action_hold_handover(vals=vals)
        self.plan.action_hold_handover(vals=vals | {"key_points": True})
        self.assertEqual(clock.state, "met")

    def test_customer_decides_date_and_place(self):
        """R-T04: who chose what is recorded."""
        session = self.commission()[0]
        result = self.plan.action_record_customer_choice(
            event_id=session,
            start="2026-12-01 01:00:00",
            stop="2026-12-01 04:00:00",
            place="学校报告厅",
            chosen_by="王主任",
        )
        self.assertEqual(result["date_begin"], "2026-12-01 01:00:00")
        event = self.env["event.event"].browse(session)
        self.assertEqual(event.aftersales_chosen_by, "王主任")
        for bad in ({"place": " "}, {"event_id": 0}, {"stop": "2026-11-30 01:00:00"}):
            kwargs = {
                "event_id": session,
                "start": "2026-12-01 01:00:00",
                "stop": "2026-12-01 04:00:00",
                "place": "学校",
                "chosen_by": "王主任",
            } | bad
            with self.subTest(bad=bad), self.assertRaises(UserError):
                self.plan.action_record_customer_choice(**kwargs)

    def test_people_are_imported_once_and_never_too_many(self):
        """R-T01 R-T07: 35 are promised; the 36th and wrong rows are refused whole."""
        self.commission()
        same = {"name": "学员一", "phone": "+86 139 0000 0001"}
        with self.assertRaises(UserError):
            self.plan.import_attendees(rows=[*PEOPLE, {"name": "第三十六人"}])
        with self.assertRaisesRegex(UserError, "2"):
            self.plan.import_attendees(rows=[PEOPLE[0], {"phone": "1"}])
        result = self.plan.import_attendees(rows=PEOPLE)
        self.assertEqual(result, {"created": 35, "merged": 0})
        again = self.plan.import_attendees(rows=[same])
        self.assertEqual(again, {"created": 0, "merged": 1})

    def test_trained_are_distinct_people_who_attended(self):
        """R-T01 R-T07: attendance counts, not seats."""
        self.commission()
        session = self.plan.event_ids.filtered(
            lambda e: e.aftersales_template_id.kind == "operation"
        )
        self.plan.import_attendees(rows=PEOPLE, event_id=session.id)
        with self.assertRaises(UserError):
            self.plan.action_mark_attended(event_id=session.id)
        with self.at(MONDAY + timedelta(days=30)):
            result = self.plan.action_mark_attended(event_id=session.id)
        self.assertEqual((result["trained_count"], result["missing_count"]), (35, 0))
        self.assertEqual(self.plan.state, "done")

    def test_acceptance_starts_the_period(self):
        """R-A04 R-T06: the contract's period runs from the acceptance."""
        acceptance = self.env["aftersales.acceptance"].create(
            {"order_id": self.order.id, "accepted_on": MONDAY}
        )
        acceptance._on_accepted()
        clock = self.plan.sla_clock_ids
        self.assertEqual(
            (clock.code, clock.deadline.date()),
            ("trained", (MONDAY + timedelta(days=90)).date()),
        )

    def test_cancelled_order_cancels_the_plan(self):
        self.plan.action_commissioned()
        self.order._action_cancel()
        self.assertEqual(self.plan.state, "cancelled")
        self.assertEqual(self.plan.sla_clock_ids.state, "cancelled")
        with self.assertRaises(UserError):
            self.plan.action_generate_sessions()

    def test_who_sees_a_plan(self):
        """R-T01: after-sales all, guides their own orders', strangers none."""
        for role, seen in (("agent", True), ("guide", True), ("technician", False)):
            found = self.plan.with_user(self.users[role]).search([])
            with self.subTest(role=role):
                self.assertEqual(self.plan in found, seen)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.users["stranger"]).search([])
        with self.assertRaises(AccessError):
            self.plan.with_user(self.users["guide"]).action_generate_sessions()
        with mute_logger("odoo.models.unlink"), self.assertRaises(UserError):
            self.plan.unlink()
