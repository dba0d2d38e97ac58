"""Acts on visit plans: once, logged, and nothing but acts moves a plan."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .plan_common import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestVisitPlanActs(PlanCase):
    def codes(self, record):
        acts = self.env["aftersales.act"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return acts.mapped("code")

    def test_a_plan_is_started_once(self):
        """R-E03 R-V01: the same reference makes one plan and the same answer."""
        plans = self.env["aftersales.visit.plan"].with_user(self.users["agent"])
        vals = {
            "template_id": self.template.id,
            "partner_id": self.partner.id,
            "start_date": "2026-11-23",
        }
        first = plans.start_plan(vals, ref="p-1")
        self.assertEqual(plans.start_plan(vals, ref="p-1"), first)
        self.assertEqual(first["state"], "running")
        self.assertEqual(first["next_date"], "2027-02-23")
        with self.assertRaises(UserError):
            plans.start_plan(vals | {"start_date": "2026-12-01"}, ref="p-1")
        mine = plans.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(mine.ids, [first["id"]])
        self.assertEqual(set(self.codes(mine)), {"start", "start_plan"})
        for role in ("technician", "guide", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                plans.with_user(self.users[role]).start_plan(vals)

    def test_life_is_logged(self):
        """R-E01 R-V06: who let it rest, go on and end, with the reason; each once."""
        plan = self.plan()
        supervisor = self.as_role(plan, "supervisor")
        first = supervisor.action_suspend("校舍装修", ref="s-1")
        self.assertEqual(supervisor.action_suspend("校舍装修", ref="s-1"), first)
        self.assertEqual(len(plan.suspension_ids), 1)
        with self.assertRaises(UserError):
            supervisor.action_suspend("校舍装修", ref="s-2")
        self.assertEqual(supervisor.action_resume()["next_date"], "2027-02-23")
        supervisor.action_end("客户搬迁", ref="e-1")
        self.assertEqual(supervisor.action_end("客户搬迁", ref="e-1")["state"], "ended")
        self.assertEqual(self.codes(plan), ["start", "suspend", "resume", "end"])
        act = self.env["aftersales.act"].search(
            [("res_model", "=", plan._name)], order="id desc", limit=1
        )
        self.assertEqual(act.user_id, self.users["supervisor"].id)
        self.assertIn("客户搬迁", act.values)

    def test_roles(self):
        """R-V06: resting and ending are the supervisor's."""
        agent = self.as_role(self.plan(), "agent")
        for act in ("action_suspend", "action_end"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(agent, act)("因为")
        with self.assertRaises(AccessError):
            agent.action_resume()

    def test_ended_by_the_order_is_logged(self):
        """R-E01: what ends with its contract is a row, too."""
        order = self.create_order()
        order.action_confirm()
        answer = order.with_user(self.users["guide"]).action_start_visit_plan(
            self.template.id, ref="o-1"
        )
        plan = self.env["aftersales.visit.plan"].browse(answer["id"])
        self.assertEqual(order.visit_plan_ids, plan)
        self.assertEqual(answer["state"], "running")
        self.assertEqual(self.codes(plan), ["start"])
        self.assertIn("start_visit_plan", self.codes(order))
        order._action_cancel()
        self.assertEqual(self.codes(plan), ["start", "end"])

    def test_no_plan_is_born_running(self):
        """R-E02: neither values nor keys of the context record what acts record."""
        plans = self.env["aftersales.visit.plan"].with_user(self.users["agent"])
        vals = {"partner_id": self.partner.id, "template_id": self.template.id}
        forged = {
            "default_state": "ended",
            "default_ended_on": "2020-01-01",
            "default_end_reason": "x",
            "default_next_index": 9,
        }
        made = plans.with_context(**forged).create(vals)
        self.assertEqual((made.state, made.next_index), ("draft", 0))
        self.assertFalse(made.ended_on or made.end_reason)
        for forbidden in ({"state": "running"}, {"next_date": "2027-01-01"}):
            with self.subTest(forbidden), self.assertRaises(UserError):
                plans.create(vals | forbidden)

    def test_phases_stay_with_a_running_plan(self):
        """R-E02 R-V03: none is added, moved in, changed or taken away."""
        plan, draft = self.plan(), self.plan(start=False)
        phase = {"interval_months": 1, "kind": "inspection"}
        for user in (self.users["agent"], self.env.ref("base.user_admin")):
            running, other = plan.with_user(user), draft.with_user(user)
            first = running.phase_ids[0]
            for act in (
                lambda p=running: p.phase_ids.create(phase | {"plan_id": p.id}),
                lambda p=running: p.write({"phase_ids": [Command.create(phase)]}),
                lambda p=running, o=other: o.phase_ids[0].write({"plan_id": p.id}),
                lambda f=first: f.write({"interval_months": 24}),
                lambda f=first: f.write({"until_date": TODAY}),
                lambda f=first, o=other: f.write({"plan_id": o.id}),
                lambda f=first: f.unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act()
        self.assertEqual(plan.phase_ids.mapped("interval_months"), [3, 6])
        self.assertEqual(len(draft.phase_ids), 2)

    def test_drafts_follow_their_terms(self):
        """R-V03: the last days of the phases follow a start that is moved."""
        draft = self.as_role(self.plan(start=False), "agent")
        draft.start_date = TODAY + timedelta(31)
        self.assertEqual(str(draft.phase_ids[0].until_date), "2027-12-24")

    def test_ended_plans_are_closed(self):
        """R-E02: what ended keeps its units and its terms."""
        plan = self.plan()
        plan.action_end("完成")
        agent = self.as_role(plan, "agent")
        for vals in (
            {"lot_ids": [Command.clear()]},
            {"report_required": not plan.report_required},
            {"partner_id": self.partner.copy().id},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                agent.write(vals)

    def test_suspensions_are_proof(self):
        """R-E02: when a plan rested, and why, is nobody's to write."""
        plan = self.plan()
        self.as_role(plan, "supervisor").action_suspend("校舍装修")
        for user in (self.users["manager"], self.env.ref("base.user_admin")):
            row = plan.suspension_ids.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                row.write({"start_date": MONDAY.date() - timedelta(9)})
