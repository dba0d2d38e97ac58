from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .test_request import RequestCase

LONG = "长" * 10_000_000


@tagged("post_install", "-at_install")
class TestBadInput(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "别的公司"})

    def refused(self, act, *args, **kwargs):
        count = self.env["aftersales.request"].search_count([])
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as refusal:
            act(*args, **kwargs)
        self.assertEqual(self.env["aftersales.request"].search_count([]), count)
        return str(refusal.exception)

    def test_values_of_the_wrong_kind(self):
        """R-S01: refused by name, whatever a program sends."""
        for vals, name in (
            ({"problem": 5}, "problem"),
            ({"problem": ["x"]}, "problem"),
            ({"phone": {"a": 1}}, "phone"),
            ({"partner_id": "王小明"}, "partner_id"),
            ({"product_id": [1]}, "product_id"),
            ({"lot_id": True}, "lot_id"),
            ({"user_id": 99999999}, "user_id"),
            ({"team_id": 99999999}, "team_id"),
            ({"company_id": "1"}, "company_id"),
            ({"serial": 5}, "serial"),
            ({"type": ["fault"]}, "type"),
            ({"client_ref": 5}, "client_ref"),
            ({"reported_at": 5}, "5"),
        ):
            with self.subTest(vals=vals):
                self.assertIn(name, self.refused(self.register, **vals))

    def test_records_of_another_company(self):
        """R-S01: neither named, nor used, nor found by their number."""
        foreign = {"company_id": self.other.id}
        partner = self.env["res.partner"].create(
            {"name": "外", "phone": "1", **foreign}
        )
        product = self.env["product.product"].create({"name": "外", **foreign})
        lot = self.env["stock.lot"].create(
            {"name": "KZ-OTHER", "product_id": self.desk.id, **foreign}
        )
        team = self.env["aftersales.team"].create({"name": "外", **foreign})
        user = new_test_user(
            self.env,
            login="as_foreign",
            groups="base.group_user",
            company_id=self.other.id,
            company_ids=[(6, 0, self.other.ids)],
        )
        for vals in (
            {"partner_id": partner.id},
            {"product_id": product.id},
            {"lot_id": lot.id},
            {"serial": "KZ-OTHER"},
            {"team_id": team.id},
            {"user_id": user.id},
        ):
            with self.subTest(vals=vals):
                self.refused(self.register, **vals)
        employee = self.env["hr.employee"].create({"name": "外", **foreign})
        request = self.register()
        request.action_reply(note="好")
        for act in (request.action_assign, request.action_dispatch):
            for ids in (employee.ids, [99999999], "1", 5, ["x"], [], None):
                with self.subTest(act=act, ids=ids):
                    self.refused(act, employee_ids=ids)
        self.assertEqual(request.state, "replied")
        own = self.env["stock.lot"].create(
            {
                "name": "KZ-OTHER",
                "product_id": self.desk.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.register(serial="KZ-OTHER").lot_id, own)

    def test_ten_megabytes(self):
        """R-S01: refused wherever somebody types, and the record stays as it was."""
        request = self.register().with_user(self.users["agent"])
        requests = request.browse()
        self.refused(requests.create, {"problem": LONG})
        self.refused(request.write, {"symptom": LONG})
        self.refused(request.action_reply, note=LONG)
        self.refused(request.action_cancel, reason=LONG)
        self.refused(requests.report_complaint, contact="王小明", problem=LONG)
        self.refused(request.action_sla_pause, reason=LONG)
        self.assertEqual(request.state, "new")
        request.action_reply(note="好")
        vals = {"cause": "未通电", "measures": LONG}
        self.refused(request.action_resolve_by_phone, vals=vals)
        self.assertFalse(request.restored_at)

    def test_double_calls_and_the_future(self):
        """R-S09: a second click, and tomorrow's date, change nothing."""
        request = self.register().with_user(self.users["agent"])
        request.action_reply(note="好")
        self.refused(request.action_reply, note="再次")
        tomorrow = MONDAY + timedelta(days=1)
        self.refused(request.action_assign, self.technician.ids, at=tomorrow)
        request.action_dispatch(employee_ids=self.technician.ids)
        self.refused(request.action_dispatch, employee_ids=self.technician.ids)
        self.assertEqual(len(request.visit_ids), 1)
        self.refused(request.action_arrive, at="2026-11-23 01:00:00")
        request.action_arrive()
        self.refused(request.action_arrive)
        self.refused(request.action_restore, cause=" ", measures="换")
        self.refused(request.action_restore, cause=None, measures=None)

    def test_policies_that_cannot_work_are_refused(self):
        """R-S15: working hours without an hour would be late at once."""
        empty = self.env["resource.calendar"].create(
            {"name": "空", "attendance_ids": [(5,)]}
        )
        policy = self.env.ref("aftersales_service.sla_policy_fault")
        self.refused(policy.write, {"calendar_id": empty.id})


@tagged("post_install", "-at_install")
class TestPortalInput(HttpCase):
    def setUp(self):
        super().setUp()
        portal = new_test_user(
            self.env,
            login="as_customer",
            password="as_customer",
            groups="base.group_portal",
            lang="en_US",
        )
        self.customer = portal.partner_id
        self.customer.write({"phone": "13900000000", "city": "上海市"})
        self.env["aftersales.request"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "problem": f"问题{n}",
                    "type": "inquiry",
                }
                for n in range(25)
            ]
        )
        self.authenticate("as_customer", "as_customer")

    def test_second_page_and_a_page_that_is_none(self):
        """R-S01: the customer pages through the own requests."""
        self.assertIn("问题0", self.url_open("/my/requests/page/2").text)
        self.assertEqual(self.url_open("/my/requests?page=x").status_code, 200)

    def test_unit_of_another_customer(self):
        """R-S01: a serial number isn't a key to somebody else's contract."""
        product = self.env["product.product"].create(
            {"name": "课桌", "is_storable": True, "tracking": "serial"}
        )
        other = self.env["res.partner"].create({"name": "别人"})
        order = self.env["sale.order"].create({"partner_id": other.id})
        lot = self.env["stock.lot"].create({"name": "KZ-1", "product_id": product.id})
        self.patch(
            type(lot), "sale_order_ids", property(lambda lot: order.with_env(lot.env))
        )
        page = self.url_open(
            "/my/requests/new",
            data={
                "problem": "不能升降",
                "serial": "KZ-1",
                "csrf_token": self.csrf_token(),
            },
        )
        self.assertFalse(order.aftersales_request_ids)
        self.assertIn("KZ-1", page.text)

    def csrf_token(self):
        page = self.url_open("/my/requests/new").text
        return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
