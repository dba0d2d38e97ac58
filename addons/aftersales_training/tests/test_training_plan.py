from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common import MONDAY

from .training_common import PEOPLE, TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingPlan(TrainingCase):
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

    def test_impossible_numbers_are_refused(self):
        """R-T01: no negative headcount, period or pass mark."""
        template = self.env.ref("aftersales_training.template_use")
        for record, name, value in (
            (self.order, "training_headcount", -1),
            (self.order, "training_days", 0),
            (self.plan, "headcount", -35),
            (self.plan, "training_days", -1),
            (self.company, "aftersales_training_headcount", 0),
            (template, "pass_mark", 101),
        ):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record[name] = value
                record.flush_recordset()
            record.invalidate_recordset()

    def test_sessions_from_their_anchors(self):
        """R-T02 R-T03: observation a month before commissioning starts, at 9:00."""
        self.plan.commissioning_start = "2027-03-31"
        (session,) = self.plan.action_generate_sessions()
        event = self.env["event.event"].browse(session)
        self.assertEqual(event.date_begin, datetime(2027, 2, 28, 1))
        self.assertFalse(event.event_mail_ids)
        self.assertEqual(self.plan.action_generate_sessions(), [session])

    def test_commissioning_nearer_than_a_month(self):
        """R-T03: then the observation begins with the commissioning."""
        self.plan.commissioning_start = "2026-12-01"
        self.assertEqual(
            self.session("observation").date_begin, datetime(2026, 12, 1, 1)
        )
        self.plan.commissioning_start = MONDAY.date()
        self.assertEqual(
            self.session("observation").date_begin, datetime(2026, 11, 24, 1)
        )

    def test_dates_moved_and_removed(self):
        """R-T03 R-T04: proposals follow; what the customer decided stays."""
        self.plan.write(
            {"commissioning_start": "2027-01-10", "commissioning_end": "2027-01-20"}
        )
        self.choose(self.session("operation"))
        decided = self.session("operation").date_begin
        self.plan.commissioning_end = "2027-01-25"
        self.assertEqual(self.session("operation").date_begin, decided)
        self.assertEqual(self.session("handover").date_begin, datetime(2027, 1, 30, 1))
        self.plan.commissioning_end = False
        self.assertFalse(self.session("handover"))
        self.assertEqual(self.session("operation").date_begin, decided)
        self.plan.commissioning_end = "2027-01-26"
        self.assertEqual(self.session("handover").date_begin, datetime(2027, 1, 31, 1))
        self.assertEqual(len(self.session("handover")), 1)

    def test_end_before_start_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.plan.write(
                {"commissioning_start": "2027-01-10", "commissioning_end": "2027-01-01"}
            )
            self.plan.flush_recordset()

    def test_corrected_commissioning_moves_the_promise(self):
        """R-T05: the week counts from the corrected day; a future one has no week."""
        self.plan.action_commissioned()
        self.plan.write({"commissioning_start": "2026-11-20"})
        self.plan.write({"commissioning_end": "2026-11-21"})
        clocks = self.plan.sla_clock_ids.filtered(lambda c: c.code == "handover")
        self.assertEqual(clocks.mapped("state"), ["cancelled", "running"])
        # 18:00 in Shanghai of the corrected day
        self.assertEqual(clocks[1].deadline, datetime(2026, 11, 28, 10))
        self.plan.commissioning_end = "2026-12-20"
        self.assertFalse(self.plan.commissioned_at)
        self.env.invalidate_all()
        self.assertEqual(set(clocks.mapped("state")), {"cancelled"})

    def test_curriculum_follows_the_products(self):
        """R-T02: monitoring and installed equipment have sessions of their own."""
        self.commission()
        kinds = set(self.plan.event_ids.mapped("aftersales_kind"))
        self.assertLessEqual({"operation", "maintenance", "handover"}, kinds)
        self.assertFalse(kinds & {"dismantling", "monitoring"})
        self.desk.product_tmpl_id.aftersales_installation = True
        parent = self.env.ref("aftersales_training.product_category_monitoring")
        self.desk.categ_id = self.env["product.category"].create(
            {"name": "摄像机", "parent_id": parent.id}
        )
        self.plan.action_generate_sessions()
        kinds = set(self.plan.event_ids.mapped("aftersales_kind"))
        self.assertLessEqual({"dismantling", "monitoring"}, kinds)
        template = self.env.ref("aftersales_training.template_monitoring")
        content = self.session("monitoring").aftersales_content
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        contents = [template.with_context(lang=code).content for code in codes]
        self.assertIn(content, [*contents, template.content])

    def test_changed_template_changes_no_promise(self):
        """R-T02: a session keeps what it was planned under."""
        template = self.env.ref("aftersales_training.template_operation")
        self.commission()
        template.write({"pass_mark": 90, "counts": False})
        self.assertFalse(self.session().aftersales_pass_mark)
        self.assertTrue(self.session().aftersales_counts)

    def test_commissioning_visit_dates_the_training(self):
        """R-T03 R-T05: agreed, moved and completed by the visit."""
        visit = self.env["aftersales.visit"].create(
            {
                "kind": "commissioning",
                "order_id": self.order.id,
                "partner_id": self.partner.id,
                "scheduled_start": "2027-02-01 02:00:00",
                "scheduled_stop": "2027-02-01 04:00:00",
            }
        )
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        self.assertEqual(self.plan.commissioning_start, date(2027, 2, 1))
        self.assertEqual(
            self.session("observation").date_begin.date(), date(2027, 1, 1)
        )
        visit.action_reschedule(
            start="2027-02-08 02:00:00", stop="2027-02-08 04:00:00", reason="停电"
        )
        self.assertEqual(self.plan.commissioning_start, date(2027, 2, 8))
        with self.at("2027-02-08 05:00:00"):
            visit.write({"state": "done", "completed_at": fields.Datetime.now()})
            visit._on_completed()
            self.assertEqual(self.plan.commissioned_at, datetime(2027, 2, 8, 5))
            self.assertEqual(self.plan.sla_clock_ids.code, "handover")

    def test_acceptance_starts_the_period(self):
        """R-A04 R-T06: the contract's own period runs from the acceptance."""
        self.plan.training_days = 60
        acceptance = self.env["aftersales.acceptance"].create(
            {"order_id": self.order.id, "accepted_on": MONDAY}
        )
        acceptance._on_accepted()
        clock = self.plan.sla_clock_ids
        # last second of the local day
        self.assertEqual(
            (clock.code, clock.deadline),
            ("trained", datetime(2027, 1, 22, 15, 59, 59)),
        )
        self.assertTrue(self.session("use"))
        self.plan.training_days = 90
        clock = self.plan.sla_clock_ids.filtered(lambda c: c.state == "running")
        self.assertEqual(clock.deadline.date(), (MONDAY + timedelta(days=90)).date())

    def test_planned_after_the_acceptance(self):
        """R-T06: a plan made later counts from the acceptance, too."""
        order = self.order.copy()
        order.order_line.product_id.aftersales_training = False
        order.action_confirm()
        self.assertFalse(order.training_plan_ids)
        self.env["aftersales.acceptance"].create(
            {"order_id": order.id, "accepted_on": MONDAY - timedelta(days=10)}
        )
        plan = self.env["aftersales.training.plan"].create({"order_id": order.id})
        self.assertEqual(plan.accepted_on, MONDAY - timedelta(days=10))
        self.assertEqual(plan.sla_clock_ids.started_at, plan.accepted_on)

    def test_all_trained_keeps_the_promise(self):
        """R-T01: before or after the acceptance."""
        self.plan.headcount = 1
        self.commission()
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.session().id)
        with self.during(self.session()):
            self.plan.action_mark_attended(event_id=self.session().id)
            self.plan._accepted(fields.Datetime.now())
            clock = self.plan.sla_clock_ids.filtered(lambda c: c.code == "trained")
            self.assertEqual(clock.state, "met")

    def test_shortfall_is_raised_before_the_period_ends(self):
        """R-T01: once, thirty days ahead, to the organiser, with names."""
        self.plan.user_id = self.users["agent"]
        self.commission()
        self.plan.import_attendees(rows=PEOPLE[:2])
        self.plan._accepted(MONDAY)
        self.run_cron("aftersales_training.cron_raise_shortfalls")
        self.assertFalse(self.plan.activity_ids)
        with self.at(MONDAY + timedelta(days=61)):
            self.run_cron("aftersales_training.cron_raise_shortfalls")
            self.run_cron("aftersales_training.cron_raise_shortfalls")
            mine = self.plan.activity_ids.filtered(
                lambda a: a.user_id == self.users["agent"]
            )
            self.assertEqual(len(mine), 1)
            self.assertIn("35", mine.summary)
            self.assertIn("学员00", mine.note)
            self.assertIn("33", mine.note)
            self.assertIn("35", self.plan.warning)

    def test_warnings_of_the_clock_come_before_its_end(self):
        """R-T01: the ledger warns organiser and supervisor at 50 and 80 %."""
        self.plan._accepted(MONDAY)
        clock = self.plan.sla_clock_ids
        self.assertEqual(clock.warn_at, "50,80")
        with self.at(MONDAY + timedelta(days=50)):
            self.assertTrue(clock.at_risk)

    def test_cancelled_order_cancels_the_plan(self):
        """R-T01: sessions not held go, people are free, nothing more is planned."""
        self.commission()
        self.plan.import_attendees(rows=PEOPLE[:3])
        self.order._action_cancel()
        self.assertEqual(self.plan.state, "cancelled")
        self.assertEqual(self.plan.sla_clock_ids.state, "cancelled")
        events = self.plan.event_ids
        self.assertEqual(set(events.mapped("aftersales_state")), {"cancelled"})
        self.assertEqual(self.plan.booked_count, 0)
        for act in (
            self.plan.action_generate_sessions,
            lambda: self.plan.import_attendees(rows=PEOPLE),
            lambda: self.env["event.registration"].create(
                {"event_id": events[0].id, "name": "来晚了"}
            ),
        ):
            with self.assertRaises(UserError):
                act()

    def test_order_confirmed_again_revives_the_plan(self):
        """R-T01: with what the contract says then."""
        self.commission()
        self.order._action_cancel()
        self.order.write({"state": "draft", "training_headcount": 20})
        self.order.action_confirm()
        self.assertEqual(self.order.training_plan_ids, self.plan)
        self.assertEqual((self.plan.headcount, self.plan.is_cancelled), (20, False))
        self.assertEqual(
            set(self.session().mapped("aftersales_state")), {"cancelled", "proposed"}
        )

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

    def test_acts_are_not_written(self):
        """R-T01: no client writes what only an act records."""
        plan = self.plan.with_user(self.users["manager"])
        order = self.create_order()
        for vals in (
            {"is_cancelled": True},
            {"state": "done"},
            {"order_id": order.id},
            {"company_id": self.env["res.company"].create({"name": "北京"}).id},
            {"accepted_on": "2026-01-01 00:00:00"},
            {"commissioned_at": "2026-01-01 00:00:00"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                plan.write(vals)

    def test_the_promise_is_changed_by_supervisors(self):
        """R-T01: neither how many people nor by when, on an agent's word."""
        agent = self.plan.with_user(self.users["agent"])
        for vals in ({"headcount": 1}, {"training_days": 900}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                agent.write(vals)
        with self.assertRaises(AccessError):
            agent.create({"order_id": self.create_order().id, "headcount": 1})
        agent.write({"headcount": self.plan.headcount})
        self.plan.with_user(self.users["supervisor"]).headcount = 36
        self.assertEqual(self.plan.headcount, 36)

    def test_the_liaison_is_the_customers(self):
        """R-T08: nobody of another customer or of another of our companies."""
        other = self.env["res.partner"].create({"name": "别的学校", "is_company": True})
        company = self.env["res.company"].create({"name": "杭州分公司"})
        people = self.env["res.partner"].create(
            [
                {"name": "赵主任", "parent_id": other.id},
                {"name": "钱主任", "company_id": company.id},
                {"name": "孙主任", "parent_id": self.plan.partner_id.id},
            ]
        )
        for wrong in people[:2] | other:
            with self.subTest(who=wrong.name), self.assertRaises(UserError):
                self.plan.liaison_id = wrong
        self.plan.liaison_id = people[2]

    def test_liaison_follows_from_commissioning_to_operation(self):
        """R-T08: invited to observation and handover, told by mail, replaced whole."""
        self.plan.commissioning_start = "2026-12-20"
        self.assertIn("liaison", self.plan.warning)
        first, second = self.env["res.partner"].create(
            [
                {
                    "name": "王主任",
                    "phone": "13900009999",
                    "parent_id": self.partner.id,
                },
                {
                    "name": "李主任",
                    "phone": "13900008888",
                    "parent_id": self.partner.id,
                },
            ]
        )
        self.plan.liaison_id = first
        self.assertFalse(self.plan.warning)
        self.assertIn(first, self.plan.message_partner_ids)
        observation = self.session("observation")
        self.assertRecordValues(
            observation.registration_ids,
            [{"name": "王主任", "aftersales_role": "liaison", "state": "open"}],
        )
        self.assertEqual(self.plan.booked_count, 0)
        self.plan.liaison_id = second
        self.assertNotIn(first, self.plan.message_partner_ids)
        present = observation.registration_ids.filtered(lambda r: r.state == "open")
        self.assertEqual(present.mapped("name"), ["李主任"])
        self.commission()
        self.assertEqual(self.session("handover").registration_ids.name, "李主任")
