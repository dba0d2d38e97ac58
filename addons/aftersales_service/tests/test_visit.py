from datetime import datetime, timedelta

from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY, AftersalesCase
from .test_acceptance import picture

CALL = dict.fromkeys(
    ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok"), True
)
SIGNED = {"signature": picture().decode(), "signed_by": "王小明"}
START, STOP = datetime(2026, 11, 24, 1), datetime(2026, 11, 24, 3)


class VisitCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["hr.employee"].create({"name": "王师傅"})

    def plan(self, **vals):
        return self.env["aftersales.visit"].create(
            {
                "partner_id": self.partner.id,
                "scheduled_start": START,
                "scheduled_stop": STOP,
                **vals,
            }
        )

    def confirm(self, **vals):
        visit = self.plan(**vals).with_user(self.users["supervisor"])
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        return visit.with_user(self.users["technician"])

    def go(self, visit, done=True):
        """From confirmed to on site."""
        visit.action_record_call(vals=CALL)
        visit.action_depart()
        visit.action_arrive()
        visit.sudo().checklist_line_ids.done = done
        return visit


@tagged("post_install", "-at_install")
class TestVisitFlow(VisitCase):
    def test_the_whole_way(self):
        """R-D01 R-D02 R-D09: confirmed, called, left, arrived, done, proof filed."""
        visit = self.confirm()
        codes = {c.code: c.deadline for c in visit.sudo().sla_clock_ids}
        self.assertEqual(codes, {"call": START, "on_time": START})
        self.go(visit)
        result = visit.action_complete(vals={"outcome": "完成", **SIGNED})
        self.assertEqual(result["state"], "done")
        visit.sudo().action_file_proof()
        states = {c.code: c.state for c in visit.sudo().sla_clock_ids}
        self.assertEqual(
            states,
            {"call": "met", "on_time": "met", "proof": "met", "revisit": "running"},
        )

    def test_proof_is_the_customers_word(self):
        """R-D08 R-D09: a signature with its name, or a photo; else nothing is filed."""
        visit = self.go(self.confirm())
        with self.assertRaisesRegex(UserError, "Signed By|签"):
            visit.action_complete(vals={"signature": SIGNED["signature"]})
        with self.assertRaises(UserError):
            visit.action_complete(vals=dict(SIGNED, signature="bm8gcGljdHVyZQ=="))
        visit.action_complete(vals={})
        clock = visit.sudo().sla_clock_ids.filtered(lambda c: c.code == "proof")
        with self.assertRaisesRegex(UserError, visit.name):
            visit.action_file_proof()
        self.assertEqual(clock.state, "running")
        visit.photo_ids = [
            Command.create({"name": "签收单.png", "datas": SIGNED["signature"]})
        ]
        visit.action_file_proof()
        self.assertEqual(clock.state, "met")

    def test_no_departure_without_the_call(self):
        """R-D02: five points are confirmed first; only a supervisor may skip it."""
        visit = self.confirm()
        with self.assertRaises(UserError):
            visit.action_depart()
        visit.action_record_call(vals=dict(CALL, time_ok=False))
        with self.assertRaises(UserError):
            visit.action_depart()
        with self.assertRaises(AccessError):
            visit.action_override_call(reason="hurry")
        supervisor = visit.with_user(self.users["supervisor"])
        supervisor.action_override_call(reason="客户电话占线，已在楼下")
        visit.action_depart()
        self.assertEqual(visit.state, "en_route")

    def test_confirmation_needs_time_and_people(self):
        visit = self.plan(scheduled_start=False, scheduled_stop=False)
        with self.assertRaisesRegex(UserError, visit.name):
            visit.action_confirm()
        with self.assertRaises(UserError):
            self.plan().action_confirm()

    def test_steps_in_order_and_in_time(self):
        visit = self.confirm()
        for act in ("action_arrive", "action_complete", "action_file_proof"):
            with self.assertRaises(UserError):
                getattr(visit, act)()
        visit.action_record_call(vals=CALL)
        for at in ("2026-11-23 01:59:59", "2027-01-01 00:00:00", "soon"):
            with self.subTest(at=at), self.assertRaises(UserError):
                visit.action_depart(at=at)

    def test_mandatory_items_block_completion(self):
        """R-D10 R-D11: what must be ticked is named; who ticked it is kept."""
        visit = self.go(self.confirm(kind="installation"), done=False)
        with self.assertRaisesRegex(UserError, "fittings|配件"):
            visit.action_complete(vals={})
        lines = visit.checklist_line_ids
        lines.write({"done": True})
        self.assertEqual(lines.done_by_id, self.users["technician"])
        visit.action_complete(vals={})
        with self.assertRaises(UserError):
            lines.write({"done": False})

    def test_unknown_values_are_named(self):
        visit = self.confirm()
        with self.assertRaisesRegex(UserError, "colour_ok"):
            visit.action_record_call(vals={"colour_ok": True})

    def test_revisit_is_made_once_and_keeps_its_promise(self):
        """R-D14: the customer is asked by phone three days later."""
        visit = self.go(self.confirm())
        visit.action_complete(vals={})
        revisit = self.env["aftersales.visit"].search(
            [("origin_visit_id", "=", visit.id)]
        )
        self.assertEqual((revisit.kind, revisit.mode), ("revisit", "phone"))
        self.assertEqual(revisit.scheduled_start, MONDAY + timedelta(days=3))
        revisit.action_complete(vals={"outcome": "满意"})
        clock = visit.sudo().sla_clock_ids.filtered(lambda c: c.code == "revisit")
        self.assertEqual(clock.state, "met")

    def test_failed_visit_is_followed_by_another(self):
        """R-D13: what could not be completed gets another appointment."""
        visit = self.confirm()
        with self.assertRaises(UserError):
            visit.action_fail(reason="")
        result = visit.sudo().action_fail(reason="电梯停用，无法搬运")
        following = self.env["aftersales.visit"].browse(result["next_visit_id"])
        self.assertEqual((following.state, following.origin_visit_id), ("draft", visit))
        self.assertEqual(following.activity_ids.user_id, self.users["supervisor"])

    def test_two_visits_at_once(self):
        visits = self.plan() + self.plan(
            scheduled_start="2026-11-24 06:00:00", scheduled_stop="2026-11-24 07:00:00"
        )
        visits.action_assign(employee_ids=self.technician.ids)
        visits.action_confirm()
        visits.action_record_call(vals=CALL)
        visits.action_depart()
        self.assertEqual(visits.mapped("state"), ["en_route"] * 2)

    def test_finished_visit_is_proof(self):
        """R-D08: neither facts nor agreed times can be rewritten by a client."""
        visit = self.confirm()
        manager = visit.with_user(self.users["manager"])
        for vals in (
            {"state": "done"},
            {"arrived_at": START},
            {"scheduled_start": STOP},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                manager.write(vals)
        self.go(visit).action_complete(vals={})
        with self.assertRaises(UserError):
            manager.write({"signed_by": "somebody else"})
        with self.assertRaises(UserError):
            manager.unlink()


@tagged("post_install", "-at_install")
class TestVisitPlanning(VisitCase):
    def test_reschedule_keeps_history_and_moves_the_promise(self):
        """R-D03: who told the customer when and why; late or in time."""
        visit = self.confirm()
        result = visit.action_reschedule(
            start="2026-11-25 01:00:00", stop="2026-11-25 03:00:00", reason="客户出差"
        )
        self.assertFalse(result["late"])
        self.assertEqual(visit.sla_deadline, datetime(2026, 11, 25, 1))
        self.assertEqual(visit.reschedule_ids.old_start, START)
        with self.at("2026-11-25 02:00:00"):
            late = visit.action_reschedule(
                start="2026-11-26 01:00:00", stop="2026-11-26 03:00:00", reason="堵车"
            )
            self.assertTrue(late["late"], "told after the agreed time")
            states = visit.sudo().sla_clock_ids.mapped("state")
            self.assertIn("breached", states)

    def test_reschedule_needs_a_reason_and_a_time_to_come(self):
        visit = self.confirm()
        bad = (
            ("2026-11-25 01:00:00", "2026-11-25 03:00:00", " "),
            ("2026-11-25 03:00:00", "2026-11-25 01:00:00", "x"),
            ("2026-11-20 01:00:00", "2026-11-20 03:00:00", "x"),
        )
        for start, stop, reason in bad:
            with self.subTest(start=start), self.assertRaises(UserError):
                visit.action_reschedule(start=start, stop=stop, reason=reason)
        with self.assertRaises(ValidationError):
            self.plan(scheduled_start=STOP, scheduled_stop=START)

    def test_nobody_is_booked_twice(self):
        """R-D06: a rule of the database, whoever writes."""
        visit = self.confirm()
        overlapping = self.plan(
            scheduled_start="2026-11-24 02:59:00", scheduled_stop="2026-11-24 04:00:00"
        )
        with self.assertRaisesRegex(UserError, f"李师傅.*{visit.name}"):
            overlapping.action_assign(employee_ids=self.technician.ids)
        with (
            self.assertRaises(ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["aftersales.visit.assignment"].create(
                {"visit_id": overlapping.id, "employee_id": self.technician.id}
            )

    def test_people_of_another_company(self):
        """R-D06: technicians of another company aren't sent."""
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = self.env["hr.employee"].create(
            {"name": "赵师傅", "company_id": company.id}
        )
        with self.assertRaisesRegex(UserError, "赵师傅"):
            self.plan().action_assign(employee_ids=foreign.ids)

    def test_touching_cancelled_and_other_people_are_fine(self):
        """R-D06: only real overlaps of the same person are refused."""
        first = self.confirm()
        after = self.plan(
            scheduled_start=STOP, scheduled_stop=STOP + timedelta(hours=1)
        )
        after.action_assign(employee_ids=self.technician.ids)
        self.plan().action_assign(employee_ids=self.other.ids)
        first.sudo().action_cancel(reason="客户取消")
        self.plan().action_assign(employee_ids=self.technician.ids)

    def test_only_supervisors_change_a_confirmed_team(self):
        """R-K04: jobs aren't swapped; a change leaves its trace."""
        visit = self.confirm()
        for role, error in (("technician", AccessError), ("agent", AccessError)):
            with self.subTest(role=role), self.assertRaises(error):
                visit.with_user(self.users[role]).action_assign(
                    employee_ids=self.other.ids
                )
        visit.with_user(self.users["supervisor"]).action_assign(
            employee_ids=self.other.ids
        )
        self.assertEqual(visit.sudo().lead_employee_id, self.other)
        self.assertIn("王师傅", visit.sudo().message_ids[0].body)

    def test_who_sees_a_visit(self):
        """R-K04: technicians see their own, guides their orders', strangers none."""
        order = self.create_order()
        visit = self.confirm(order_id=order.id).sudo()
        foreign = self.plan().sudo()
        model = self.env["aftersales.visit"]
        for role, mine, others in (
            ("technician", True, False),
            ("agent", True, True),
            ("guide", True, False),
        ):
            seen = model.with_user(self.users[role]).search([])
            with self.subTest(role=role):
                self.assertEqual((visit in seen, foreign in seen), (mine, others))
        for role in ("stranger", "warehouse"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).search([])
        self.assertFalse(model.with_user(self.users["portal"]).search([]))

    def test_appointment_makes_the_visit(self):
        """R-H07 R-H09: the agreed window becomes a visit with its transfers."""
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        order._mark_handed_off(MONDAY)
        order.action_record_contact(
            agreed_start="2026-11-24 01:00:00", agreed_stop="2026-11-24 03:00:00"
        )
        visit = order.visit_ids
        self.assertEqual((visit.kind, visit.scheduled_start), ("delivery", START))
        self.assertEqual(visit.picking_ids, order.picking_ids)
        order.action_record_contact(
            agreed_start="2026-11-25 01:00:00", agreed_stop="2026-11-25 03:00:00"
        )
        self.assertEqual(order.visit_ids, visit)
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        self.assertEqual(order.aftersales_state, "scheduled")
        self.assertIn("KZ-120", visit.activity_ids.note)
        self.assertIn("李师傅", order.picking_ids.aftersales_visit_info)
        order._action_cancel()
        self.assertEqual(visit.state, "cancelled")
