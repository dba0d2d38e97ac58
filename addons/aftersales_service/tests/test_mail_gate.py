from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_request import RequestCase

SAID = {"To": "service@huayu.example", "Subject": "课桌坏了"}
# what machines send: reason → headers
MACHINES = {
    "auto": (
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"Auto-Submitted": "auto-notified; owner-email=x"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "课桌坏了"},
        {"X-Mail-Autoreply": "1"},
        {"X-AutoReply-From": "a@example.cn"},
        {"X-Loop": "desk@other.example"},
        {"Precedence": "auto_reply"},
        {"Subject": "自动回复: 课桌坏了"},
        {"Subject": "自动回复：Re: RQ00012"},
        {"Subject": "【自动回复】我在休假"},
        {"Subject": "自動回覆: 您好"},
        {"Subject": "Automatic reply: table"},
        {"Subject": "Out of Office: back on Monday"},
        {"Subject": "Out of the office"},
        {"Subject": "Autoreply: thanks"},
        {"Subject": "Abwesenheitsnotiz: Urlaub"},
        {"Subject": "Réponse automatique : absent"},
        {"Subject": "已读: 课桌坏了"},
        {"Subject": "Read: table"},
        {"Subject": "退信通知"},
        {"Subject": "系统退信"},
        {"Subject": "Undeliverable: table"},
        {"Subject": "Delivery Status Notification (Failure)"},
        {"Subject": "Undelivered Mail Returned to Sender"},
    ),
    "list": (
        {"Precedence": "bulk"},
        {"Precedence": "list", "List-Id": "<news.example.cn>"},
        {"List-Unsubscribe": "<mailto:out@example.cn>"},
        {"List-Id": "<all.example.cn>"},
        {"Feedback-ID": "1:2:3"},
    ),
    "bounce": (
        {"Return-Path": "<>"},
        {"X-Failed-Recipients": "wang@example.cn"},
        {"From": "MAILER-DAEMON@example.cn"},
    ),
    "sender": (
        {"From": "noreply@shop.example"},
        {"From": "订单中心 <no-reply@shop.example>"},
        {"From": "do-not-reply@shop.example"},
        {"From": "postmaster@example.cn"},
        {"From": "bounces+17@list.example"},
    ),
    "loop": (
        {"From": "service@huayu.example"},
        {"From": "catchall@huayu.example"},
    ),
}
# what people send
PEOPLE = (
    {},
    {"Auto-Submitted": "no"},
    {"Precedence": "normal"},
    {"X-Priority": "1"},
    {"Return-Path": "<wang@example.cn>"},
    {"Subject": "Re: 自动门不能自动回复位"},
    {"Subject": "自动升降课桌坏了"},
    {"Subject": "RE: Automatic desk broken"},
    {"Subject": "Delivery failure: my desk did not come"},
    {"Subject": "Undelivered goods"},
    {"Subject": ""},
    {"Subject": "课桌坏了😡\u200f"},
    {"From": "陌生人 <stranger@example.org>"},
    {"From": "noreplyan@example.org"},
    {"X-Odoo-Objects": "helpdesk.ticket-7", "X-Mailer": "Foxmail 7"},
)


class MailCase(RequestCase):
    number = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([("name", "=", "huayu.example")])
        domain = domain or domain.create({"name": "huayu.example"})
        cls.company.alias_domain_id = domain
        teams = cls.env["aftersales.team"]
        cls.team, cls.second = teams.create(
            [
                {
                    "name": "服务台",
                    "alias_name": "service",
                    "alias_domain_id": domain.id,
                },
                {
                    "name": "二号台",
                    "alias_name": "repair",
                    "alias_domain_id": domain.id,
                },
            ]
        )
        teams.search([]).member_ids = cls.users["agent"]
        cls.company.aftersales_mail_limit = 0

    @classmethod
    def send(cls, headers=None, body="按键没有反应，请尽快来修。", html=None, files=()):
        """Send a mail through the gateway; return the id it answers with."""
        MailCase.number += 1
        mail = EmailMessage()
        values = {
            "From": "王小明 <wang@example.cn>",
            "Message-ID": f"<{MailCase.number}.gate@example.cn>",
            **SAID,
            **(headers or {}),
        }
        for name, value in values.items():
            mail[name] = value
        mail.set_content(body)
        if html:
            mail.clear_content()
            mail.set_content(html, subtype="html")
        for name, content in files:
            mail.add_attachment(content, maintype="image", subtype="png", filename=name)
        gateway = cls.env["mail.thread"].with_context(mail_channel_nolog=True)
        return gateway.message_process("aftersales.request", mail.as_bytes())

    def report(self, *args, **kwargs):
        """Send a mail; return the request it became, if any."""
        return self.env["aftersales.request"].browse(self.send(*args, **kwargs) or ())

    def left_out(self):
        return self.env["aftersales.mail.rejected"].search([])


