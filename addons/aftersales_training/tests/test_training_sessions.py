from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.common import MONDAY

from .training_common import PEOPLE, TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingSessions(TrainingCase):
    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.session("operation")

    def as_role(self, role, record=None):
        return (record or self.operation).with_user(self.users[role])

    def test_customer_decides_date_and_place(self):
        """R-T04: who chose what is recorded."""
        result = self.choose(self.operation)
        self.assertEqual(result["date_begin"], "2026-12-01 02:00:00")
        self.assertEqual(self.operation.aftersales_chosen_by, "王主任")
        self.assertEqual(self.operation.aftersales_state, "chosen")
        for bad in ({"place": " "}, {"event_id": 0}, {"stop": "2026-11-30 01:00:00"}):
            kwargs = {
                "event_id": self.operation.id,
                "start": "2026-12-01 01:00:00",
                "stop": "2026-12-01 04:00:00",
                "place": "学校",
                "chosen_by": "王主任",
            } | bad
            with self.subTest(bad=bad), self.assertRaises(UserError):
                self.plan.action_record_customer_choice(**kwargs)

    def test_no_confirmation_without_the_choice(self):
        """R-T04: neither by the act nor by moving the card."""
        with self.assertRaisesRegex(UserError, "decided"):
            self.as_role("agent").action_confirm_session()
        stage = self.env.ref("event.event_stage_announced")
        with self.assertRaisesRegex(UserError, "decided"):
            self.as_role("agent").write({"stage_id": stage.id})
        self.choose(self.operation)
        result = self.as_role("agent").action_confirm_session()
        self.assertEqual(result["state"], "confirmed")
        self.env.invalidate_all()
        mail = self.operation.message_ids.filtered("partner_ids")
        self.assertEqual(mail.partner_ids, self.partner)

    def test_changes_are_recorded(self):
        """R-T04: each decision stays; a changed one has to be confirmed again."""
        self.choose(self.operation)
        self.as_role("agent").action_confirm_session()
        self.choose(self.operation, days=10, place="二号楼")
        self.assertEqual(self.operation.aftersales_state, "chosen")
        self.env.invalidate_all()
        choices = self.operation.aftersales_choice_ids
        self.assertEqual(choices.mapped("place"), ["二号楼", "学校报告厅"])
        with self.assertRaises(UserError):
            choices[0].place = "三号楼"

    def test_decided_dates_are_not_rewritten(self):
        """R-T04: proposals move, decisions don't, for any client."""
        agent = self.as_role("agent")
        agent.write(
            {"date_begin": "2026-12-03 01:00:00", "date_end": "2026-12-03 04:00:00"}
        )
        self.choose(self.operation)
        for vals in (
            {"date_begin": "2026-12-01 01:00:00"},
            {"date_end": "2026-12-01 06:00:00"},
            {"aftersales_place": "别处"},
            {"aftersales_state": "confirmed"},
            {"seats_max": 99},
            {"seats_limited": False},
            {"date_tz": "Europe/Paris"},
            {"company_id": False},
            {"aftersales_plan_id": False},
            {"aftersales_template_id": False},
            {"aftersales_pass_mark": 1},
            {"aftersales_kind": "handover"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                agent.write(vals)

    def test_other_events_keep_their_dates(self):
        """R-T04: an event without a plan stays the event team's own."""
        user = self.users["stranger"]
        user.group_ids += self.env.ref("event.group_event_manager")
        event = self.env["event.event"].with_user(user)
        event = event.create(
            {"name": "开放日", "date_begin": MONDAY, "date_end": MONDAY}
        )
        later = MONDAY + timedelta(days=1)
        event.write({"date_end": later, "seats_limited": True, "seats_max": 5})
        self.assertEqual((event.date_end, event.seats_max), (later, 5))
        guest = self.env["event.registration"].with_user(user)
        guest = guest.create({"event_id": event.id, "name": "甲", "state": "done"})
        guest.write({"name": "乙", "state": "open", "date_closed": MONDAY})
        self.assertEqual((guest.name, guest.date_closed), ("乙", MONDAY))
        copy = self.operation.with_user(user).copy()
        self.assertFalse(copy.aftersales_plan_id or copy.aftersales_chosen_by)

    def test_a_choice_is_recorded_once(self):
        """R-E01 R-E03: one decision for one reference; a row of plan and session."""
        values = {
            "event_id": self.operation.id,
            "start": "2026-12-01 02:00:00",
            "stop": "2026-12-01 05:00:00",
            "place": "学校",
            "chosen_by": "王主任",
        }
        plan = self.as_role("agent", self.plan)
        first = plan.action_record_customer_choice(**values, ref="tel-9")
        self.assertEqual(
            plan.action_record_customer_choice(**values, ref="tel-9"), first
        )
        self.env.invalidate_all()
        self.assertEqual(len(self.operation.aftersales_choice_ids), 1)
        acts = self.env["aftersales.act"]
        rows = acts.search([("code", "in", ("record_choice", "choose"))], order="id")
        self.assertEqual(rows.mapped("res_id"), [plan.id, self.operation.id])
        self.assertEqual(rows[1].parent_id, rows[0].id)

    def test_sessions_come_from_the_plan(self):
        """R-T04: and belong to its company."""
        vals = {
            "name": "假课",
            "date_begin": "2026-12-01 01:00:00",
            "date_end": "2026-12-01 02:00:00",
            "aftersales_plan_id": self.plan.id,
        }
        self.users["agent"].group_ids += self.env.ref("event.group_event_manager")
        events = self.env["event.event"]
        with self.assertRaises(UserError):
            events.with_user(self.users["agent"]).create(vals)
        other = self.env["res.company"].create({"name": "北京分公司"})
        with self.assertRaises(ValidationError):
            events.create(vals | {"company_id": other.id})

    def test_other_company_sees_and_does_nothing(self):
        """R-T01: sessions, people and meetings of another company."""
        other = self.env["res.company"].create({"name": "北京分公司"})
        self.users["agent"].write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        self.plan.import_attendees(rows=PEOPLE[:1])
        user = self.users["agent"]
        for model in ("aftersales.training.plan", "event.event", "event.registration"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.operation.with_user(user).action_close_session()
        with self.assertRaises(AccessError):
            self.plan.with_user(user).import_attendees(rows=PEOPLE)

    def test_session_of_another_plan(self):
        """R-T01: nobody is registered in a foreign session."""
        order = self.create_order()
        order.action_confirm()
        other = order.training_plan_ids
        other.action_commissioned()
        with self.assertRaises(UserError):
            self.plan.import_attendees(rows=PEOPLE, event_id=other.event_ids[0].id)
        self.assertFalse(other.event_ids.registration_ids)

    def test_trainer_runs_own_sessions_only(self):
        """R-T07: a technician sees and marks the sessions held by oneself."""
        self.plan.import_attendees(rows=PEOPLE[:1])
        with self.assertRaises(AccessError):
            self.as_role("technician").action_close_session()
        self.assertFalse(
            self.env["event.event"].with_user(self.users["technician"]).search([])
        )
        self.operation.aftersales_trainer_id = self.technician
        with self.during(self.operation):
            people = self.as_role("technician", self.operation.registration_ids)
            people.action_mark_present()
            result = self.as_role("technician").action_close_session()
        self.assertEqual((result["attended"], result["missed"]), (1, 0))
        with self.assertRaises(AccessError):
            self.as_role("stranger").action_close_session()

    def test_the_event_team_runs_no_session(self):
        """R-T07: who only reads it neither marks, scores nor closes."""
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        person = self.operation.registration_ids
        self.users["stranger"].group_ids += self.env.ref("event.group_event_manager")
        event = self.as_role("stranger")
        scores = [{"id": person.id, "score": 80}]
        with self.during(self.operation):
            for act in (
                event.action_close_session,
                event.action_confirm_session,
                event.action_plan_make_up,
                lambda: event.action_cancel_session(reason="x"),
                lambda: event.action_check_in(barcode=person.barcode),
                lambda: event.action_record_scores(scores=scores),
                self.as_role("stranger", person).action_mark_present,
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_who_missed_or_failed_gets_a_make_up(self):
        """R-T01 R-T07: one make-up session, for those and nobody else."""
        self.operation.sudo().aftersales_pass_mark = 60
        self.plan.import_attendees(rows=PEOPLE[:3], event_id=self.operation.id)
        first, second, _third = self.operation.registration_ids.sorted("name")
        with self.during(self.operation):
            (first + second).action_mark_present()
            self.operation.action_record_scores(
                scores=[{"id": first.id, "score": 80}, {"id": second.id, "score": 40}]
            )
            with self.assertRaises(UserError):
                self.operation.action_plan_make_up()
            self.operation.action_close_session()
        self.assertEqual(self.plan.trained_count, 1)
        with self.at(self.operation.date_end + timedelta(days=1)):
            result = self.operation.action_plan_make_up()
            self.assertEqual(self.operation.action_plan_make_up(), result)
            make_up = self.env["event.event"].browse(result["id"])
            self.assertEqual(
                make_up.registration_ids.sorted("name").mapped("name"),
                ["学员01", "学员02"],
            )
            self.assertEqual(make_up.aftersales_state, "proposed")
            self.choose(make_up, days=20)
        with self.during(make_up):
            make_up.registration_ids.action_mark_present()
            make_up.action_record_scores(
                scores=[{"id": r.id, "score": 90} for r in make_up.registration_ids]
            )
        self.assertEqual(self.plan.trained_count, 3)

    def test_nobody_missed(self):
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        with self.during(self.operation):
            self.operation.registration_ids.action_mark_present()
            self.operation.action_close_session()
            with self.assertRaisesRegex(UserError, "Nobody"):
                self.operation.action_plan_make_up()

    def test_ended_sessions_close_themselves(self):
        """R-T01: the missed are raised to the organiser by name."""
        self.plan.user_id = self.users["agent"]
        self.choose(self.operation)
        self.operation.action_confirm_session()
        self.plan.import_attendees(rows=PEOPLE[:2], event_id=self.operation.id)
        with self.at(self.operation.date_end + timedelta(minutes=1)):
            self.run_cron("aftersales_training.cron_close_sessions")
            self.assertEqual(self.operation.aftersales_state, "done")
            task = self.plan.activity_ids
            self.assertIn("学员01", task.note)

    def test_cancelled_session_frees_its_people(self):
        self.plan.import_attendees(rows=PEOPLE[:2], event_id=self.operation.id)
        with self.assertRaises(UserError):
            self.operation.action_cancel_session(reason=" ")
        self.as_role("agent").action_cancel_session(reason="停电")
        self.assertEqual(self.plan.booked_count, 0)
        for again in (
            lambda: self.choose(self.operation),
            lambda: self.operation.action_cancel_session(reason="停电"),
            self.operation.action_close_session,
            self.operation.action_confirm_session,
        ):
            with self.assertRaises(UserError):
                again()
        self.plan.action_generate_sessions()
        self.assertEqual(
            self.session().mapped("aftersales_state"), ["cancelled", "proposed"]
        )

    def test_customer_is_asked_by_link(self):
        """R-T04: the mail carries the link; without an address it is refused."""
        result = self.plan.with_user(self.users["agent"]).action_ask_choice()
        self.assertIn("access_token", result["url"])
        mail = self.plan.message_ids.filtered("partner_ids")[:1]
        self.assertIn(self.plan.access_token, mail.body)
        self.partner.email = False
        with self.assertRaisesRegex(UserError, "e-mail"):
            self.plan.action_ask_choice()

    def test_material_is_handed_out(self):
        """R-T06 R-A05: as the session says; when it was handed over is recorded."""
        material = self.operation.aftersales_material_ids
        self.assertEqual(
            material.mapped("name"), ["Operating manual", "Safety instructions"]
        )
        material[0].with_user(self.users["agent"]).handed_over = True
        self.assertEqual(material[0].handed_over_at, MONDAY)
        with self.assertRaises(AccessError):
            material[0].with_user(self.users["stranger"]).handed_over = False

    def test_mails_of_an_event_never_run_meanwhile(self):
        """R-T07: no PDF within a request that registers people."""
        subscription = self.env.ref("event.event_subscription")
        self.operation.sudo().write(
            {
                "event_mail_ids": [
                    (
                        0,
                        0,
                        {
                            "interval_type": "after_sub",
                            "template_ref": f"mail.template,{subscription.id}",
                        },
                    )
                ]
            }
        )
        mails = self.env.registry["event.mail"]
        report = self.env.registry["ir.actions.report"]
        with (
            patch.object(mails, "execute", side_effect=AssertionError),
            patch.object(report, "_render_qweb_pdf", side_effect=AssertionError),
        ):
            self.plan.import_attendees(rows=PEOPLE, event_id=self.operation.id)
            with self.during(self.operation):
                self.plan.action_mark_attended(event_id=self.operation.id)
        cron = self.env.ref("event.event_mail_scheduler")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_observation_ends_with_the_commissioning(self):
        """R-T03: nothing to observe is proposed once commissioning is over."""
        order = self.create_order()
        order.action_confirm()
        plan = order.training_plan_ids
        plan.commissioning_start = MONDAY.date()
        kinds = plan.event_ids.mapped("aftersales_kind")
        self.assertEqual(kinds, ["observation"])
        plan.action_commissioned()
        self.assertNotIn("observation", plan.event_ids.mapped("aftersales_kind"))
