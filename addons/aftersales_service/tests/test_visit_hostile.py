"""What a hostile or clumsy client tries on visits."""

from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import MONDAY
from .test_acceptance import picture
from .test_visit import SIGNED, START, STOP, VisitCase
from .test_visit_booking import BookingCase
from .test_visit_goods import GoodsCase


@tagged("post_install", "-at_install")
class TestVisitForgery(VisitCase):
    def test_no_visit_is_born_done(self):
        """R-D08: a client can't create what only acts may record."""
        agent = self.users["agent"]
        for vals in (
            {"state": "done"},
            {"completed_at": MONDAY},
            {"proof_filed_at": MONDAY},
            {"lead_employee_id": self.technician.id},
            {"origin_visit_id": self.plan().id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.env["aftersales.visit"].with_user(agent).create(
                    {"partner_id": self.partner.id, **vals}
                )

    def test_technician_does_not_plan(self):
        """R-D02 R-D06 R-K04: neither away with the call, nor the job to a friend."""
        visit = self.confirm()
        for vals in (
            {"mode": "phone"},
            {"kind": "revisit"},
            {"quiet_reason": "I like it"},
            {"partner_id": self.company.partner_id.id},
            {"picking_ids": [Command.clear()]},
            {"lead_employee_id": self.other.id},
            {"user_id": self.users["agent"].id},
            {"origin_visit_id": visit.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                visit.write(vals)
        with self.assertRaises(AccessError):
            visit.write({"assignment_ids": [Command.clear()]})
        with self.assertRaises(AccessError):
            visit.write(
                {
                    "call_ids": [
                        Command.create({"user_id": self.env.uid, "address_ok": True})
                    ]
                }
            )
        visit.write({"report": "已联系", "contact_phone": "139 0000 0000"})

    def test_kind_of_a_confirmed_visit_stays(self):
        """R-D10: another kind would be another check-list."""
        visit = self.confirm().with_user(self.users["manager"])
        for vals in ({"kind": "revisit"}, {"mode": "phone"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                visit.write(vals)

    def test_ticks_are_not_forged(self):
        """R-D10: who ticked what and when comes from the act, items don't wander."""
        visit = self.go(self.confirm(kind="installation"), done=False)
        elsewhere = self.plan(scheduled_start=False, scheduled_stop=False)
        line = visit.checklist_line_ids[0]
        for vals in (
            {"done_by_id": self.users["agent"].id},
            {"done_at": STOP},
            {"visit_id": elsewhere.id},
            {"mandatory": False},
            {"template_id": visit.checklist_line_ids[-1].template_id.id},
        ):
            for role in ("technician", "manager"):
                with (
                    self.subTest(vals=vals, role=role),
                    self.assertRaises(UserError),
                ):
                    line.with_user(self.users[role]).write(vals)
        line.done = True
        self.assertEqual(line.done_by_id, self.users["technician"])

    def test_nobody_rates_oneself(self):
        """R-D14: the customer's rating is recorded by after-sales."""
        visit = self.go(self.confirm())
        with self.assertRaises(AccessError):
            visit.action_complete(vals={"rating": "5"})
        with self.assertRaises(AccessError):
            visit.write({"rating": "5"})
        visit.action_complete(vals={})
        with self.assertRaises(AccessError):
            visit.write({"rating": "5"})

    def test_filed_proof_is_closed(self):
        """R-D09: the report that was filed is the report."""
        visit = self.go(self.confirm())
        visit.action_complete(vals={"report": "装好", **SIGNED})
        visit.report = "装好，已试运行"
        visit.action_file_proof()
        for user in (self.users["technician"], self.users["manager"]):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                visit.with_user(user).write({"report": "x"})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                visit.with_user(user).write({"photo_ids": [Command.clear()]})

    def test_signature_is_not_slipped_in(self):
        """R-D08: no file becomes the signature of a visit behind its back."""
        visit = self.go(self.confirm())
        visit.action_complete(vals={})
        slip = {
            "name": "signature",
            "res_model": "aftersales.visit",
            "res_id": visit.id,
            "res_field": "signature",
            "datas": picture(),
        }
        for user in (self.users["manager"], self.env.ref("base.user_admin")):
            files = self.env["ir.attachment"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                files.create(slip)
            plain = files.create({"name": "x", "datas": picture()})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                plain.write({k: v for k, v in slip.items() if k != "datas"})
        self.assertFalse(visit.signature)

    def test_past_is_not_confirmed(self):
        """R-D01: nobody promises yesterday."""
        visit = self.plan().with_user(self.users["supervisor"])
        visit.action_assign(employee_ids=self.technician.ids)
        with self.at(STOP), self.assertRaisesRegex(UserError, visit.name):
            visit.action_confirm()

    def test_agreed_time_moves_with_a_reason_only(self):
        """R-D03: a planner doesn't drag what the customer agreed to."""
        visit = self.plan()
        agent = visit.with_user(self.users["agent"])
        agent.scheduled_stop = STOP + timedelta(hours=1)
        agent.action_customer_confirm()
        with self.assertRaises(UserError):
            agent.scheduled_start = START + timedelta(hours=1)

    def test_visit_ends_before_it_starts(self):
        """R-D01: for planners, on reschedule, and for the customer."""
        with self.assertRaises(ValidationError):
            self.plan(scheduled_stop=START - timedelta(hours=1))
        visit = self.confirm()
        with self.assertRaises(UserError):
            visit.action_reschedule(start=STOP, stop=STOP, reason="x")

    def test_technician_of_another_company_sees_nothing(self):
        """R-D06: neither booked nor reading; a forged membership changes nothing."""
        other = self.env["res.company"].create({"name": "北京分公司"})
        user = new_test_user(
            self.env,
            login="beijing",
            groups="aftersales_service.group_aftersales_technician",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        person = self.env["hr.employee"].create(
            {"name": "赵师傅", "user_id": user.id, "company_id": other.id}
        )
        visit = self.confirm()
        with self.assertRaisesRegex(UserError, "赵师傅"):
            visit.with_user(self.users["supervisor"]).action_assign(
                employee_ids=person.ids
            )
        self.assertFalse(self.env["aftersales.visit"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            visit.with_user(user).action_depart()


@tagged("post_install", "-at_install")
class TestRestOfAnOrder(GoodsCase):
    def rest(self):
        self.picking.move_line_ids[:1].unlink()
        picking = self.picking.with_user(self.users["warehouse"])
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        rest = self.order.picking_ids - self.picking
        rest.do_unreserve()
        return rest

    def test_rest_that_is_not_there_does_not_hold_the_team(self):
        """R-A01: what left is delivered; the rest waits for another appointment."""
        rest = self.rest()
        self.go(self.visit).action_complete(vals={})
        self.assertEqual(self.visit.state, "done")
        self.assertNotIn(rest, self.visit.picking_ids)
        self.assertNotEqual(rest.state, "done")
        following = self.order.visit_ids.filtered(
            lambda v: v.state == "draft" and v.mode == "onsite"
        )
        self.assertEqual(following.picking_ids, rest)
        self.assertEqual(following.origin_visit_id, self.visit)
        self.assertIn(self.users["guide"], following.activity_ids.user_id)

    def test_check_before_leaving_is_not_forged(self):
        """R-D04: who checked and when comes from the check."""
        move = self.picking.move_ids.with_user(self.users["warehouse"])
        for vals in (
            {"aftersales_checked_by_id": self.users["agent"].id},
            {"aftersales_checked_at": STOP},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                move.write(vals)

    def test_rest_split_by_the_completion(self):
        """R-A01: the same when the technician's completion splits the delivery."""
        self.picking.move_line_ids[:1].unlink()
        self.go(self.visit).action_complete(vals={})
        rest = self.order.picking_ids - self.picking
        following = self.order.visit_ids.filtered(
            lambda v: v.state == "draft" and v.mode == "onsite"
        )
        self.assertEqual(following.picking_ids, rest)
        self.assertEqual(self.visit.picking_ids, self.picking)


@tagged("post_install", "-at_install")
class TestWindowsOfPeople(BookingCase):
    def test_rota_of_the_technicians(self):
        """R-K03: who doesn't work on Tuesdays isn't offered on Tuesdays."""
        visit = self.plan(scheduled_start=False, scheduled_stop=False)
        self.assertEqual(self.starts(visit)[0], "2026-11-24 00:00:00")
        calendar = self.company.resource_calendar_id.copy()
        tuesday = calendar.attendance_ids.filtered(lambda a: a.dayofweek == "1")
        tuesday.unlink()
        self.technician.resource_calendar_id = calendar
        self.assertEqual(self.starts(visit)[0], "2026-11-25 00:00:00")
        self.env["aftersales.workday"].create(
            {"name": "调休", "date": "2026-11-28", "dayofweek": "0"}
        )
        self.env.invalidate_all()
        self.assertIn("2026-11-28 00:00:00", self.starts(visit))

    def test_summer_time(self):
        """R-D05: windows keep their local hour over the change of clocks."""
        self.company.aftersales_tz = "Europe/Berlin"
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        self.technician.resource_calendar_id = self.company.resource_calendar_id
        visit = self.plan(scheduled_start=False, scheduled_stop=False)
        with self.at("2027-03-22 08:00:00"):  # clocks change on 28 March
            local = {
                self.company._aftersales_to_local(datetime.fromisoformat(start)).hour
                for start in self.starts(visit)
            }
        self.assertEqual(local, {8, 10, 13, 15} & local)
        self.assertIn(8, local)
        quiet = self.company._aftersales_is_quiet
        last = datetime(2026, 10, 25, 0, 59)  # 2:59 summer time, then 2:00 again
        self.assertTrue(quiet(last, last + timedelta(hours=1)))


@tagged("post_install", "-at_install")
class TestLongLists(HttpCase):
    def test_second_page(self):
        """R-H10: the customer turns the page."""
        user = new_test_user(self.env, login="kunde", groups="base.group_portal")
        self.env["aftersales.visit"].create(
            [{"partner_id": user.partner_id.id} for _ in range(21)]
        )
        order = self.env["sale.order"].create({"partner_id": user.partner_id.id})
        acceptances = self.env["aftersales.acceptance"].create(
            [{"order_id": order.id} for _ in range(21)]
        )
        acceptances.sudo().state = "offered"
        self.authenticate("kunde", "kunde")
        for path in ("visits", "acceptances"):
            with self.subTest(path=path):
                first = self.url_open(f"/my/{path}").text
                self.assertIn(f"/my/{path}/page/2", first)
                self.assertEqual(self.url_open(f"/my/{path}/page/2").status_code, 200)
                broken = self.url_open(f"/my/{path}?page=zwei")
                self.assertLess(broken.status_code, 500)
