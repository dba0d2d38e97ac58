from datetime import date, datetime, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .plan_common import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestVisitPlan(PlanCase):
    def test_visits_are_made_ahead_of_their_date(self):
        """R-V01 R-V06: the visit, its number, date, units and its promise."""
        plan = self.plan()
        self.assertEqual(plan.next_date, date(2027, 2, 23))
        self.run_until(61)
        self.assertFalse(plan.visit_ids, "31 days ahead is too early")
        self.run_until(62)
        visit = plan.visit_ids
        self.assertRecordValues(
            visit,
            [
                {
                    "plan_index": 1,
                    "planned_date": date(2027, 2, 23),
                    # 14 days of grace, last second of the day in Shanghai
                    "plan_deadline": datetime(2027, 3, 9, 15, 59, 59),
                    "kind": "inspection",
                    "state": "draft",
                    "lot_ids": self.lots.ids,
                    "partner_id": self.partner.id,
                }
            ],
        )
        self.assertTrue(visit.name.startswith("V2"))
        clock = visit.sla_clock_ids
        self.assertEqual((clock.code, clock.deadline), ("due", visit.plan_deadline))
        self.assertEqual(plan.next_date, date(2027, 5, 23))
        self.run_until(62)
        self.assertEqual(len(plan.visit_ids), 1, "a second run makes nothing")

    def test_dates_do_not_drift(self):
        """R-V01: a moved visit moves no other; the plan keeps its anchor."""
        plan = self.plan()
        self.run_until(62)
        with self.at(MONDAY + timedelta(days=63)):
            plan.visit_ids.action_reschedule(
                start="2027-03-05 01:00:00",
                stop="2027-03-05 03:00:00",
                reason="客户放假",
            )
        self.run_until(151)
        days = plan.visit_ids.sorted("plan_index").mapped("planned_date")
        self.assertEqual(days, [date(2027, 2, 23), date(2027, 5, 23)])
        self.assertEqual(plan.visit_ids.reschedule_ids.reason, "客户放假")

    def test_phases_switch_by_themselves(self):
        """R-V01 R-V03: after a year the interval is six months."""
        plan = self.plan()
        self.run_until(800)
        days = [str(v.planned_date) for v in plan.visit_ids.sorted("plan_index")]
        self.assertEqual(
            days,
            ["2027-02-23", "2027-05-23", "2027-08-23", "2027-11-23", "2028-05-23"]
            + ["2028-11-23"],
        )
        self.assertEqual(plan.phase_id.interval_months, 6)

    def test_plan_in_the_database_twice(self):
        """R-V06: two schedulers can't make a visit twice."""
        plan = self.plan()
        plan._generate()
        plan.flush_recordset()
        plan.write({"next_index": 1})
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            plan._generate()

    def test_a_plan_that_fails_stops_no_other(self):
        """A plan that can't be carried out is suspended and told; the rest goes on."""
        good, bad = self.plan(), self.plan()
        bad._generate()
        bad.write({"next_index": 1, "next_date": good.next_date})
        with mute_logger("odoo.sql_db"):
            self.run_until(62)
        self.assertEqual(len(good.visit_ids), 1)
        self.assertEqual(bad.state, "suspended")
        self.assertIn(self.users["supervisor"], bad.activity_ids.user_id)

    def test_terms_are_frozen(self):
        """A template that changes leaves the plans that run as they are."""
        plan = self.plan()
        self.template.phase_ids.interval_months = 1
        self.template.grace_days = 1
        self.assertEqual(plan.phase_ids.mapped("interval_months"), [3, 6])
        self.assertEqual(plan.grace_days, 14)
        agent = self.as_role(plan, "agent")
        for change in (
            {"start_date": TODAY + timedelta(1)},
            {"grace_days": 90},
            {"next_date": TODAY},
            {"state": "draft"},
            {"company_id": self.env["res.company"].create({"name": "分公司"}).id},
        ):
            with self.subTest(change), self.assertRaises(UserError):
                agent.write(change)
        with self.assertRaises(UserError):
            agent.phase_ids[0].interval_months = 24
        with self.assertRaises(UserError):
            agent.unlink()

    def test_bad_input(self):
        """Zero and negative intervals, phases that end before they start."""
        for months in (0, -3):
            with (
                self.subTest(months=months),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.create_template([(months, "open", 0)])
        for phases in (
            [(3, "months", 12), (6, "months", 6)],
            [(3, "open", 0), (6, "open", 0)],
            [(3, "months", 2)],
            [],
        ):
            self.template = self.create_template(phases)
            with self.subTest(phases), self.assertRaises(UserError):
                self.plan()
        with self.assertRaises(ValidationError):
            self.template.order_domain = "[('nonsense', '=', 1)]"

    def test_started_late(self):
        """What lay before the plan was made isn't promised by it."""
        plan = self.plan(start_date=date(2026, 1, 31))
        self.assertEqual((plan.next_index, plan.next_date), (4, date(2027, 1, 31)))
        dates = plan.get_dates()
        self.assertEqual([d["result"] for d in dates[:4]], ["before"] * 3 + ["planned"])

    def test_plan_with_an_end(self):
        """A plan without further dates ends with its last visit."""
        self.template = self.create_template([(3, "months", 6)])
        plan = self.plan()
        self.run_until(200)
        self.assertFalse(plan.next_date)
        self.assertEqual(plan.state, "running")
        plan.visit_ids.mode = "phone"
        with self.at(MONDAY + timedelta(days=201)):
            plan.visit_ids.action_complete(vals={"outcome": "正常"})
        self.assertEqual(plan.state, "ended")
        self.assertTrue(plan.end_reason)

    def test_calls_have_their_hour(self):
        """R-V02: a revisit by phone is in the call list at its day."""
        self.template.phase_ids.mode = "phone"
        plan = self.plan()
        self.run_until(62)
        # 9:00 in Shanghai
        start = plan.visit_ids.scheduled_start
        self.assertEqual(start, datetime(2027, 2, 23, 1))

    def test_many_due_visits(self):
        """More than a batch, and several dates of one plan, in one run."""
        plans = self.env["aftersales.visit.plan"]
        for _number in range(3):
            plans += self.plan()
        self.patch(type(plans), "_take_due", _take_two)
        self.run_until(160)
        self.assertEqual([len(plan.visit_ids) for plan in plans], [2, 2, 2])

    def test_queries(self):
        """Nothing due: 5 queries at most; a due visit: less than one each."""
        plans = self.env["aftersales.visit.plan"].create(
            [
                {
                    "partner_id": self.partner.id,
                    "template_id": self.template.id,
                    "start_date": TODAY,
                }
                for _number in range(60)
            ]
        )
        plans.action_start()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.assertFalse(plans._take_due())
        with self.at(MONDAY + timedelta(days=62)):
            plans[:10]._generate()  # warm
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            due = plans._take_due()
            due._generate()
            self.env.flush_all()
            self.assertEqual(len(due), 50)
            self.assertLessEqual(self.env.cr.sql_log_count - before, 50)


def _take_two(self):
    return self.search(self._get_due_domain(), limit=2, order="generate_on, id")


@tagged("post_install", "-at_install")
class TestVisitPlanStart(PlanCase):
    def accepted_order(self, **vals):
        order = self.create_order(**vals)
        order.action_confirm()
        order._on_accepted(MONDAY)
        return order

    def test_acceptance_starts_the_plans(self):
        """R-V01 R-V02 R-V05: by the templates that fit; projects are surveyed."""
        clauses = self.accepted_order().visit_plan_ids.template_id.mapped("clause")
        self.assertEqual(sorted(filter(None, clauses)), ["R-V01", "R-V02"])
        project = self.accepted_order(is_project=True)
        plans = project.visit_plan_ids
        self.assertIn("R-V05", plans.template_id.mapped("clause"))
        self.assertEqual(set(plans.mapped("state")), {"running"})
        project._on_accepted(MONDAY)
        self.assertEqual(project.visit_plan_ids, plans, "accepted again: nothing twice")
        survey = plans.filtered(lambda p: p.template_id.clause == "R-V05")
        self.assertEqual(survey.next_date, date(2026, 12, 23))

    def test_by_hand(self):
        """R-V02: half-yearly instead of three times a year, once for an order."""
        order = self.create_order()
        order.action_confirm()
        half = self.env.ref("aftersales_service.visit_plan_template_revisit_half_year")
        agent = self.as_role(order, "agent")
        result = agent.action_start_visit_plan(half.id, "2026-11-30")
        self.assertEqual(result["next_date"], "2027-05-30")
        with self.assertRaises(UserError):
            agent.action_start_visit_plan(half.id)
        with self.assertRaises(UserError):
            agent.action_start_visit_plan(0)
        with self.assertRaises(AccessError):
            self.as_role(order, "stranger").action_start_visit_plan(half.id)

    def test_started_in_one_call(self):
        """R-V01: by another program; what is missing or unknown is named."""
        plans = self.as_role(self.env["aftersales.visit.plan"], "agent")
        vals = {"template_id": self.template.id, "partner_id": self.partner.id}
        result = plans.start_plan(vals | {"lot_ids": self.lots.ids})
        self.assertEqual(
            (result["state"], result["next_date"]), ("running", "2027-02-23")
        )
        for bad in (
            {"template_id": False},
            {"partner_id": False},
            {"colour": 1},
        ):
            with self.subTest(bad), self.assertRaises(UserError):
                plans.start_plan(vals | bad)
        with self.assertRaises(AccessError):
            self.as_role(plans, "technician").start_plan(vals)

    def test_key_customer(self):
        """R-V04: the flag starts a yearly plan whose visits need a written report."""
        self.partner.is_key_customer = True
        self.partner.is_key_customer = True
        plan = self.env["aftersales.visit.plan"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual(plan.next_date, date(2027, 11, 23))
        plan._generate()
        visit = plan.visit_ids
        visit.mode = "phone"
        with self.assertRaisesRegex(UserError, visit.name):
            visit.action_complete(vals={"outcome": "正常"})
        visit.action_complete(vals={"report": "设备运行正常，建议更换滤芯。"})
        self.assertEqual(visit.state, "done")

    def test_cancelled_order(self):
        """A cancelled contract promises nothing any more; the supervisor is told."""
        order = self.accepted_order()
        plans = order.visit_plan_ids
        plans._generate()
        order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual(set(plans.mapped("state")), {"ended"})
        self.assertEqual(set(plans.visit_ids.mapped("state")), {"cancelled"})
        self.assertEqual(set(plans.commitment_ids.mapped("result")), {"released"})
        self.assertIn(self.users["supervisor"], plans.activity_ids.user_id)


@tagged("post_install", "-at_install")
class TestVisitPlanAccess(PlanCase):
    def test_roles(self):
        """Agents plan; technicians see the plans of their visits, guides theirs."""
        plan = self.plan()
        plan._generate()
        self.assertEqual(self.as_role(plan, "agent").name, plan.name)
        for role in ("technician", "guide", "stranger", "portal", "warehouse"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(plan, role).read(["name"])
        plan.visit_ids.action_assign(employee_ids=self.technician.ids)
        self.assertEqual(self.as_role(plan, "technician").name, plan.name)
        rows = self.env["aftersales.visit.commitment"]
        self.assertTrue(self.as_role(rows, "technician").search([]))
        self.assertFalse(self.as_role(rows, "guide").search([]))
        with self.assertRaises(AccessError):
            self.as_role(rows, "stranger").search([])
        for role in ("agent", "supervisor", "technician"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(self.template, role).write({"grace_days": 99})

    def test_customer_sees_the_coming_visits(self):
        """R-V01: only the own ones."""
        user = self.users["portal"]
        mine = self.plan(partner_id=user.partner_id.id)
        self.plan()
        found = self.env["aftersales.visit.plan"].with_user(user).search([])
        self.assertEqual(found, mine)

    def test_other_company(self):
        """Plans of another company stay there."""
        branch = self.env["res.company"].create({"name": "分公司"})
        plan = self.plan(company_id=branch.id, lot_ids=[Command.clear()])
        self.run_until(62)
        self.assertEqual(plan.visit_ids.company_id, branch)
        agent = self.as_role(plan, "agent")
        with self.assertRaises(AccessError):
            agent.read(["name"])
        order = self.create_order()
        with self.assertRaises(UserError):
            self.plan(company_id=branch.id, order_id=order.id)

    def test_promises_are_not_written_by_hand(self):
        """R-V06: neither date nor deadline of a promised visit."""
        plan = self.plan()
        plan._generate()
        visit = self.as_role(plan.visit_ids, "manager")
        for name in ("planned_date", "plan_deadline", "plan_index", "plan_released"):
            with self.subTest(name), self.assertRaises(UserError):
                visit.write({name: not visit[name]})
        with self.assertRaises(UserError):
            visit.unlink()
        with self.assertRaises(UserError):
            visit.create({"partner_id": self.partner.id, "plan_index": 7})
