from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MONDAY
from .test_request import RequestCase

MAIL = """From: 王小明 <wang@example.cn>
To: service@huayu.example
Subject: 课桌坏了
Message-ID: <{number}@example.cn>
Date: Mon, 23 Nov 2026 10:00:00 +0800
Content-Type: text/plain; charset=utf-8

按键没有反应，<b>请尽快</b>来修。
"""


@tagged("post_install", "-at_install")
class TestIntake(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["aftersales.team"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["aftersales.team"].create({"name": "服务台"})

    # -- R-S01: who calls --------------------------------------------------

    def test_phone_number_finds_the_customer(self):
        """R-S01: with or without country code and blanks, in the form and by RPC."""
        self.partner.phone = "+86 138 1234 5678"
        for phone in ("13812345678", "+86 138 1234 5678", "138-1234-5678"):
            with self.subTest(phone=phone):
                request = self.register(partner_id=None, phone=phone)
                self.assertEqual(request.partner_id, self.partner)
        with Form(self.env["aftersales.request"]) as form:
            form.phone = "138 1234 5678"
            self.assertEqual(form.partner_id, self.partner)
            form.product_id = self.desk
            form.problem = "异响"

    def test_serial_finds_order_and_customer(self):
        """R-S01: the unit tells whose it is and from which order."""
        order = self.create_order()
        order.action_confirm()
        lot = self.env["stock.lot"].create(
            {"name": "KZ260009", "product_id": self.desk.id}
        )
        picking = order.picking_ids
        self.env["stock.quant"]._update_available_quantity(
            self.desk, picking.location_id, 1, lot_id=lot
        )
        picking.action_assign()
        picking.button_validate()
        with Form(self.env["aftersales.request"]) as form:
            form.lot_id = lot
            self.assertEqual(form.order_id, order)
            self.assertEqual(form.partner_id, self.partner)
            form.problem = "异响"
        request = self.register(partner_id=None, product_id=None, serial="KZ260009")
        self.assertEqual(request.order_id, order)

    def test_duplicates_are_flagged(self):
        """R-S01: an open request of the same customer or unit is shown."""
        first = self.register()
        second = self.register(problem="还是不能升降")
        self.assertEqual(second.duplicate_ids, first)
        agent = first.with_user(self.users["agent"])
        agent.action_cancel(reason="重复登记")
        self.env.invalidate_all()
        self.assertFalse(second.duplicate_ids)
        self.assertFalse(first.duplicate_count, "closed ones need no warning")

    def test_nobody_registers_in_the_future_or_with_results(self):
        requests = self.env["aftersales.request"].with_user(self.users["agent"])
        vals = {"problem": "异响", "partner_id": self.partner.id}
        for bad in (
            {"reported_at": MONDAY + timedelta(hours=1)},
            {"state": "closed"},
            {"signed_by": "别人"},
        ):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                requests.create({**vals, **bad})

    # -- R-S01: by e-mail --------------------------------------------------

    def receive(self, number=1):
        self.team.alias_name = "service"
        if not self.team.alias_domain_id:
            domain = self.env["mail.alias.domain"].create({"name": "huayu.example"})
            self.company.alias_domain_id = self.team.alias_domain_id = domain
        gateway = self.env["mail.thread"].with_context(mail_channel_nolog=True)
        id_ = gateway.message_process("aftersales.request", MAIL.format(number=number))
        return self.env["aftersales.request"].browse(id_)

    def test_mail_is_registered_and_missing_facts_asked_back(self):
        """R-S01: clocks run from the mail; the reply names what is missing."""
        request = self.receive()
        self.assertRecordValues(
            request,
            [
                {
                    "channel": "email",
                    "type": "fault",
                    "partner_id": self.partner.id,
                    "team_id": self.team.id,
                    "reported_at": MONDAY,
                }
            ],
        )
        self.assertIn("按键没有反应", request.problem)
        self.assertIn("reply", self.clocks(request))
        asked = request.message_ids.filtered(
            lambda m: self.partner in m.partner_ids and request.name in m.body
        )
        self.assertEqual(len(asked), 1)

    def test_same_mail_twice_is_one_request(self):
        first = self.receive(number=7)
        self.assertTrue(first)
        self.assertFalse(self.receive(number=7))

    # -- R-C01, R-C02, R-C07 -----------------------------------------------

    def test_any_employee_passes_a_complaint_on(self):
        """R-C01: two fields; the desk is told and the clocks run."""
        model = self.env["aftersales.request"].with_user(self.users["stranger"])
        id_ = model.report_complaint(contact="138 1234 5678", problem="送货工态度差")
        complaint = self.env["aftersales.request"].browse(id_)
        self.assertRecordValues(
            complaint, [{"type": "complaint", "partner_id": self.partner.id}]
        )
        self.assertEqual(set(self.clocks(complaint)), {"reply", "resolve"})
        with self.assertRaises(AccessError):
            complaint.with_user(self.users["stranger"]).read(["problem"])
        again = {"contact": "王小明", "problem": "差", "ref": "r-1"}
        self.assertEqual(
            model.report_complaint(**again), model.report_complaint(**again)
        )
        for contact, problem in (("", "差"), ("王小明", " ")):
            with self.assertRaises(UserError):
                model.report_complaint(contact=contact, problem=problem)
        with self.assertRaises(AccessError):
            model.with_user(self.users["portal"]).report_complaint("1", "2")
        unknown = model.report_complaint(contact="李四 13900000000", problem="漏发")
        unknown = self.env["aftersales.request"].browse(unknown)
        self.assertEqual(unknown.contact_name, "李四 13900000000")

    def test_complaint_ends_with_the_customers_word(self):
        """R-C02: confirmation, or a supervisor's reason."""
        self.company.aftersales_measures_required = False
        department = self.env["hr.department"].create({"name": "物流部"})
        closing = {
            "resolution": "已道歉并补发",
            "quality_class": "service",
            "cause_id": self.env.ref("aftersales_service.cause_unskilled").id,
            "cause_note": "送货工未培训",
            "responsible_department_id": department.id,
        }
        complaint, other = (self.register(type="complaint") for _ in range(2))
        agent = complaint.with_user(self.users["agent"])
        with self.assertRaises(UserError):
            agent.action_close(vals=closing)
        reason = {"unconfirmed_reason": "多次联系不上"}
        with self.assertRaises(AccessError):
            agent.action_close(vals=closing | reason)
        agent.action_close(vals=closing | {"customer_confirmed": True})
        supervisor = other.with_user(self.users["supervisor"])
        supervisor.action_close(vals=closing | reason)
        self.assertEqual(other.unconfirmed_reason, "多次联系不上")

    def test_urgent_lies_before_the_supervisor_at_once(self):
        """R-C07: when registered and when found out later; once each."""
        supervisor = self.users["supervisor"]
        request = self.register(emergency=True, problem="讲台漏电")
        later = self.register()
        later.with_user(self.users["agent"]).emergency = True
        for urgent in (request, later):
            activities = urgent.sudo().activity_ids
            self.assertEqual(activities.user_id, supervisor)
            self.assertEqual(len(activities), 1)
