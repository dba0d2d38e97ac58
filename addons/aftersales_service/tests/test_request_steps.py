from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


@tagged("post_install", "-at_install")
class TestRequestSteps(RequestCase):
    """What happens when people take the steps in their own way."""

    def states(self, request):
        return {code: clock.state for code, clock in self.clocks(request).items()}

    def test_nobody_is_sent_before_the_customer_was_answered(self):
        """R-S05: phone guidance first; the answer can't be skipped."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        for _turn in range(2):
            with self.assertRaises(UserError):
                agent.action_dispatch(employee_ids=self.technician.ids)
            agent.action_assign(employee_ids=self.technician.ids)
        self.assertFalse(request.visit_ids)

    def test_who_is_sent_or_solves_it_is_named(self):
        """R-S04: sending an engineer, or solving it oneself, names the person."""
        sent, solved = self.register(), self.register()
        agent = sent.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=2)):
            agent.action_reply(note="好")
            agent.action_dispatch(employee_ids=self.technician.ids)
            solved.with_user(self.users["agent"]).action_resolve_by_phone(
                vals={"cause": "未通电", "measures": "接通电源"}
            )
        for request in sent + solved:
            self.assertEqual(self.states(request)["assign"], "met")
            self.assertEqual(request.assigned_at, MONDAY + timedelta(minutes=2))
        self.assertEqual(solved.user_id, self.users["agent"])
        self.assertNotIn("arrive", self.states(solved))

    def test_only_after_sales_sends_engineers(self):
        """R-K04: neither the guide nor a technician sends somebody else."""
        request = self.register(role="guide")
        self.repair(other := self.register())
        self.assertTrue(other.restored_at)
        request.with_user(self.users["agent"]).action_reply(note="好")
        with self.assertRaises(AccessError):
            request.with_user(self.users["guide"]).action_dispatch(
                employee_ids=self.technician.ids
            )

    def test_first_assignment_stays_the_time_of_the_promise(self):
        """R-S04 R-K04: a change of engineer leaves its trace, not a new time."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        other = self.env["hr.employee"].create({"name": "赵师傅"})
        with self.at(MONDAY + timedelta(minutes=1)):
            agent.action_assign(employee_ids=self.technician.ids)
        with self.at(MONDAY + timedelta(minutes=9)):
            agent.action_assign(employee_ids=other.ids)
        self.assertEqual(request.assigned_at, MONDAY + timedelta(minutes=1))
        self.assertEqual(request.employee_ids, other)
        told = request.message_ids.filtered(lambda m: "赵师傅" in (m.body or ""))
        self.assertEqual(told.author_id, self.users["agent"].partner_id)

    def test_plan_of_an_emergency_is_never_skipped(self):
        """R-S08: late is late, but it can be recorded, and nothing closes without."""
        request = self.register(emergency=True)
        technician = self.repair(request)
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=50)):
            agent.action_send_report()
            with self.assertRaises(UserError):
                agent.action_close(vals={"resolution": "已修复"})
            technician.action_plan(text="断电，更换电源")
            agent.action_close(vals={"resolution": "已修复"})
        clock = self.clocks(request)["plan"]
        self.assertEqual(clock.state, "breached")
        self.assertEqual(clock.stopped_at, MONDAY + timedelta(minutes=50))

    def test_unit_brought_to_us_is_repaired_without_a_visit(self):
        """R-S13: taken in against a receipt at the counter; nobody drives there."""
        lot = self.env["stock.lot"].create(
            {"name": "KZ260077", "product_id": self.desk.id}
        )
        request = self.register(lot_id=lot.id)
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=2)):
            agent.action_reply(note="请送来")
            with self.assertRaises(UserError):
                agent.action_restore(cause="主板", measures="更换主板")
            agent.action_take_back(vals={"reason": "客户送修"})
        with self.at(MONDAY + timedelta(hours=3)):
            with self.assertRaises(UserError):
                agent.action_restore(cause="主板", measures="换", at=MONDAY)
            agent.action_restore(cause="主板", measures="更换主板")
            agent.action_send_report()
        self.assertEqual(request.state, "reported")
        states = self.states(request)
        self.assertFalse({"dispatch", "arrive"} & set(states), "nobody was awaited")
        self.assertEqual(states["report"], "met")


