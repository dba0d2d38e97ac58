from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.aftersales_service.tests.common import MONDAY

from .training_common import PEOPLE, TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingAttendance(TrainingCase):
    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.session("operation")
        self.plan.import_attendees(rows=PEOPLE[:3], event_id=self.operation.id)
        self.person = self.operation.registration_ids.sorted("name")[0]

    def test_code_at_the_door(self):
        """R-T07: barcode or QR code; the second scan changes nothing."""
        event = self.operation.with_user(self.users["agent"])
        with self.during(self.operation):
            result = event.action_check_in(barcode=self.person.barcode)
            self.assertEqual((result["state"], result["already"]), ("done", False))
            link = "https://x.cn" + self.person._get_personal_url()
            self.assertTrue(event.action_check_in(barcode=link)["already"])
            for bad in ("", None, "123", "https://x.cn/training/person/1/abc"):
                with self.subTest(bad=bad), self.assertRaises(UserError):
                    event.action_check_in(barcode=bad)
            other = self.session("maintenance")
            with self.assertRaises(UserError):
                other.action_check_in(barcode=self.person.barcode)
        self.assertEqual(self.person.aftersales_attended_by, "code")

    def test_scanning_one_after_the_other(self):
        """R-T07: the dialog says who is present and waits for the next code."""
        wizards = self.env["aftersales.training.scan.wizard"]
        form = Form(wizards.with_context(default_event_id=self.operation.id))
        form.code = self.person.barcode
        with self.during(self.operation):
            wizard = form.save()
            action = wizard.action_scan()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("学员00", wizard.message)
        self.assertFalse(wizard.code)

    def test_not_before_the_session(self):
        """R-T07: half an hour before at the earliest, for every client."""
        early = self.operation.date_begin - timedelta(minutes=31)
        with self.at(early):
            for act in (
                self.person.action_mark_present,
                lambda: self.person.write({"state": "done"}),
                lambda: self.operation.action_check_in(barcode=self.person.barcode),
                lambda: self.operation._sign_in("13900000000"),
                lambda: self.env["event.registration"].create(
                    {"event_id": self.operation.id, "name": "新", "state": "done"}
                ),
            ):
                with self.assertRaises(UserError):
                    act()
        with self.at(early + timedelta(minutes=2)):
            self.person.action_mark_present()
        self.assertEqual(self.person.aftersales_attended_by, "list")

    def test_signing_in_on_the_own_phone(self):
        """R-T07: by number or name; nobody who isn't on the list."""
        with self.during(self.operation):
            found = self.operation._sign_in("139 0000 0000")
            self.assertEqual((found, found.state), (self.person, "done"))
            self.assertEqual(self.operation._sign_in(" 学员01 ").name, "学员01")
            with self.assertRaisesRegex(UserError, "list"):
                self.operation._sign_in("13911111111")
        with (
            self.at(self.operation.date_end + timedelta(hours=1)),
            self.assertRaisesRegex(UserError, "over"),
        ):
            self.operation._sign_in("13900000002")

    def test_attendance_is_proof(self):
        """R-T07: no client changes it; a supervisor takes a wrong tick back."""
        with self.during(self.operation):
            self.person.action_mark_present()
        agent = self.person.with_user(self.users["agent"])
        for vals in (
            {"state": "open"},
            {"state": "cancel"},
            {"name": "别人"},
            {"phone": "13911111111"},
            {"event_id": self.session("maintenance").id},
            {"active": False},
            {"aftersales_attended_by": "code"},
            {"aftersales_rating": "5"},
            {"aftersales_tested_at": "2026-11-24 02:00:00"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                agent.write(vals)
        with self.assertRaises(UserError):
            self.person.unlink()
        with self.assertRaises(AccessError):
            agent.action_undo_attendance(reason="点错")
        supervisor = self.person.with_user(self.users["supervisor"])
        with self.assertRaises(UserError):
            supervisor.action_undo_attendance(reason="")
        result = supervisor.action_undo_attendance(reason="点错")
        self.assertEqual(result["state"], "open")
        self.assertEqual(self.plan.trained_count, 0)

    def test_other_events_are_left_alone(self):
        """R-T07: only attendance at a training is taken back."""
        fair = {"name": "展会", "date_begin": MONDAY, "date_end": MONDAY}
        event = self.env["event.event"].create(fair)
        guest = self.env["event.registration"].create(
            {"name": "来宾", "event_id": event.id, "state": "done"}
        )
        supervisor = guest.with_user(self.users["supervisor"])
        with self.assertRaises(AccessError):
            supervisor.action_undo_attendance(reason="点错")
        guest.sudo().action_undo_attendance(reason="点错")
        self.assertEqual(guest.state, "done")

    def test_attendance_has_the_time_of_its_act(self):
        """R-E02 R-T07: neither values nor the context say when somebody came."""
        people = self.env["event.registration"].with_user(self.users["agent"])
        early = {"event_id": self.operation.id, "date_closed": "2026-01-01 00:00:00"}
        with self.during(self.operation):
            told = people.create(
                [early | {"name": "甲"}, early | {"name": "乙", "state": "done"}]
            )
            keys = {"default_date_closed": "2026-01-01 00:00:00"}
            meant = people.with_context(**keys).create(
                {"event_id": self.operation.id, "name": "丙"}
            )
            now = self.operation.date_begin + timedelta(hours=1)
            dates = (told | meant).mapped("date_closed")
            self.assertEqual(dates, [False, now, False])
            with self.assertRaises(UserError):
                meant.date_closed = "2026-01-01 00:00:00"

    def test_nothing_of_the_proof_is_given(self):
        """R-E02 R-T07: neither at the registration nor by a row of the session."""
        people = self.env["event.registration"].with_user(self.users["agent"])
        for name, value in (
            ("aftersales_attended_by", "code"),
            ("aftersales_tested_at", "2026-01-01 00:00:00"),
            ("aftersales_result", "passed"),
            ("aftersales_rating", "5"),
            ("aftersales_plan_id", self.plan.id),
        ):
            vals = {"event_id": self.operation.id, "name": "甲", name: value}
            with self.subTest(name=name), self.assertRaises(UserError):
                people.create(vals)
            forged = people.with_context(**{f"default_{name}": value}).new()
            self.assertNotEqual(forged[name] or False, value)
        with self.during(self.operation):
            self.person.action_mark_present()
        event = self.operation.with_user(self.users["agent"])
        with self.assertRaises(UserError):
            event.registration_ids = [(1, self.person.id, {"name": "别人"})]
        event.registration_ids = [(1, self.person.id, {"name": self.person.name})]

    def test_a_scan_happens_once_and_is_a_row(self):
        """R-E01 R-E03: a row of the session, within it one of the person."""
        event = self.operation.with_user(self.users["agent"])
        with self.during(self.operation):
            first = event.action_check_in(self.person.barcode, ref="gate-1")
            again = event.action_check_in(self.person.barcode, ref="gate-1")
        self.assertEqual(first, again)
        self.assertFalse(again["already"])
        acts = self.env["aftersales.act"]
        domain = [("res_model", "=", event._name), ("res_id", "=", event.id)]
        scan = acts.search([*domain, ("code", "=", "check_in")])
        self.assertEqual(len(scan), 1)
        domain = [("res_model", "=", self.person._name)]
        row = acts.search([*domain, ("res_id", "=", self.person.id)])
        self.assertEqual((row.code, row.parent_id), ("attend", scan.id))

    def test_signed_sheet_is_filed(self):
        """R-T07: the scan of the signed sheet stays with the session."""
        event = self.operation.with_user(self.users["agent"])
        event.write({"aftersales_sheet": "UERG", "aftersales_sheet_name": "签到.pdf"})
        self.assertEqual(self.operation.aftersales_sheet, b"UERG")

    def test_trainer_is_rated(self):
        """R-T07: points by trainer."""
        self.operation.sudo().aftersales_trainer_id = self.technician
        with self.during(self.operation):
            self.operation.registration_ids.action_mark_present()
        for person, rating in zip(
            self.operation.registration_ids, ("5", "5", "1"), strict=True
        ):
            person.sudo().aftersales_rating = rating
        self.assertAlmostEqual(self.operation.aftersales_rating_avg, 11 / 3)
        ((trainer, points),) = self.env["event.registration"]._read_group(
            [("aftersales_trainer_id", "!=", False)],
            ["aftersales_trainer_id"],
            ["aftersales_rating_value:avg"],
        )
        self.assertEqual(trainer, self.technician)
        self.assertAlmostEqual(points, 11 / 3)

    def test_id_numbers_are_for_after_sales(self):
        """R-T07: the event team sees the people, not their ID numbers."""
        user = self.users["stranger"]
        user.group_ids += self.env.ref("event.group_event_registration_desk")
        person = self.person.with_user(user)
        self.assertEqual(person.name, "学员00")
        with self.assertRaises(AccessError):
            person.read(["aftersales_id_number"])

    def test_event_team_still_runs_its_own_events(self):
        """A registration without a plan behaves as Odoo's own."""
        event = self.env["event.event"].create(
            {
                "name": "开放日",
                "date_begin": "2027-01-01 01:00:00",
                "date_end": "2027-01-01 04:00:00",
            }
        )
        people = self.env["event.registration"].create(
            [{"event_id": event.id, "name": "甲"}, {"event_id": event.id, "name": "甲"}]
        )
        people.action_set_done()
        people[0].name = "乙"
        self.assertFalse(people[0].aftersales_person_key)
        agent = self.env["event.event"].with_user(self.users["agent"])
        self.assertFalse(agent.search([("id", "=", event.id)]))
