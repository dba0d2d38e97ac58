from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY, AftersalesCase

CRON = "aftersales_service.ir_cron_enforce_clocks"


class RequestCase(AftersalesCase):
    def register(self, role="agent", **vals):
        vals = {
            "partner_id": self.partner.id,
            "product_id": self.desk.id,
            "problem": "课桌不能升降",
            **vals,
        }
        model = self.env["aftersales.request"].with_user(self.users[role])
        return model.browse(model.register(vals=vals))

    def clocks(self, request):
        return {
            c.code: c for c in request.sudo().sla_clock_ids if c.state != "cancelled"
        }

    def repair(self, request):
        """From new to repaired, one step a minute."""
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=1)):
            agent.action_reply(note="已电话指导")
        with self.at(MONDAY + timedelta(minutes=2)):
            agent.action_assign(employee_ids=self.technician.ids)
        with self.at(MONDAY + timedelta(minutes=3)):
            agent.action_dispatch(employee_ids=self.technician.ids)
        technician = request.with_user(self.users["technician"])
        with self.at(MONDAY + timedelta(minutes=20)):
            technician.action_arrive()
        with self.at(MONDAY + timedelta(minutes=40)):
            technician.action_restore(cause="插头松动", measures="重新插紧")
        return technician


@tagged("post_install", "-at_install")
class TestRegister(RequestCase):
    def test_fault_starts_its_clocks(self):
        """R-S01 R-S03 R-S04 R-S05 R-S06: minutes from the report."""
        request = self.register()
        limits = {
            code: (clock.deadline - MONDAY).total_seconds() / 60
            for code, clock in self.clocks(request).items()
        }
        self.assertEqual(
            limits, {"reply": 3, "assign": 5, "dispatch": 15, "arrive": 30}
        )
        self.assertEqual(request.phone, self.partner.phone)

    def test_every_missing_fact_is_named(self):
        """R-S01: all that is missing, in one refusal."""
        model = self.env["aftersales.request"].with_context(lang="en_US")
        with self.assertRaises(UserError) as refusal:
            model.register(vals={"type": "fault"})
        for fact in ("customer", "phone", "address", "problem"):
            self.assertIn(fact, str(refusal.exception))
        self.assertNotIn("product", str(refusal.exception), "asked before dispatch")

    def test_bad_values_are_named(self):
        for vals, name in (
            ({"colour": "red"}, "colour"),
            ({"type": "wish"}, "wish"),
            ({"serial": "NO-SUCH"}, "NO-SUCH"),
            ({"partner_id": 99999999}, "99999999"),
            ({"reported_at": "2027-01-01 00:00:00"}, "2027"),
            ({"problem": "长" * 10_000_000}, "problem"),
            ({"problem": "   "}, ""),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, name):
                self.register(**vals)
        with self.assertRaises(UserError):
            self.env["aftersales.request"].register(vals="fault")

    def test_retried_call_returns_the_same_request(self):
        """R-S01: a retry doesn't double."""
        first = self.register(client_ref="call-17")
        self.assertEqual(self.register(client_ref="call-17"), first)
        self.assertNotEqual(self.register(client_ref="call-18"), first)

    def test_markup_is_harmless(self):
        request = self.register(problem="<script>alert(1)</script>")
        self.assertEqual(request.problem, "<script>alert(1)</script>")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_repair", request.ids
        )
        self.assertNotIn("<script>alert(1)", html.decode())

    def test_guide_registers_and_the_team_is_told(self):
        """R-S02: reported to a guide, known to after-sales at once."""
        team = self.env["aftersales.team"].search([], limit=1)
        team.member_ids = self.users["agent"]
        request = self.register(role="guide")
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.users["agent"].partner_id.id)]
        )
        self.assertTrue(notified)
        with self.assertRaises(AccessError):
            self.register(role="stranger")
        with self.assertRaises(AccessError):
            request.with_user(self.users["guide"]).action_assign(
                employee_ids=self.technician.ids
            )

    def test_nothing_in_the_register_is_deleted(self):
        """R-C08: cancelled with a reason, never deleted, by nobody."""
        request = self.register()
        with self.assertRaises(AccessError):
            request.with_user(self.users["manager"]).unlink()
        with self.assertRaises(UserError):
            request.sudo().unlink()
        request.action_cancel(reason="重复登记")
        self.assertEqual(
            set(request.sudo().sla_clock_ids.mapped("state")), {"cancelled"}
        )

    def test_who_sees_a_request(self):
        """R-S01: technicians their own, guides what they registered."""
        request = self.register(role="guide")
        foreign = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_assign(employee_ids=self.technician.ids)
        model = self.env["aftersales.request"]
        for role in ("technician", "guide"):
            seen = model.with_user(self.users[role]).search([])
            with self.subTest(role=role):
                self.assertEqual((request in seen, foreign in seen), (True, False))
        self.assertFalse(model.with_user(self.users["portal"]).search([]))
        for role in ("stranger", "warehouse"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).search([])