@tagged("post_install", "-at_install")
class TestReclassified(RequestCase):
    def test_what_was_done_already_counts(self):
        """R-S03 R-S04: an inquiry that turns out a fault was answered in time."""
        request = self.register(type="inquiry")
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=1)):
            agent.action_reply(note="已答复")
            agent.action_assign(employee_ids=self.technician.ids)
        with self.at(MONDAY + timedelta(minutes=10)):
            agent.write({"type": "fault"})
            self.run_cron(CRON)
        clocks = self.clocks(request)
        self.assertEqual(clocks["reply"].state, "met")
        self.assertEqual(clocks["reply"].stopped_at, MONDAY + timedelta(minutes=1))
        self.assertEqual(clocks["assign"].state, "met")
        self.assertEqual(clocks["dispatch"].state, "running")
        self.assertEqual(request.coverage, "unknown")

    def test_waiting_is_not_lost(self):
        """R-S16 R-S07: raised while it waits for the customer; the pause counts on."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="好")
        agent.action_dispatch(employee_ids=self.technician.ids)
        request.with_user(self.users["technician"]).action_arrive()
        with self.at(MONDAY + timedelta(minutes=10)):
            agent.action_sla_pause(reason="等待客户找钥匙")
        with self.at(MONDAY + timedelta(minutes=40)):
            agent.action_raise_severity(severity="major")
            clock = self.clocks(request)["restore"]
            self.assertEqual(clock.state, "paused")
            self.assertEqual(clock.pause_reason, "等待客户找钥匙")
        with self.at(MONDAY + timedelta(minutes=50)):
            agent.action_sla_resume()
            clock = self.clocks(request)["restore"]
            self.assertEqual(clock.deadline, MONDAY + timedelta(minutes=60 + 40))
            agent.action_raise_severity(severity="general")
            clock = self.clocks(request)["restore"]
            self.assertEqual(clock.state, "running")
            self.assertEqual(clock.deadline, MONDAY + timedelta(minutes=30 + 40))
            self.assertEqual(len(clock.pause_ids), 1)

    def test_who_reclassified_is_named(self):
        """R-C08: cancelled promises say who changed the kind; no technician may."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_assign(employee_ids=self.technician.ids)
        for vals in ({"type": "inquiry"}, {"emergency": False}):
            with self.assertRaises(AccessError):
                request.with_user(self.users["technician"]).write(vals)
        request.with_user(self.users["technician"]).write({"emergency": True})
        agent.write({"type": "inquiry"})
        cancelled = request.sudo().sla_clock_ids.filtered(
            lambda c: c.state == "cancelled" and c.code == "reply"
        )
        self.assertIn(self.users["agent"].name, cancelled[-1].cancel_reason)

    def cover(self, decision):
        """Let the warranty decide; the warranty addon does it from the card."""
        self.patch(
            type(self.env["aftersales.request"]),
            "_get_coverage",
            lambda requests: {
                r: (decision if r.lot_id else "unknown", "") for r in requests
            },
        )

    def test_same_day_is_promised_as_soon_as_the_unit_is_known(self):
        """R-S11: the serial number comes later; the warranty's promise runs then."""
        self.cover("in_warranty")
        lot = self.env["stock.lot"].create(
            {"name": "KZ260078", "product_id": self.desk.id}
        )
        request = self.register()
        self.assertNotIn("same_day", self.clocks(request))
        with self.at(MONDAY + timedelta(minutes=2)):
            request.with_user(self.users["agent"]).write({"lot_id": lot.id})
        clock = self.clocks(request)["same_day"]
        self.assertEqual(clock.started_at, MONDAY)
        self.cover("chargeable")
        request.with_user(self.users["agent"]).write(
            {"cause_id": self.env.ref("aftersales_service.cause_misuse").id}
        )
        self.assertNotIn("same_day", self.clocks(request))

    def test_at_our_cost_keeps_the_promise_of_the_warranty(self):
        """R-S10 R-S11: what broke at our cost is still repaired the same day."""
        self.cover("in_warranty")
        lot = self.env["stock.lot"].create(
            {"name": "KZ260079", "product_id": self.desk.id}
        )
        request = self.register(lot_id=lot.id)
        with self.at(MONDAY + timedelta(minutes=4)):
            self.run_cron(CRON)
            self.assertEqual(request.coverage, "at_our_cost")
            request.with_user(self.users["agent"]).write({"emergency": True})
        self.assertEqual(request.coverage, "at_our_cost")
        self.assertEqual(self.clocks(request)["same_day"].state, "running")
