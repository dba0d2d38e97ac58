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
class TestVisitPlanLife(PlanCase):
    def due_plan(self, **vals):
        plan = self.plan(**vals)
        self.run_until(62)
        return plan

    def result(self, plan, days):
        with self.at(MONDAY + timedelta(days=days)):
            self.env.invalidate_all()
            return plan.commitment_ids.mapped("result")

    def test_missed_visits_are_raised(self):
        """R-V06: after the grace the supervisor is told; the row says missed."""
        plan = self.due_plan()
        self.assertEqual(self.result(plan, 62), ["coming"])
        self.assertEqual(self.result(plan, 92), ["due"])
        self.assertEqual(self.result(plan, 107), ["missed"])
        with self.at(MONDAY + timedelta(days=107)):
            self.run_cron("aftersales_service.ir_cron_enforce_clocks")
            clock = plan.visit_ids.sla_clock_ids
            self.assertEqual(clock.recorded_state, "breached")
            people = clock.escalation_ids.user_ids
            self.assertIn(self.users["supervisor"], people)
        with self.at(MONDAY + timedelta(days=110)):
            plan.visit_ids.mode = "phone"
            plan.visit_ids.action_complete(vals={"outcome": "补做"})
        self.assertEqual(self.result(plan, 111), ["late"])
        row = plan.commitment_ids
        self.assertEqual((row.promised, row.done, row.missed), (1, 1, 0))

    def test_done_in_time(self):
        plan = self.due_plan()
        with self.at(MONDAY + timedelta(days=92)):
            plan.visit_ids.mode = "phone"
            plan.visit_ids.action_complete(vals={"outcome": "正常"})
        self.assertEqual(plan.visit_ids.sla_clock_ids.state, "met")
        self.assertEqual(self.result(plan, 200), ["done"])

    def test_failed_visit_keeps_its_promise(self):
        """R-V06: what follows a failed visit has the same number and deadline."""
        plan = self.due_plan()
        visit = plan.visit_ids
        with self.at(MONDAY + timedelta(days=90)):
            visit.sudo().state = "confirmed"
            result = visit.action_fail(reason="客户停电")
            following = visit.browse(result["next_visit_id"])
        self.assertEqual(
            (following.plan_index, following.plan_deadline, following.plan_id),
            (1, visit.plan_deadline, plan),
        )
        self.assertEqual(following.sla_clock_ids.mapped("code"), ["due"])
        self.assertEqual(visit.sla_clock_ids.recorded_state, "cancelled")
        self.assertEqual(len(plan.commitment_ids), 1, "one promise")
        self.assertEqual(self.result(plan, 107), ["missed"])

    def test_partly_done(self):
        """R-V06: units that were left over stay promised with the same deadline."""
        plan = self.due_plan()
        visit, (first, second) = plan.visit_ids, self.lots
        visit.mode = "phone"
        with self.at(MONDAY + timedelta(days=92)):
            for bad in ([], self.lots.ids, [first.id, 999999]):
                with self.subTest(bad), self.assertRaises(UserError):
                    visit.action_complete_partly(bad, "机房锁着")
            result = visit.action_complete_partly([first.id], "机房锁着")
        rest = visit.browse(result["next_visit_id"])
        self.assertEqual((visit.lot_ids, rest.lot_ids), (first, second))
        self.assertEqual(self.result(plan, 93), ["partly"])
        with self.at(MONDAY + timedelta(days=95)):
            rest.action_complete(vals={"outcome": "补做"})
        self.assertEqual(self.result(plan, 96), ["done"])

    def test_carried_over(self):
        """R-V06: given up in favour of the next one, by a supervisor with a reason."""
        plan = self.due_plan()
        visit = plan.visit_ids
        with self.assertRaises(AccessError):
            self.as_role(visit, "agent").action_carry_over(reason="合并")
        supervisor = self.as_role(visit, "supervisor")
        with self.assertRaises(UserError):
            supervisor.action_carry_over(reason=" ")
        with self.at(MONDAY + timedelta(days=95)):
            result = supervisor.action_carry_over(reason="客户要求合并")
        self.assertEqual(visit.carried_to_id.plan_index, 2)
        self.assertEqual(result["next_visit_id"], visit.carried_to_id.id)
        first = plan.commitment_ids.filtered(lambda r: r.plan_index == 1)
        self.assertEqual((first.result, first.missed), ("given_up", 1))
        self.assertEqual(plan.next_date, date(2027, 8, 23), "the next is made already")

    def test_suspended_and_resumed(self):
        """R-V06: why, by whom, from when to when; dates stay counted from the start."""
        plan = self.due_plan()
        supervisor = self.as_role(plan, "supervisor")
        with self.assertRaises(AccessError):
            self.as_role(plan, "agent").action_suspend(reason="装修")
        with self.at(MONDAY + timedelta(days=65)):
            supervisor.action_suspend(reason="客户装修停业")
        self.assertEqual(plan.visit_ids.state, "cancelled")
        self.assertEqual(plan.commitment_ids.result, "released")
        self.run_until(250)
        self.assertEqual(len(plan.visit_ids), 1, "nothing is made meanwhile")
        with self.at(MONDAY + timedelta(days=250)):
            supervisor.action_resume()
            results = [d["result"] for d in plan.get_dates()]
        self.assertEqual(results[:3], ["released", "suspended", "planned"])
        self.assertEqual(plan.next_date, date(2027, 8, 23))
        self.assertRecordValues(
            plan.suspension_ids,
            [
                {
                    "start_date": TODAY + timedelta(days=65),
                    "end_date": TODAY + timedelta(days=250),
                    "reason": "客户装修停业",
                    "user_id": self.users["supervisor"].id,
                }
            ],
        )

    def test_resumed_before_the_date(self):
        """A visit that is still to come is promised again, with its clock."""
        plan = self.due_plan()
        with self.at(MONDAY + timedelta(days=65)):
            plan.action_suspend(reason="盘点")
        with self.at(MONDAY + timedelta(days=70)):
            plan.action_resume()
        visit = plan.visit_ids
        self.assertEqual((visit.state, visit.plan_released), ("draft", False))
        running = visit.sla_clock_ids.filtered(lambda c: c.state == "running")
        self.assertEqual(running.deadline, visit.plan_deadline)

    def test_ended(self):
        plan = self.due_plan()
        for role in ("agent", "technician", "guide", "stranger"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(plan, role).action_end(reason="x")
        self.as_role(plan, "supervisor").action_end(reason="设备报废")
        self.assertRecordValues(
            plan, [{"state": "ended", "end_reason": "设备报废", "next_date": False}]
        )
        self.assertIn("设备报废", plan.visit_ids.outcome)
        with self.assertRaises(UserError):
            plan.action_resume()

    def test_archived_customer(self):
        """The plan rests and the supervisor is told."""
        plan = self.due_plan()
        self.partner.active = False
        self.assertEqual(plan.state, "suspended")
        self.assertTrue(plan.suspension_ids.reason)
        self.assertIn(self.users["supervisor"], plan.activity_ids.user_id)

    def test_merged_customer(self):
        """The plan goes to the customer that remains; two of a kind are told."""
        other = self.env["res.partner"].create({"name": "王晓明"})
        plan, moved = self.due_plan(), self.plan(partner_id=other.id)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.partner + other).ids, self.partner)
        self.assertEqual(moved.partner_id, self.partner)
        self.assertEqual(plan.partner_id, self.partner)
        self.assertIn("王晓明", moved.message_ids[:1].body or "")
        self.assertIn(plan.name, moved.activity_ids.note)

    def test_returned_units(self):
        """Units that came back leave the plan; the last one ends it."""
        plan = self.due_plan()
        plan._drop_units(self.lots[0], "退货")
        self.assertEqual(plan.lot_ids, self.lots[1])
        self.assertEqual(plan.visit_ids.lot_ids, self.lots[1])
        self.assertEqual(plan.state, "running")
        plan._drop_units(self.lots[1], "退货")
        self.assertEqual(plan.state, "ended")
        self.assertEqual(plan.visit_ids.state, "cancelled")

    def test_warranty_that_moves(self):
        """R-V03: the phase ends with the warranty; what was planned stays."""
        self.template = self.create_template([(4, "warranty", 0), (6, "open", 0)])
        plan = self.plan()
        self.assertEqual(plan.phase_ids[0].until_date, date(2027, 11, 23))
        end = date(2028, 3, 23)
        plans = type(self.env["aftersales.visit.plan"])
        self.patch(plans, "_get_warranty_end", lambda self: dict.fromkeys(self, end))
        plan._update_warranty_end()
        self.run_until(1000)
        days = [str(v.planned_date) for v in plan.visit_ids.sorted("plan_index")]
        self.assertEqual(
            days,
            ["2027-03-23", "2027-07-23", "2027-11-23", "2028-03-23", "2028-09-23"]
            + ["2029-03-23"],
        )
        # shorter now: phases that visits have passed stay as they were
        self.patch(plans, "_get_warranty_end", lambda self: dict.fromkeys(self, TODAY))
        plan._update_warranty_end()
        self.assertEqual(plan.phase_ids[0].until_date, end)


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
                visit.write({name: False})
        with self.assertRaises(UserError):
            visit.unlink()
        with self.assertRaises(UserError):
            visit.create({"partner_id": self.partner.id, "plan_index": 7})