@tagged("post_install", "-at_install")
class TestGate(MailCase):
    def test_machines_are_left_out_and_listed(self):
        """R-N08: no request, no clock, no answer; each listed with its reason."""
        mails = self.env["mail.mail"].search_count([])
        requests = self.env["aftersales.request"].search_count([])
        for reason, kinds in MACHINES.items():
            for headers in kinds:
                with self.subTest(headers=headers):
                    before = self.left_out()
                    self.assertFalse(self.send(headers))
                    self.assertEqual((self.left_out() - before).reason, reason)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        found = self.env["aftersales.request"].search_count([])
        self.assertEqual(found, requests)

    def test_people_are_let_through(self):
        """R-N08: whatever their programs add."""
        for headers in PEOPLE:
            with self.subTest(headers=headers):
                self.assertTrue(self.report(headers))
        self.assertFalse(self.left_out())

    def test_delivery_report(self):
        """R-N08: a bounce is Odoo's to handle, and ours to list."""
        headers = {"Content-Type": 'multipart/report; report-type="delivery-status"'}
        mail = (
            "From: postmaster@example.cn\nTo: service@huayu.example\n"
            "Subject: failed\nMessage-ID: <dsn.1@example.cn>\n"
            f"Content-Type: {headers['Content-Type']}; boundary=b\n\n"
            "--b\nContent-Type: text/plain\n\nno such user\n--b--\n"
        )
        self.assertFalse(
            self.env["mail.thread"].message_process("aftersales.request", mail)
        )
        self.assertEqual(self.left_out().reason, "bounce")

    def test_our_own_mail_that_comes_back(self):
        """R-N08: known by the header that all our mails carry."""
        request = self.report({"From": "陌生人 <stranger@example.org>"})
        sent = self.env["mail.mail"].search([("res_id", "=", request.id)])[:1]
        self.assertIn("'Auto-Submitted': 'auto-generated'", sent.headers)
        self.assertIn("'X-Auto-Response-Suppress': 'All'", sent.headers)
        origin = sent.headers.split("X-Aftersales-Origin': '")[1].split("'")[0]
        self.assertFalse(self.send({"X-Aftersales-Origin": origin}))
        self.assertEqual(self.left_out().reason, "loop")

    def test_mail_by_hand_is_no_automatic_one(self):
        """R-N08: what an agent writes says where it comes from, no more."""
        request = self.register().with_user(self.users["agent"])
        request.message_post(
            body="明天上午可以吗？",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
        )
        sent = self.env["mail.mail"].sudo().search([("res_id", "=", request.id)])[:1]
        self.assertIn("X-Aftersales-Origin", sent.headers)
        self.assertNotIn("Auto-Submitted", sent.headers)

    def test_loop_by_count(self):
        """R-N08: 25 mails of one desk to another aren't 25 faults."""
        self.company.aftersales_mail_limit = 5
        headers = {"From": "desk@other.example"}
        made = [self.report({**headers, "Subject": f"工单 {n}"}) for n in range(25)]
        self.assertEqual(len([request for request in made if request]), 5)
        self.assertEqual(set(self.left_out().mapped("reason")), {"flood"})
        self.assertTrue(self.report({"From": "other@other.example"}))

    def test_several_addresses_of_ours(self):
        """R-N08: one request, at the desk that was named first."""
        both = "repair@huayu.example, service@huayu.example"
        requests = self.env["aftersales.request"]
        before = requests.search_count([])
        self.assertEqual(self.report({"To": both}).team_id, self.second)
        self.report({"Cc": "repair@huayu.example"})
        self.assertEqual(requests.search_count([]), before + 2)

    def test_html_only(self):
        """R-N08: the text of it, without marks."""
        request = self.report(html="<div>按键<b>没有</b>反应<br>急！</div>")
        self.assertIn("急！", request.problem)
        self.assertNotIn("<", request.problem)

    def test_attachments_stay_with_the_request(self):
        """R-N08: the picture of the fault."""
        request = self.report(body=" ", files=[("照片.png", b"png")])
        self.assertEqual(request.message_attachment_count, 1)

    def test_passed_on_by_one_of_us(self):
        """R-N08 R-S02: the customer reports, not our colleague."""
        self.users["guide"].email = "guide@huayu.cn"
        passed = (
            "请处理\n\n---- 转发的邮件 ----\n发件人: 王小明 <wang@example.cn>\n坏了"
        )
        headers = {"From": "guide@huayu.cn", "Subject": "转发: 课桌"}
        self.assertEqual(self.report(headers, passed).partner_id, self.partner)
        unknown = passed.replace("王小明 <wang@", "李四 <li4@")
        request = self.report(headers, unknown)
        self.assertFalse(request.partner_id)
        self.assertEqual(request.contact_name, "李四")
        self.assertFalse(self.report(headers, "客户的课桌坏了").partner_id)

    def test_supervisor_brings_a_mail_back(self):
        """R-N08: once, as if it had been let through; nobody else may."""
        self.send({"Subject": "自动回复: 其实是我写的"}, files=[("照片.png", b"png")])
        listed = self.left_out()
        for role in ("agent", "guide", "technician"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                listed.with_user(self.users[role]).action_register()
        mine = listed.with_user(self.users["supervisor"])
        with self.assertRaises(AccessError):
            mine.write({"reason": "list"})
        first = mine.action_register()
        self.assertEqual(mine.action_register(), first)
        request = self.env["aftersales.request"].browse(first["request_id"])
        self.assertRecordValues(
            request, [{"partner_id": self.partner.id, "team_id": self.team.id}]
        )
        self.assertEqual(request.message_attachment_count, 1)
        self.assertIn("reply", self.clocks(request))


@tagged("post_install", "-at_install")
class TestAnswers(MailCase):
    def answer(self, record, headers=None, body="加急！很急！"):
        """The customer answers the last mail on a record."""
        sent = record.message_post(
            body="已登记", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
        )
        headers = {"In-Reply-To": sent.message_id, "Subject": "Re: 已登记"} | (
            headers or {}
        )
        return self.send(headers, body)

    def tasks(self, record):
        return record.sudo().activity_ids.filtered(lambda a: "急" in (a.note or ""))

    def test_untaken_request(self):
        """R-N08: the team hears it."""
        request = self.register()
        self.answer(request.sudo())
        self.assertEqual(self.tasks(request).user_id, self.users["agent"])

    def test_taken_request(self):
        """R-N08: whoever takes care hears it; one task, however often."""
        request = self.register(user_id=self.users["supervisor"].id)
        for _time in range(3):
            self.answer(request.sudo())
        self.assertEqual(self.tasks(request).user_id, self.users["supervisor"])
        self.assertEqual(len(self.tasks(request)), 1)

    def test_nobody_in_the_team(self):
        """R-N08: then the supervisor; never nobody."""
        self.env["aftersales.team"].search([]).member_ids = False
        request = self.register()
        self.answer(request.sudo())
        self.assertEqual(self.tasks(request).user_id, self.users["supervisor"])

    def test_on_the_customers_page(self):
        """R-N08: what is written there is an answer, too."""
        request = self.register()
        request.sudo().message_post(
            body="很急",
            author_id=self.partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.tasks(request).user_id, self.users["agent"])

    def test_quoted_text_is_left_away(self):
        """R-N08: the task says what the customer wrote."""
        request = self.register()
        self.answer(
            request.sudo(), body="很急\n\n在 2026-11-23，服务台 写道：\n> 已登记"
        )
        self.assertNotIn("已登记", self.tasks(request).note)

    def test_ended_request_is_followed(self):
        """R-N08: same customer, unit and history; the second answer joins it."""
        lot = self.env["stock.lot"].create({"name": "KZ1", "product_id": self.desk.id})
        request = self.register(lot_id=lot.id)
        request.action_cancel(reason="客户不要了")
        self.answer(request.sudo(), body="又坏了，很急")
        follow = request.search([("origin_request_id", "=", request.id)])
        self.assertRecordValues(
            follow,
            [
                {
                    "partner_id": self.partner.id,
                    "lot_id": lot.id,
                    "type": "fault",
                    "state": "new",
                    "problem": "又坏了，很急",
                }
            ],
        )
        self.assertIn("reply", self.clocks(follow))
        self.assertTrue(self.tasks(follow))
        self.answer(request.sudo(), body="还是很急")
        self.assertEqual(
            request.search([("origin_request_id", "=", request.id)]), follow
        )

    def test_machine_answers_change_nothing(self):
        """R-N08: an out-of-office reply reaches nobody and follows nothing."""
        request = self.register()
        self.answer(request.sudo(), {"Auto-Submitted": "auto-replied"})
        self.assertFalse(self.tasks(request))
        request.action_cancel(reason="客户不要了")
        self.answer(request.sudo(), {"Subject": "自动回复: 休假"})
        self.assertFalse(request.search([("origin_request_id", "=", request.id)]))
        self.assertEqual(len(self.left_out()), 2)

    def test_appointment(self):
        """R-N08: "please make it Saturday" is a task of the planner."""
        visit = self.env["aftersales.visit"].create(
            {"kind": "installation", "partner_id": self.partner.id}
        )
        self.answer(visit, body="改到周六吧，急")
        self.assertEqual(self.tasks(visit).user_id, self.users["supervisor"])

    def test_our_own_answers_reach_nobody(self):
        """R-N08: an agent who answers by mail gives nobody a task."""
        self.users["agent"].email = "agent@huayu.cn"
        request = self.register()
        self.answer(request.sudo(), {"From": "agent@huayu.cn"})
        self.assertFalse(self.tasks(request))


@tagged("post_install", "-at_install")
class TestMerge(MailCase):
    def merge(self, kept, *others, role="agent", reason="同一故障"):
        ids = [request.id for request in others]
        return kept.with_user(self.users[role]).action_merge(ids, reason)

    def test_merged_requests_point_to_the_kept_one(self):
        """R-N09: cancelled with the reason; history, evidence and followers stay."""
        first, second = self.register(problem="不能升降"), self.register(problem="卡住")
        second.message_subscribe(partner_ids=self.partner.ids)
        second.sudo().message_post(body="照片见附件")
        answer = self.merge(first, second)
        self.assertEqual(answer["merged_ids"], second.ids)
        self.assertRecordValues(
            second, [{"state": "cancelled", "merged_into_id": first.id}]
        )
        self.assertIn("同一故障", second.resolution)
        self.assertIn(second, first.merged_ids)
        self.assertTrue(second.message_ids.filtered(lambda m: "照片" in m.body))
        self.assertIn(self.partner, first.message_partner_ids)
        states = set(second.sudo().sla_clock_ids.mapped("state"))
        self.assertEqual(states, {"cancelled"})

    def test_what_was_done_first_counts(self):
        """R-N09: the earliest report, the first answer, the visit that is planned."""
        first = self.register(reported_at="2026-11-23 01:58:00")
        second = self.register()
        first.action_reply(note="马上来")
        first.action_dispatch(employee_ids=self.technician.ids)
        visit = first.visit_ids
        self.merge(second, first)
        self.assertRecordValues(
            second,
            [
                {
                    "state": "dispatched",
                    "reported_at": first.reported_at,
                    "visit_ids": visit.ids,
                    "employee_ids": self.technician.ids,
                }
            ],
        )
        self.assertNotEqual(visit.state, "cancelled")
        clock = self.clocks(second)["arrive"]
        self.assertEqual(str(clock.deadline), "2026-11-23 02:28:00")
        self.assertEqual(self.clocks(second)["reply"].state, "met")

    def test_answers_go_to_the_kept_one(self):
        """R-N08 R-N09: nobody follows what was merged; a retried call finds it."""
        first, second = self.register(), self.register(client_ref="app-2")
        self.merge(first, second)
        TestAnswers.answer(self, second.sudo())
        self.assertTrue(TestAnswers.tasks(self, first))
        self.assertFalse(first.search([("origin_request_id", "!=", False)]))
        self.assertEqual(self.register(client_ref="app-2"), first)

    def test_refusals(self):
        """R-N09: named; nothing is merged by halves."""
        first, second = self.register(), self.register()
        closed = self.register()
        closed.action_cancel(reason="x")
        for kept, other, kwargs in (
            (first, first, {}),
            (first, closed, {}),
            (closed, first, {}),
            (first, second, {"reason": " "}),
            (first, second, {"role": "guide"}),
            (first, second, {"role": "technician"}),
        ):
            with self.subTest(kept=kept), self.assertRaises(UserError):
                self.merge(kept, other, **kwargs)
        for ids in ([], None, "1", [99999999], [True]):
            with self.subTest(ids=ids), self.assertRaises(UserError):
                first.action_merge(ids, "同一故障")
        self.assertEqual((first | second).mapped("state"), ["new", "new"])

    def test_goods_that_move_stay_where_they_are(self):
        """R-N09 R-P05: keep the request with the parts."""
        first, second = self.register(), self.register()
        self.env["aftersales.part.line"].create(
            {"request_id": second.id, "product_id": self.desk.id, "reason": "坏了"}
        )
        with self.assertRaises(UserError):
            self.merge(first, second)
        self.merge(second, first)

    def test_follow_up_by_an_agent(self):
        """R-N08: only of what has ended, with the problem said."""
        request = self.register()
        with self.assertRaises(UserError):
            request.action_follow_up(problem="又坏了")
        request.action_cancel(reason="x")
        with self.assertRaises(UserError):
            request.action_follow_up(problem=" ")
        with self.assertRaises(AccessError):
            request.with_user(self.users["technician"]).action_follow_up(problem="坏")
        follow = request.browse(request.action_follow_up(problem="又坏了"))
        self.assertEqual(follow.origin_request_id, request)
