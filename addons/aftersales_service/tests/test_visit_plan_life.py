from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .plan_common import TODAY, PlanCase
from .test_visit_goods import GoodsCase


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
        self.template.warranty_months = 16
        plan._update_warranty_end()
        self.run_until(1000)
        days = [str(v.planned_date) for v in plan.visit_ids.sorted("plan_index")]
        self.assertEqual(
            days,
            ["2027-03-23", "2027-07-23", "2027-11-23", "2028-03-23", "2028-09-23"]
            + ["2029-03-23"],
        )
        # shorter now: phases that visits have passed stay as they were
        self.template.warranty_months = 0
        plan._update_warranty_end()
        self.assertEqual(plan.phase_ids[0].until_date, end)


@tagged("post_install", "-at_install")
class TestVisitPlanReturn(GoodsCase):
    def start(self):
        """The delivered order with its plans."""
        self.validate()
        self.order._on_accepted(fields.Datetime.now())
        return self.order.visit_plan_ids

    def give_back(self, lots):
        """Odoo's own return of some of the delivered units."""
        wizard = self.env["stock.return.picking"].with_context(
            active_id=self.picking.id, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": self.picking.id})
        wizard.product_return_moves.quantity = len(lots)
        picking = wizard._create_return()
        picking.move_ids.lot_ids = lots
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")

    def test_returned_units_leave_the_plans(self):
        """R-V06: a unit that came back is inspected no more; the last ends the plan."""
        plans = self.start()
        lots = self.picking.move_ids.lot_ids
        self.assertEqual(plans.lot_ids, lots)
        self.give_back(lots[:1])
        self.assertEqual(plans.lot_ids, lots[1:])
        self.assertEqual(set(plans.mapped("state")), {"running"})
        self.give_back(lots[1:])
        self.assertEqual(set(plans.mapped("state")), {"ended"})
        self.assertIn(self.users["supervisor"], plans.activity_ids.user_id)

    def test_taken_along_is_no_return(self):
        """R-V06 R-S13: what is repaired in the workshop stays in its plans."""
        plans = self.start()
        lot = self.picking.move_ids.lot_ids[:1]
        request = self.env["aftersales.request"].create(
            {
                "type": "fault",
                "partner_id": self.partner.id,
                "lot_id": lot.id,
                "problem": "不能升降",
            }
        )
        request.action_assign(employee_ids=self.technician.ids)
        request.action_reply(note="上门")
        request.action_dispatch(employee_ids=self.technician.ids)
        request.action_arrive()
        request.action_take_back(vals={"reason": "须回厂"})
        self.assertIn(lot, plans.lot_ids)
