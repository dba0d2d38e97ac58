import base64
import io
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import read_file
from .test_training_people import sheet
from .training_common import PEOPLE, PICTURE


@tagged("post_install", "-at_install")
class TestTrainingPortal(HttpCase):
    """What the customer does by link or login; time is real here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.school = cls.env["res.partner"].create(
            {"name": "上海市第三中学", "email": "school@example.cn"}
        )
        cls.teacher = new_test_user(
            cls.env, login="teacher", groups="base.group_portal"
        )
        cls.teacher.partner_id.parent_id = cls.school
        cls.other = new_test_user(cls.env, login="other", groups="base.group_portal")
        desk = cls.env["product.product"].create(
            {"name": "升降课桌", "aftersales_training": True}
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.school.id,
                "training_headcount": 3,
                "order_line": [Command.create({"product_id": desk.id})],
            }
        )
        cls.order.action_confirm()
        cls.plan = cls.order.training_plan_ids
        cls.plan.action_commissioned()
        cls.operation = cls.plan.event_ids.filtered(
            lambda e: e.aftersales_kind == "operation"
        )
        cls.path = f"/my/trainings/{cls.plan.id}"
        cls.token = cls.plan._portal_ensure_token()

    def post(self, path, token=None, files=None, **data):
        """Send a form of the page, by link."""
        data["csrf_token"] = Request.csrf_token(self)
        url = f"{self.path}/{path}?access_token={token or self.token}"
        return self.url_open(url, data=data, files=files)

    def start(self):
        """The session is on right now."""
        now = fields.Datetime.now()
        self.operation.sudo().write(
            {"date_begin": now, "date_end": now + timedelta(hours=3)}
        )

    def test_customer_sees_own_trainings_only(self):
        """R-T01: lists, counters and pages, by login and by link."""
        self.authenticate("teacher", "teacher")
        self.assertIn(self.plan.name, self.url_open("/my/trainings").text)
        self.assertIn(self.order.name, self.url_open(self.path).text)
        counted = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["training_count"]}
        )
        self.assertEqual(counted["training_count"], 1)
        self.authenticate("other", "other")
        self.assertNotIn(self.plan.name, self.url_open("/my/trainings").text)
        self.assertNotIn(self.order.name, self.url_open(self.path).text)
        self.authenticate(None, None)
        wrong = self.url_open(f"{self.path}?access_token=wrong")
        self.assertNotIn(self.order.name, wrong.text)
        right = self.url_open(f"{self.path}?access_token={self.token}")
        self.assertIn(self.order.name, right.text)

    def test_customer_chooses_date_and_place(self):
        """R-T04: agrees or proposes; recorded as chosen by link."""
        self.authenticate(None, None)
        day = fields.Date.today() + timedelta(days=20)
        vals = {
            "event_id": self.operation.id,
            "start": f"{day}T14:00",
            "hours": "2",
            "place": "二楼会议室",
            "chosen_by": "王主任",
        }
        self.post("choose", **vals)
        self.assertRecordValues(
            self.operation,
            [{"aftersales_state": "chosen", "aftersales_place": "二楼会议室"}],
        )
        company = self.plan.company_id
        self.assertEqual(self.operation.date_begin, company._aftersales_at(day, 14))
        self.assertEqual(self.operation.aftersales_choice_ids.channel, "portal")
        for bad in (
            {"start": "明天"},
            {"start": "2020-01-01T09:00"},
            {"hours": "100"},
            {"hours": "x"},
            {"place": " "},
            {"event_id": "0"},
        ):
            with self.subTest(bad=bad):
                page = self.post("choose", **(vals | bad))
                self.assertIn("alert-danger", page.text)
        self.assertEqual(len(self.operation.aftersales_choice_ids), 1)

    def test_nobody_else_chooses(self):
        """R-T04: a wrong link changes nothing."""
        self.authenticate("other", "other")
        self.post(
            "choose",
            token="wrong",
            event_id=self.operation.id,
            place="别处",
            chosen_by="路人",
        )
        self.assertEqual(self.operation.aftersales_state, "proposed")
        self.post("people", token="wrong", name="路人")
        self.assertFalse(self.plan.booked_count)

    def test_customer_names_the_people(self):
        """R-T01 R-T07: one, a list, a file; too many are refused on the page."""
        self.authenticate(None, None)
        self.post("people", name="王建华", phone="13900000001", role="operator")
        self.assertEqual(self.plan.booked_count, 1)
        page = self.post("people", text="李秀兰 13900000002\n张德明 abc1234567")
        self.assertIn("alert-danger", page.text)
        self.assertIn("李秀兰", page.text)  # what was pasted isn't lost
        content = base64.b64decode(
            sheet([["姓名", "手机"], ["李秀兰", 13900000002], ["张德明", 13900000003]])
        )
        self.post("people", files={"file": ("名单.xlsx", content)})
        self.assertEqual(self.plan.booked_count, 3)
        page = self.post("people", name="第四人", phone="13900000004")
        self.assertEqual(self.plan.booked_count, 3)
        self.assertIn("alert-danger", page.text)
        person = self.plan._get_people()[0]
        self.post(f"people/{person.id}/remove")
        self.assertEqual(self.plan.booked_count, 2)

    def test_empty_list_can_be_imported_again(self):
        """R-T07: its columns are the ones that are understood, in both languages."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang in ("en_US", "zh_CN"):
            self.opener.cookies["frontend_lang"] = lang
            content = self.url_open("/training/people.xlsx").content
            with self.subTest(lang=lang):
                self.assertEqual(read_file(self.env, content, "x.xlsx"), [])
        self.assertTrue(io.BytesIO(content).read(2) == b"PK")

    def test_person_signs_in_and_rates(self):
        """R-T07: by the code in the room, then rates the trainer, once."""
        self.authenticate(None, None)
        self.plan.import_attendees(rows=PEOPLE[:2], event_id=self.operation.id)
        person = self.operation.registration_ids.sorted("name")[0]
        url = f"/training/session/{self.operation.id}/{self.operation._get_token()}"
        csrf = {"csrf_token": Request.csrf_token(self)}
        early = self.url_open(url, data=csrf | {"contact": "13900000000"})
        self.assertIn("alert-danger", early.text)
        self.start()
        stranger = self.url_open(url, data=csrf | {"contact": "13911111111"})
        self.assertIn("alert-danger", stranger.text)
        page = self.url_open(url, data=csrf | {"contact": "139 0000 0000"})
        self.assertIn("学员00", page.text)
        self.assertEqual(person.state, "done")
        own = person._get_personal_url()
        self.url_open(f"{own}/rate", data=csrf | {"rating": "5", "note": "讲得清楚"})
        self.assertRecordValues(
            person,
            [{"aftersales_rating": "5", "aftersales_rating_note": "讲得清楚"}],
        )
        self.url_open(f"{own}/rate", data=csrf | {"rating": "9"})
        self.assertEqual(person.aftersales_rating, "5")

    def test_trainer_marks_by_the_persons_code(self):
        """R-T07: the phone's camera opens the page; only organisers may mark."""
        new_test_user(
            self.env, login="desk", groups="aftersales_service.group_aftersales_user"
        )
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        person = self.operation.registration_ids
        self.start()
        url = person._get_personal_url()
        self.authenticate(None, None)
        csrf = {"csrf_token": Request.csrf_token(self)}
        self.assertNotIn("/present", self.url_open(url).text)
        with mute_logger("odoo.http"):
            self.url_open(f"{url}/present", data=csrf)
        self.assertEqual(person.state, "open")
        self.authenticate("desk", "desk")
        csrf = {"csrf_token": Request.csrf_token(self)}
        self.assertIn("/present", self.url_open(url).text)
        self.url_open(f"{url}/present", data=csrf)
        self.assertEqual(person.state, "done")

    def test_wrong_codes_open_nothing(self):
        """R-T07: neither sessions nor persons."""
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        person = self.operation.registration_ids
        self.authenticate(None, None)
        for url in (
            f"/training/session/{self.operation.id}/wrong",
            f"/training/session/0/{self.operation._get_token()}",
            f"/training/person/{person.id}/wrong",
            f"/training/person/{person.id}/{self.operation._get_token()}",
            "/training/certificate/wrong",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)

    def test_anybody_verifies_a_certificate(self):
        """R-T07: genuine, revoked or neither; the customer prints it."""
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        self.start()
        self.operation.registration_ids.action_mark_present()
        certificate = self.env["aftersales.training.certificate"].browse(
            self.plan.action_issue_certificates()
        )
        self.authenticate(None, None)
        url = f"/training/certificate/{certificate.token}"
        page = self.url_open(url).text
        self.assertIn("alert-success", page)
        self.assertIn("学员00", page)
        pdf = self.url_open(
            f"{self.path}/certificates?access_token={self.token}", timeout=60
        )
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        certificate.action_revoke(reason="写错姓名")
        self.assertIn("alert-danger", self.url_open(url).text)

    def test_customer_signs_the_minutes(self):
        """R-T05: by link, what was shown; a second signature is refused."""
        result = self.plan.action_hold_handover(
            vals={
                "commissioning_report": True,
                "operating_manual": True,
                "key_points": True,
                "minutes": "逐台讲解操作要点",
                "participants": "王主任",
            }
        )
        handover = self.env["aftersales.training.handover"].browse(
            result["handover_id"]
        )
        self.authenticate(None, None)
        page = self.url_open(handover.get_portal_url()).text
        self.assertIn("逐台讲解操作要点", page)
        self.assertIn(handover._get_digest(), page)
        token = handover._portal_ensure_token()
        url = f"/my/handovers/{handover.id}/sign"
        wrong = self.make_jsonrpc_request(
            f"{url}?access_token=wrong", {"name": "王主任", "signature": PICTURE}
        )
        self.assertIn("error", wrong)
        link = f"{url}?access_token={token}&digest={handover._get_digest()}"
        signed = {"name": "王主任", "signature": PICTURE}
        answer = self.make_jsonrpc_request(link, signed)
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertEqual(handover.state, "signed")
        self.assertIn("error", self.make_jsonrpc_request(link, signed))

    def test_sign_in_guesses_are_limited(self):
        """R-T07: wrong phone numbers count as wrong links do."""
        self.start()
        self.env["ir.config_parameter"].set_param("aftersales_service.guess_limit", 2)
        self.env.flush_all()
        self.authenticate(None, None)
        url = self.operation._get_sign_in_url()
        post = {"csrf_token": Request.csrf_token(self), "contact": "13900009999"}
        codes = [self.url_open(url, post).status_code for _time in range(4)]
        self.assertEqual(codes, [200, 200, 429, 429])

    def test_codes_of_a_session_end(self):
        """R-T07: the page of a session long over says whom to call."""
        self.operation.sudo().write(
            {"date_begin": "2020-01-01 01:00:00", "date_end": "2020-01-01 03:00:00"}
        )
        self.env.flush_all()
        self.authenticate(None, None)
        page = self.url_open(self.operation._get_sign_in_url())
        self.assertEqual(page.status_code, 410)
