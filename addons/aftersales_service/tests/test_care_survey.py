from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import MONDAY
from .test_request import RequestCase

QUESTIONS = (
    ("产品满意吗？", "score", True),
    ("服务满意吗？", "score", False),
    ("愿意推荐吗？", "nps", True),
    ("建议", "text", False),
)


def create_survey(env):
    return env["aftersales.survey"].create(
        {
            "name": "年度满意度调查",
            "closes_on": "2026-12-31",
            "question_ids": [
                Command.create({"text": text, "kind": kind, "required": required})
                for text, kind, required in QUESTIONS
            ],
        }
    )


@tagged("post_install", "-at_install")
class TestSurvey(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = create_survey(cls.env)
        cls.supervised = cls.survey.with_user(cls.users["supervisor"])

    def invite(self):
        self.supervised.action_open()
        self.supervised.action_invite(partner_ids=self.partner.ids)
        return self.survey.invitation_ids

    def answers(self, *values):
        return dict(zip(self.survey.question_ids.ids, values, strict=True))

    def test_customers_served_are_invited_once(self):
        """R-V11: who had a visit or request within a year; no second message."""
        self.supervised.action_open()
        with self.at(MONDAY - timedelta(days=400)):
            old = self.env["res.partner"].create({"name": "老客户"})
            self.register(partner_id=old.id, phone="13900000000", address="上海")
        self.register()
        invited = self.supervised.action_invite()["invited"]
        self.assertGreaterEqual(invited, 1)
        partners = self.survey.invitation_ids.partner_id
        self.assertIn(self.partner, partners)
        self.assertNotIn(old, partners)
        self.assertEqual(self.supervised.action_invite()["invited"], 0)
        self.assertEqual(
            self.supervised.action_invite_served()["type"], "ir.actions.client"
        )

    def test_answers_become_one_feedback(self):
        """R-V11: average, recommendation and remarks; a second answer is refused."""
        invitation = self.invite()
        feedback = invitation._answer(self.answers("5", 4, "9", "继续保持"))
        self.assertRecordValues(
            feedback,
            [{"csat": "5", "nps": "9", "channel": "survey", "remarks": "继续保持"}],
        )
        self.assertEqual(invitation.answer_ids.mapped("score"), [5, 4, 9, 0])
        with self.assertRaises(UserError):
            invitation._answer(self.answers(1, 1, 1, ""))
        self.assertEqual(len(invitation.answer_ids), 4)
        self.assertEqual(self.survey.response_rate, 100)

    def test_low_answer_opens_a_complaint(self):
        """R-V11: like on the phone."""
        feedback = self.invite()._answer(self.answers(1, 2, 0, "太差"))
        self.assertEqual(feedback.complaint_id.type, "complaint")

    def test_bad_answers(self):
        """R-V11: scores out of range, missing answers, closed and expired surveys."""
        invitation = self.invite()
        for values in ((6, 1, 1, ""), (1, 1, 11, ""), ("x", 1, 1, ""), ("", 1, 1, "")):
            with self.subTest(values=values), self.assertRaises(UserError):
                invitation._answer(self.answers(*values))
        with self.at("2027-01-01 00:00:00"), self.assertRaises(UserError):
            invitation._answer(self.answers(5, 5, 5, ""))
        self.supervised.action_close()
        with self.assertRaises(UserError):
            invitation._answer(self.answers(5, 5, 5, ""))
        self.assertFalse(invitation.answer_ids)

    def test_questions_stay_once_asked(self):
        """R-V11: a survey under way can't be changed."""
        with self.assertRaises(ValidationError):
            self.survey.question_ids[3].kind = "nps"
        empty = self.survey.copy({"question_ids": [Command.clear()]})
        with self.assertRaises(UserError):
            empty.with_user(self.users["supervisor"]).action_open()
        with self.assertRaises(AccessError):
            self.survey.with_user(self.users["agent"]).action_open()
        self.invite()
        for act in (
            lambda: self.supervised.question_ids[0].write({"text": "？"}),
            lambda: self.supervised.question_ids[0].unlink(),
            lambda: self.supervised.write({"name": "其他"}),
            lambda: self.supervised.write({"state": "draft"}),
            lambda: self.supervised.unlink(),
            lambda: self.supervised.action_open(),
        ):
            with self.assertRaises(UserError):
                act()

    def test_questions_stay_with_their_survey(self):
        """R-E02 R-V11: none is moved into, or added to, a survey under way."""
        other = self.survey.copy().with_user(self.users["supervisor"])
        draft = other.with_context(default_state="open").create({"name": "临时"})
        self.assertEqual(draft.state, "draft")
        self.invite()
        questions = other.question_ids
        for act in (
            lambda: questions[0].write({"survey_id": self.survey.id}),
            lambda: questions.create({"survey_id": self.survey.id, "text": "？"}),
            lambda: self.supervised.write({"question_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError):
                act()
        self.supervised.closes_on = "2026-12-30"

    def test_a_repeated_invitation_is_one(self):
        """R-E03: the same reference answers the same, also when more were served."""
        self.supervised.action_open()
        first = self.supervised.action_invite(self.partner.ids, ref="i-1")
        self.assertEqual(
            self.supervised.action_invite(self.partner.ids, ref="i-1"), first
        )
        self.assertEqual(first["invited"], 1)

    def merge(self, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set([p.id for p in partners])],
                "dst_partner_id": self.partner.id,
                "state": "selection",
            }
        )
        wizard.action_merge()

    def test_merged_customer_keeps_the_answer(self):
        """R-V11: an open invitation doesn't replace the answered one, of either."""
        for own, other in ((True, False), (False, True), (True, True), (False, False)):
            with self.subTest(own=own, other=other):
                survey = create_survey(self.env)
                twin = self.partner.copy({"name": "第三中学（重复）"})
                supervised = survey.with_user(self.users["supervisor"])
                supervised.action_open()
                supervised.action_invite(partner_ids=(self.partner | twin).ids)
                for invitation in survey.invitation_ids:
                    if own if invitation.partner_id == self.partner else other:
                        values = dict(zip(survey.question_ids.ids, "559", strict=False))
                        invitation._answer(values)
                self.merge(self.partner, twin)
                self.assertEqual(survey.invitation_ids.partner_id, self.partner)
                answered = survey.invitation_ids.filtered("answered_at")
                self.assertEqual(len(answered), own + other)
                self.assertEqual(len(answered.answer_ids), 3 * (own + other))
                self.assertEqual(len(survey.invitation_ids), own + other or 1)
                self.assertEqual(
                    supervised.action_invite(partner_ids=self.partner.ids)["invited"],
                    0,
                )

    def test_who_sees_answers(self):
        """R-V11: after-sales only."""
        invitation = self.invite()
        self.assertTrue(invitation.with_user(self.users["agent"]).access_token)
        for role in ("technician", "guide", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                invitation.with_user(self.users[role]).read(["partner_id"])


@tagged("post_install", "-at_install")
class TestFeedbackPages(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.customer = cls.env["res.partner"].create(
            {"name": "王小明", "phone": "13812345678", "lang": "zh_CN"}
        )
        cls.visit = cls.env["aftersales.visit"].create(
            {"partner_id": cls.customer.id, "kind": "delivery"}
        )
        cls.url = cls.visit._get_feedback_url()

    def post(self, url, **values):
        token = Request.csrf_token(self)
        return self.url_open(url, data={"csrf_token": token, **values})

    def test_rate_by_link(self):
        """R-V11 R-D14: without login, in the customer's language, once."""
        page = self.url_open(self.url)
        self.assertIn('name="csat"', page.text)
        self.assertIn("我们的服务", page.text)
        self.authenticate(None, None)
        refused = self.post(self.url, csat="9")
        self.assertIn("alert-danger", refused.text)
        done = self.post(self.url, csat="5", nps="10", remarks="<b>好</b>")
        self.assertIn("fa-check-circle", done.text)
        feedback = self.visit.feedback_ids
        self.assertRecordValues(
            feedback, [{"csat": "5", "nps": "10", "remarks": "<b>好</b>"}]
        )
        self.post(self.url, csat="1")
        self.assertEqual(self.visit.feedback_ids, feedback)

    def test_what_no_browser_sends(self):
        """R-V11: signs that can't be kept and endless texts are cut, not an error."""
        for page in ("/feedback/x%00", "/feedback/yearly/x%00"):
            self.assertEqual(self.url_open(page).status_code, 404)
        self.authenticate(None, None)
        self.post(self.url, csat="4", remarks="好\0" + "长" * 30_000)
        remarks = self.visit.feedback_ids.remarks
        self.assertEqual((remarks[:2], len(remarks)), ("好长", 5_000))

    def test_wrong_and_expired_links(self):
        """R-V11: a friendly page, nothing else."""
        self.assertEqual(self.url_open("/feedback/wrong").status_code, 404)
        self.assertEqual(self.url_open("/feedback/yearly/wrong").status_code, 404)
        rating = self.visit.sudo().rating_ids
        self.env.cr.execute(
            "UPDATE rating_rating SET create_date = '2020-01-01' WHERE id = %s",
            [rating.id],
        )
        rating.invalidate_recordset()
        self.assertIn("fa-clock-o", self.url_open(self.url).text)
        self.assertFalse(self.visit.feedback_ids)

    def test_yearly_survey_by_link(self):
        """R-V11: errors are shown above what was filled in; answered once."""
        survey = create_survey(self.env)
        survey.closes_on = "2099-12-31"
        survey.action_open()
        survey.action_invite(partner_ids=self.customer.ids)
        url = survey.invitation_ids._get_url()
        names = [f"question_{q.id}" for q in survey.question_ids]
        self.authenticate(None, None)
        self.assertIn("产品满意吗", self.url_open(url).text)
        refused = self.post(url, **{names[0]: "4", names[3]: "先这样"})
        self.assertIn("alert-danger", refused.text)
        self.assertIn("先这样", refused.text)
        values = dict(zip(names, ("4", "5", "8", "好"), strict=True))
        self.assertIn("fa-check-circle", self.post(url, **values).text)
        self.assertEqual(survey.invitation_ids.feedback_id.nps, "8")
        self.assertIn("fa-check-circle", self.url_open(url).text)
