from datetime import timedelta

from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .test_complaint import ComplaintCase

CRON = "aftersales_service.ir_cron_enforce_clocks"


@tagged("post_install", "-at_install")
class TestMeasure(ComplaintCase):
    def clocks_of(self, measure):
        return {
            c.code: c for c in measure.sudo().sla_clock_ids if c.state != "cancelled"
        }

    def test_due_date_is_a_promise(self):
        """R-C04: the owner is told, the clock runs to the due date."""
        measure = self.agree(self.complain())
        clock = self.clocks_of(measure)["measure"]
        self.assertEqual(clock.deadline, MONDAY + timedelta(days=2))
        self.assertEqual(clock.user_id, self.users["technician"])
        self.assertEqual(measure.sudo().activity_ids.user_id, self.users["technician"])
        owner = measure.with_user(self.users["technician"])
        with self.at(MONDAY + timedelta(days=1)):
            owner.action_done(note="已上门")
        self.assertEqual(clock.state, "met")
        effect = self.clocks_of(measure)["effect"]
        self.assertEqual(effect.deadline, MONDAY + timedelta(days=32))
        self.assertFalse(measure.sudo().activity_ids)

    def test_late_measure_breaks_its_promise(self):
        """R-C04: the supervisor is told; done late, the effect is looked at later."""
        measure = self.agree(self.complain())
        with self.at(MONDAY + timedelta(days=3)):
            self.run_cron(CRON)
            self.assertEqual(self.clocks_of(measure)["measure"].state, "breached")
            measure.with_user(self.users["technician"]).action_done(note="迟了")
            effect = self.clocks_of(measure)["effect"]
            self.assertEqual(effect.deadline, MONDAY + timedelta(days=33))

    def test_failed_effect_opens_another(self):
        """R-C04: looked at by somebody else; what had no effect is followed, once."""
        measure = self.agree(self.complain(), kind="preventive")
        agent = measure.with_user(self.users["agent"])
        with self.assertRaises(UserError):
            agent.action_check_effect(effective=True, note="还没做")  # not done yet
        measure.with_user(self.users["technician"]).action_done(note="已培训")
        with self.at(MONDAY + timedelta(days=30)):
            with self.assertRaises(UserError):
                agent.action_check_effect(effective=False, note=" ")
            with self.assertRaises(UserError):
                agent.action_check_effect(
                    effective=True, note="x", at=MONDAY - timedelta(days=1)
                )
            facts = agent.action_check_effect(effective=False, note="又有投诉")
            self.assertEqual(facts["state"], "ineffective")
            following = measure.browse(facts["next_measure_id"])
            self.assertRecordValues(
                following,
                [
                    {
                        "origin_measure_id": measure.id,
                        "kind": "preventive",
                        "state": "open",
                        "employee_id": self.technician.id,
                        "due_at": MONDAY + timedelta(days=32),
                    }
                ],
            )
            told = following.sudo().activity_ids.user_id
            self.assertIn(self.users["supervisor"], told)
            with self.assertRaises(UserError):
                agent.action_check_effect(effective=False, note="又来")
        self.assertEqual(self.clocks_of(measure)["effect"].state, "met")
        following.with_user(self.users["technician"]).action_done(note="换班组")
        facts = following.with_user(self.users["agent"]).action_check_effect(
            effective=True, note="一个月无投诉"
        )
        self.assertEqual(facts["id"], following.id)
        self.assertEqual(facts["state"], "effective")
        self.assertFalse(facts["next_measure_id"])

    def test_owner_doesnt_judge(self):
        """R-C04: the effect is looked at by another pair of eyes."""
        employee = self.env["hr.employee"].create(
            {"name": "客服", "user_id": self.users["agent"].id}
        )
        measure = self.agree(self.complain(), employee_id=employee.id)
        measure.action_done(note="已改")
        with self.assertRaises(AccessError):
            measure.action_check_effect(effective=True, note="很好")

    def test_bad_measures_are_refused(self):
        """R-C04: without owner or due date, due in the past, for people who left."""
        request = self.complain()
        with (
            self.assertRaises(NotNullViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.agree(request, employee_id=False)
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = self.env["hr.employee"].create(
            {"name": "钱工", "company_id": company.id}
        )
        gone = self.env["hr.employee"].create({"name": "孙工", "active": False})
        for bad in (
            {"due_at": MONDAY},
            {"due_at": MONDAY - timedelta(days=1)},
            {"employee_id": gone.id},
            {"employee_id": foreign.id},
            {"effect_due_at": MONDAY + timedelta(days=1)},
            {"due_at": "2099-12-31 08:00:00"},
            {"state": "effective"},
        ):
            with (
                self.subTest(bad=bad),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self.agree(request, **bad)
        self.assertFalse(request.measure_ids)

    def test_agreed_by_another_program(self):
        """R-C04: one act with plain values; what is wrong is named."""
        request = self.complain()
        vals = {
            "name": "培训",
            "kind": "preventive",
            "employee_id": self.technician.id,
            "due_at": "2026-12-01 02:00:00",
        }
        facts = request.action_agree_measure(**vals)
        self.assertEqual(request.measure_ids.id, facts["measure_id"])
        for bad in (
            {"name": " "},
            {"kind": "maybe"},
            {"employee_id": 10**8},
            {"due_at": "morgen"},
            {"due_at": None},
        ):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                request.action_agree_measure(**vals | bad)
        with self.assertRaises(AccessError):
            request.with_user(self.users["technician"]).action_agree_measure(**vals)

    def test_agreed_is_agreed(self):
        """R-C04: postponed and cancelled by a supervisor with a reason, not edited."""
        measure = self.agree(self.complain())
        supervisor = measure.with_user(self.users["supervisor"])
        for vals in ({"due_at": MONDAY}, {"state": "done"}, {"name": "x"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                supervisor.write(vals)
        later = MONDAY + timedelta(days=9)
        with self.assertRaises(AccessError):
            measure.action_postpone(due_at=later, reason="x")
        for due, reason in ((later, ""), (MONDAY, "x"), (None, "x"), ("morgen", "x")):
            with self.subTest(due=due), self.assertRaises(UserError):
                supervisor.action_postpone(due_at=due, reason=reason)
        supervisor.action_postpone(due_at=later, reason="等配件")
        self.assertEqual(self.clocks_of(measure)["measure"].deadline, later)
        with self.assertRaises(AccessError):
            measure.action_cancel(reason="x")
        supervisor.action_cancel(reason="重复")
        self.assertFalse(self.clocks_of(measure))
        with self.assertRaises(UserError):
            supervisor.action_done(note="x")
        with self.assertRaises(UserError):
            measure.sudo().unlink()

    def test_who_sees_measures(self):
        """R-C04: owners their own, whatever their role; after-sales all."""
        clerk = self.env["hr.employee"].create(
            {"name": "文员", "user_id": self.users["stranger"].id}
        )
        request = self.complain()
        own = self.agree(request, employee_id=clerk.id)
        other = self.agree(request)
        model = self.env["aftersales.measure"]
        for role, seen in (
            ("stranger", own),
            ("technician", other),
            ("agent", own + other),
            ("guide", model),
        ):
            with self.subTest(role=role):
                self.assertEqual(
                    model.with_user(self.users[role]).search([], order="id"), seen
                )
        for role, record in (("stranger", own), ("technician", other)):
            self.read_views(record, role)
        with self.assertRaises(AccessError):
            other.with_user(self.users["stranger"]).action_done(note="x")
        with self.assertRaises(AccessError):
            model.with_user(self.users["portal"]).search([])
        own.with_user(self.users["stranger"]).action_done(note="已整理")
        self.assertEqual(own.state, "done")

    def test_two_at_once(self):
        request = self.complain()
        measures = self.agree(request) + self.agree(request, name="培训")
        measures.action_done(note="都做了")
        measures.action_check_effect(effective=True, note="有效")
        self.assertEqual(measures.mapped("state"), ["effective"] * 2)

    def test_screens(self):
        """R-C04: agreed on the complaint's page, recorded in dialogs."""
        request = self.complain().with_user(self.users["supervisor"])
        with Form(request) as form, form.measure_ids.new() as line:
            line.name = "更换地板"
            line.employee_id = self.technician
            line.due_at = MONDAY + timedelta(days=3)
        measure = request.measure_ids
        wizards = self.env["aftersales.measure.wizard"].with_user(
            self.users["supervisor"]
        )

        def act(name, **vals):
            context = {"default_act": name, "default_measure_id": measure.id}
            form = Form(wizards.with_context(**context))
            for field, value in vals.items():
                form[field] = value
            form.save().action_save()

        act("postpone", due_at=MONDAY + timedelta(days=5), note="等料")
        act("done", note="已换")
        act("effect", effective="no", note="又坏")
        self.assertEqual(measure.state, "ineffective")
        measure = measure.following_ids
        act("cancel", note="不需要")
        self.assertEqual(measure.state, "cancelled")
        self.assertEqual(request.measure_count, 2)


@tagged("post_install", "-at_install")
class TestComplaintClosing(ComplaintCase):
    def test_needs_cause_and_measures(self):
        """R-C02 R-C03 R-C04: its cause in the tree, both kinds agreed, cured."""
        request = self.complain()
        self.agree(request)
        for missing in ("quality_class", "cause_note"):
            with self.subTest(missing=missing), self.assertRaises(UserError):
                self.close(request, **{missing: False})
        with self.assertRaisesRegex(UserError, "上门致歉"):
            self.close(request)
        request.measure_ids.action_done(note="已致歉")
        with self.assertRaises(UserError):
            self.close(request)  # nothing prevents it
        self.agree(request, kind="preventive", name="岗前培训")
        with self.assertRaises(UserError):
            self.close(request, cause_id=False)
        self.close(request)
        self.assertEqual(request.state, "closed")
        self.assertRecordValues(
            request.responsible_ids,
            [{"department_id": self.department.id, "share": 100}],
        )
        later = request.measure_ids.filtered(lambda m: m.kind == "preventive")
        later.with_user(self.users["technician"]).action_done(note="已培训")
        facts = later.action_check_effect(effective=False, note="又来")
        self.assertTrue(facts["next_measure_id"], "the look at it goes on")

    def test_company_may_do_without_measures(self):
        """R-C04: data, not code."""
        self.company.aftersales_measures_required = False
        request = self.complain()
        self.close(request)
        self.assertEqual(request.state, "closed")


@tagged("post_install", "-at_install")
class TestConfirmation(ComplaintCase, HttpCase):
    def answered(self):
        request = self.complain()
        request.action_reply(note="致歉")
        return request

    def post(self, request, **data):
        token = request.sudo()._portal_ensure_token()
        self.authenticate(None, None)
        data |= {"csrf_token": Request.csrf_token(self), "access_token": token}
        answer = self.url_open(f"/my/requests/{request.id}/confirm", data=data)
        self.env.invalidate_all()
        return answer

    def test_customer_confirms_by_link(self):
        """R-C02: asked by e-mail, answered in one click; the complaint may close."""
        request = self.answered()
        request.action_ask_confirmation()
        mail = request.sudo().message_ids[0]
        self.assertIn(f"/my/requests/{request.id}", mail.body)
        page = self.post(request, settled="yes")
        self.assertIn("alert-success", page.text)
        self.assertTrue(request.customer_confirmed)
        self.company.aftersales_measures_required = False
        self.close(request, customer_confirmed=True)
        again = self.post(request, settled="no", note="x")
        self.assertEqual(again.status_code, 200)
        self.assertTrue(request.customer_confirmed)

    def test_customer_isnt_content(self):
        """R-C02: what is still to be done is said, and lies before the supervisor."""
        request = self.answered()
        page = self.post(request, settled="no", note=" ")
        self.assertIn("alert-danger", page.text)
        self.post(request, settled="no", note="划痕还在")
        self.assertFalse(request.customer_confirmed)
        todo = request.sudo().activity_ids.filtered(lambda a: "划痕" in a.summary)
        self.assertIn(self.users["supervisor"], todo.user_id)

    def test_only_what_was_answered(self):
        """R-C02: not before the answer, not for other kinds, not without the link."""
        with self.assertRaises(UserError):
            self.complain().action_ask_confirmation()
        inquiry = self.register(type="inquiry")
        inquiry.action_reply(note="x")
        with self.assertRaises(UserError):
            inquiry.action_customer_confirm(settled=True)
        request = self.answered()
        with self.assertRaises(AccessError):
            request.with_user(self.users["portal"]).action_customer_confirm(True)
        self.partner.email = False
        with self.assertRaises(UserError):
            request.action_ask_confirmation()
        self.authenticate(None, None)
        data = {"csrf_token": Request.csrf_token(self), "access_token": "wrong"}
        self.url_open(
            f"/my/requests/{request.id}/confirm", data=data | {"settled": "yes"}
        )
        self.env.invalidate_all()
        self.assertFalse(request.customer_confirmed)
