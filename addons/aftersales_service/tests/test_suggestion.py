from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import MONDAY
from .test_complaint import ComplaintCase

CRON = "aftersales_service.ir_cron_enforce_clocks"


@tagged("post_install", "-at_install")
class TestSuggestion(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_test_user(cls.env, login="as_head", groups="base.group_user")
        cls.manager = cls.env["hr.employee"].create(
            {"name": "研发经理", "user_id": cls.head.id}
        )
        cls.research = cls.env["hr.department"].create(
            {"name": "研发部", "manager_id": cls.manager.id}
        )

    def forward(self, **vals):
        request = self.register(type="suggestion", problem="希望增加 USB 口", **vals)
        facts = request.action_forward(
            department_ids=self.research.ids, note="成本如何？"
        )
        rows = self.env["aftersales.suggestion"].browse(facts["suggestion_ids"])
        return request, rows

    def test_department_owes_an_answer(self):
        """R-C06: the manager is told, in a list of his own; the clock runs a week."""
        request, row = self.forward()
        self.assertEqual(row.user_id, self.head)
        self.assertEqual(row.sla_clock_ids.deadline, MONDAY + timedelta(days=7))
        self.assertEqual(row.activity_ids.user_id, self.head)
        self.assertIn("USB", row.activity_ids.summary)
        mine = row.with_user(self.head)
        self.assertEqual(mine.search([]), row)
        self.assertEqual(mine.problem, "希望增加 USB 口")
        self.read_views(row, user=self.head)
        self.read_views(request, "agent")
        with self.assertRaises(AccessError):
            request.with_user(self.head).read(["problem"])
        again = request.action_forward(department_ids=self.research.ids)
        self.assertEqual(again["suggestion_ids"], row.ids, "not twice")
        with self.at(MONDAY + timedelta(days=8)):
            self.run_cron(CRON)
            self.assertEqual(row.sla_clock_ids.state, "breached")

    def test_answer_is_told(self):
        """R-C06: to the suggester, in his language; then the request may close."""
        request, row = self.forward()
        with self.assertRaises(UserError):
            request.action_close(vals={"resolution": "已转研发"})
        mine = row.with_user(self.head)
        for verdict, answer in (("maybe", "x"), ("adopted", " "), (None, "x")):
            with self.subTest(verdict=verdict), self.assertRaises(UserError):
                mine.action_answer(verdict=verdict, answer=answer)
        facts = mine.action_answer(verdict="adopted", answer="明年新款增加两个 USB 口")
        self.assertEqual(facts["state"], "answered")
        self.assertEqual(row.sla_clock_ids.state, "met")
        self.assertFalse(row.activity_ids)
        message = request.sudo().message_ids[0]
        self.assertIn(self.partner, message.partner_ids)
        self.assertIn("USB", message.body)
        self.assertEqual(row.told_at, MONDAY)
        with self.assertRaises(UserError):
            mine.action_answer(verdict="rejected", answer="x")
        request.action_close(vals={"resolution": "已采纳"})
        self.assertEqual(request.state, "closed")

    def test_answered_once(self):
        """R-E01 R-E03: a repeated answer tells nobody twice; it is in the log."""
        request, row = self.forward()
        mine = row.with_user(self.head)
        first = mine.action_answer("adopted", "好主意", ref="a-1")
        count = len(request.sudo().message_ids)
        self.assertEqual(mine.action_answer("adopted", "好主意", ref="a-1"), first)
        self.assertEqual(len(request.sudo().message_ids), count)
        logged = self.env["aftersales.act"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self.assertEqual((logged.code, logged.user_id), ("answer", self.head.id))

    def test_without_address_somebody_calls(self):
        """R-C06: the suggester hears of it either way."""
        self.partner.email = False
        request, row = self.forward()
        request.sudo().user_id = self.users["agent"]
        row.with_user(self.head).action_answer("rejected", "成本过高")
        self.assertFalse(row.told_at)
        todo = request.sudo().activity_ids
        self.assertIn(self.users["agent"], todo.user_id)

    def test_who_forwards_and_answers(self):
        """R-C06: after-sales forwards, the department answers, others don't."""
        request, row = self.forward()
        with self.assertRaises(AccessError):
            request.with_user(self.users["guide"]).action_forward(self.research.ids)
        for role in ("stranger", "portal", "guide", "technician", "agent"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                row.with_user(self.users[role]).action_answer("adopted", "x")
        with self.assertRaises(AccessError):
            row.with_user(self.users["manager"]).write({"answer": "x"})
        with self.assertRaises(UserError):
            row.sudo().unlink()
        row.with_user(self.users["supervisor"]).action_answer("partly", "部分采纳")
        other = new_test_user(self.env, login="as_head2", groups="base.group_user")
        self.assertFalse(row.with_user(other).search([]))

    def test_new_manager_answers(self):
        """R-C06: who leads the department now may answer, too."""
        _request, row = self.forward()
        head = new_test_user(self.env, login="as_head3", groups="base.group_user")
        self.research.manager_id = self.env["hr.employee"].create(
            {"name": "新经理", "user_id": head.id}
        )
        row.with_user(head).action_answer("adopted", "可以")
        self.assertEqual(row.state, "answered")

    def test_bad_departments(self):
        """R-C06: unknown ones, without a manager, or what is no suggestion."""
        request = self.register(type="suggestion", problem="x")
        lone = self.env["hr.department"].create({"name": "无人部"})
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = self.env["hr.department"].create(
            {
                "name": "北京研发",
                "company_id": company.id,
                "manager_id": self.manager.id,
            }
        )
        for ids in ([], None, [10**8], lone.ids, foreign.ids):
            with (
                self.subTest(ids=ids),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                request.action_forward(department_ids=ids)
        with self.assertRaises(UserError):
            self.complain().action_forward(department_ids=self.research.ids)

    def test_screens(self):
        """R-C06: forwarded and answered in a dialog."""
        request = self.register(type="suggestion", problem="x")
        wizards = self.env["aftersales.suggestion.wizard"]
        agent = wizards.with_user(self.users["agent"])
        form = Form(agent.with_context(default_request_id=request.id))
        form.department_ids = self.research
        form.save().action_save()
        head = wizards.with_user(self.head)
        form = Form(head.with_context(default_suggestion_id=request.suggestion_ids.id))
        form.verdict = "adopted"
        form.answer = "好主意"
        form.save().action_save()
        self.assertEqual(request.suggestion_ids.verdict, "adopted")