@tagged("post_install", "-at_install")
class TestRequestFlow(RequestCase):
    def test_repair_keeps_every_promise(self):
        """R-S03 R-S07 R-S09: answered, there, repaired, reported in time."""
        request = self.register()
        self.repair(request)
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=100)):
            agent.action_send_report()
            result = agent.action_close(vals={"resolution": "已修复"})
        self.assertEqual(result["state"], "closed")
        states = {code: clock.state for code, clock in self.clocks(request).items()}
        self.assertEqual(
            states,
            dict.fromkeys(
                ("reply", "assign", "dispatch", "arrive", "restore", "report"), "met"
            ),
        )
        self.assertEqual(self.clocks(request)["report"].limit_seconds, 180 * 60)
        self.assertEqual(request.visit_ids.state, "done")

    def test_steps_cannot_be_skipped_or_dated_back(self):
        """R-S09: the order of the acts and of their times holds."""
        request = self.register()
        for act, kwargs in (
            ("action_arrive", {}),
            ("action_restore", {"cause": "x", "measures": "y"}),
            ("action_send_report", {}),
        ):
            with self.subTest(act=act), self.assertRaises(UserError):
                getattr(request, act)(**kwargs)
        for at in ("2026-11-23 01:59:59", "2026-11-23 02:00:01", "now"):
            with self.subTest(at=at), self.assertRaises(UserError):
                request.action_reply(note="x", at=at)
        with self.assertRaises(UserError):
            request.action_reply(note="  ")
        with self.assertRaises(UserError):
            request.action_assign(employee_ids=[])

    def test_solved_by_phone_needs_no_visit(self):
        """R-S05: guidance on the phone ends without an engineer."""
        request = self.register()
        request.action_resolve_by_phone(
            vals={"cause": "未通电", "measures": "接通电源"}
        )
        states = {code: clock.state for code, clock in self.clocks(request).items()}
        self.assertEqual((states["reply"], states["dispatch"]), ("met", "met"))
        self.assertFalse(request.visit_ids)
        request.action_send_report()
        self.assertEqual(request.state, "reported")

    def test_no_answer_in_time_is_at_our_cost(self):
        """R-S10 R-M05: the breach decides coverage and files one liability."""
        request = self.register()
        for minutes in (4, 5, 20):
            with self.at(MONDAY + timedelta(minutes=minutes)):
                self.run_cron(CRON)
        self.assertEqual(request.coverage, "at_our_cost")
        liability = request.sudo().liability_ids
        self.assertEqual(liability.mapped("clause"), ["R-S03"])
        request.sudo()._set_coverage()
        self.assertEqual(request.coverage, "at_our_cost", "never undone silently")

    def test_all_promises_of_a_request_may_break_at_once(self):
        """R-S10: nobody looked for an hour; each breach is filed, none twice."""
        request = self.register()
        with self.at(MONDAY + timedelta(hours=1)):
            self.run_cron(CRON)
        broken = request.sla_clock_ids.filtered(lambda c: c.state == "breached")
        costly = broken.filtered(lambda c: c.consequence != "none")
        self.assertGreater(len(broken), 1)
        self.assertEqual(request.sudo().liability_ids.clock_id, costly)

    def test_major_fault_has_sixty_minutes_from_arrival(self):
        """R-S07: raised on site, re-based, the first promise kept as history."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="x")
        agent.action_dispatch(employee_ids=self.technician.ids)
        technician = request.with_user(self.users["technician"])
        technician.action_arrive()
        self.assertEqual(self.clocks(request)["restore"].limit_seconds, 1800)
        with self.at(MONDAY + timedelta(minutes=10)):
            technician.action_raise_severity(severity="major")
            self.assertEqual(
                self.clocks(request)["restore"].deadline, MONDAY + timedelta(minutes=60)
            )
        cancelled = request.sudo().sla_clock_ids.filtered(
            lambda c: c.state == "cancelled"
        )
        self.assertTrue(cancelled.cancel_reason)
        with self.assertRaises(UserError):
            technician.action_raise_severity(severity="huge")

    def test_emergency_has_its_own_limits(self):
        """R-S08: answer 3, plan 5, on site 30 minutes."""
        request = self.register(emergency=True)
        limits = {c: k.limit_seconds / 60 for c, k in self.clocks(request).items()}
        self.assertEqual(
            limits, {"reply": 3, "plan": 5, "arrive": 30, "assign": 5, "dispatch": 15}
        )
        request.action_plan(text="先恢复录像")
        self.assertEqual(self.clocks(request)["plan"].state, "met")

    def test_emergency_found_later(self):
        """R-C07 R-S08: set later, the plan is due from the report."""
        request = self.register()
        with self.at(MONDAY + timedelta(minutes=1)):
            request.emergency = True
            self.assertEqual(
                self.clocks(request)["plan"].deadline, MONDAY + timedelta(minutes=5)
            )

    def test_complaint_needs_class_cause_and_department(self):
        """R-C01 R-C02 R-C03: answered in 5 minutes, resolved with its cause."""
        self.company.aftersales_measures_required = False
        request = self.register(type="complaint")
        limits = {c: k.limit_seconds for c, k in self.clocks(request).items()}
        self.assertEqual(limits, {"reply": 300, "resolve": 7 * 86400})
        request.action_reply(note="致歉")
        with self.assertRaises(UserError):
            request.action_close(vals={"resolution": "已上门致歉"})
        department = self.env["hr.department"].create({"name": "安装部"})
        request.action_close(
            vals={
                "resolution": "已上门致歉",
                "quality_class": "service",
                "cause_id": self.env.ref("aftersales_service.cause_careless").id,
                "cause_note": "未戴鞋套",
                "responsible_department_id": department.id,
                "customer_confirmed": True,
            }
        )
        self.assertEqual(self.clocks(request)["resolve"].state, "met")

    def test_closed_request_is_proof(self):
        """R-C08: closed means unchangeable for every client."""
        request = self.register(type="inquiry")
        request.action_close(vals={"resolution": "已答复"})
        manager = request.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.write({"problem": "something else"})
        with self.assertRaises(UserError):
            manager.action_reply(note="again")
        with self.assertRaises(UserError):
            self.register().with_user(self.users["manager"]).write({"state": "closed"})

    def test_repair_may_wait_for_the_customer_but_not_the_answer(self):
        """R-S16: only the promises whose policy allows it."""
        request = self.register()
        with self.assertRaises(UserError):
            request.action_sla_pause(reason="等待")
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="x")
        agent.action_dispatch(employee_ids=self.technician.ids)
        request.with_user(self.users["technician"]).action_arrive()
        agent.action_sla_pause(reason="等待客户找钥匙")
        self.assertEqual(self.clocks(request)["restore"].state, "paused")

    def test_report_has_its_five_facts(self):
        """R-S09: reported, arrived, cause, measures, restored."""
        request = self.register()
        self.repair(request)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_repair", request.ids
        )
        text = html.decode()
        for fact in ("插头松动", "重新插紧", "10:00:00", "10:20:00", "10:40:00"):
            self.assertIn(fact, text)

    def test_two_requests_at_once(self):
        requests = self.register() + self.register()
        requests.action_reply(note="x")
        requests.action_assign(employee_ids=self.technician.ids)
        self.assertEqual(requests.mapped("state"), ["replied"] * 2)


@tagged("post_install", "-at_install")
class TestLiability(RequestCase):
    def file(self):
        request = self.register()
        with self.at(MONDAY + timedelta(minutes=4)):
            self.run_cron(CRON)
        return request.sudo().liability_ids

    def test_waiving_needs_a_manager_and_a_reason(self):
        """R-M05: confirm, settle, waive; each by whom it belongs to."""
        liability = self.file()
        with self.assertRaises(AccessError):
            liability.with_user(self.users["agent"]).action_confirm()
        supervisor = liability.with_user(self.users["supervisor"])
        supervisor.write({"amount": 500})
        supervisor.action_confirm()
        with self.assertRaises(UserError):
            supervisor.write({"amount": 0})
        with self.assertRaises(AccessError):
            supervisor.action_waive(reason="x")
        manager = liability.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_waive(reason="")
        self.assertEqual(manager.action_waive(reason="不可抗力")["state"], "waived")
        with self.assertRaises(UserError):
            liability.unlink()
