from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPhone(HttpCase):
    """The technician on the road: one hand, one big button after the other."""

    browser_size = "375x667"
    touch_enabled = True

    def test_technician_repairs_and_lets_sign(self):
        """R-S06 R-S07 R-S17 R-K02: from leaving to the customer's signature."""
        group = "aftersales_service.group_aftersales_technician"
        user = new_test_user(self.env, login="road", groups=group, lang="zh_CN")
        employee = self.env["hr.employee"].create(
            {"name": "李师傅", "user_id": user.id}
        )
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "第三中学"}).id,
                "product_id": self.env["product.product"].create({"name": "课桌"}).id,
                "phone": "13812345678",
                "address": "上海市南京西路1266号",
                "problem": "课桌不能升降",
            }
        )
        request.action_reply(note="已电话指导")
        request.action_dispatch(employee_ids=employee.ids)
        url = "/odoo/action-aftersales_service.request_action_road"
        self.start_tour(url, "aftersales_road", login="road")
        self.assertRecordValues(
            request,
            [{"state": "restored", "signed_by": "王主任", "check_complete": True}],
        )
        self.assertTrue(request.signature)
        self.assertEqual(request.visit_ids.state, "done")


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """People at work in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "aftersales_service.group_aftersales_user"
        cls.agent = new_test_user(cls.env, login="desk", groups=groups, lang="zh_CN")
        guide = "sales_team.group_sale_salesman_all_leads"
        cls.guide = new_test_user(cls.env, login="guide", groups=guide, lang="zh_CN")
        cls.env["hr.employee"].create({"name": "李师傅", "user_id": cls.agent.id})
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "上海市第三中学",
                "phone": "021 6218 0000",
                "street": "南京西路1266号",
                "city": "上海市",
            }
        )
        cls.desk = cls.env["product.product"].create(
            {
                "name": "升降课桌",
                "default_code": "KZ-120",
                "type": "consu",
                "list_price": 1280,
            }
        )

    def test_agent_answers_and_closes(self):
        """R-S01 R-S03: the desk takes a fault from the board to its solution."""
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.desk.id,
                "problem": "课桌不能升降",
            }
        )
        url = "/odoo/action-aftersales_service.request_action_desk"
        self.start_tour(url, "aftersales_desk", login="desk")
        self.assertEqual(request.state, "closed")
        self.assertEqual(
            request.sla_clock_ids.filtered(lambda c: c.code == "reply").state, "met"
        )

    def test_caller_is_found_by_phone(self):
        """R-S01: the form finds the customer and shows what is open."""
        vals = {"partner_id": self.customer.id, "product_id": self.desk.id}
        first = self.env["aftersales.request"].create(vals | {"problem": "不能升降"})
        url = "/odoo/action-aftersales_service.request_action"
        self.start_tour(url, "aftersales_call", login="desk")
        second = self.env["aftersales.request"].search(
            [("partner_id", "=", self.customer.id), ("id", "!=", first.id)]
        )
        self.assertEqual(second.problem, "噪音很大")
        self.assertEqual(second.duplicate_ids, first)

    def test_guide_records_the_appointment(self):
        """R-H06: two clicks in the order."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.guide.id,
                "commitment_date": fields.Datetime.now() + timedelta(days=7),
                "no_special_requests": True,
                "order_line": [Command.create({"product_id": self.desk.id})],
            }
        )
        order.action_confirm()
        order._mark_handed_off(fields.Datetime.now())
        self.start_tour(
            f"/odoo/action-sale.action_orders/{order.id}",
            "aftersales_appointment",
            login="guide",
        )
        self.assertEqual(order.aftersales_state, "contacted")
        self.assertEqual(len(order.visit_ids), 1)

    def test_customer_signs_in_the_portal(self):
        """R-A02: by a link, without login, with a drawn signature."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.desk.id})],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        acceptance = self.env["aftersales.acceptance"].browse(
            order.action_create_acceptance()
        )
        acceptance.line_ids.action_all_right()
        acceptance.action_self_inspect()
        acceptance.action_offer()
        self.start_tour(acceptance.get_portal_url(), "aftersales_sign")
        self.assertEqual(acceptance.state, "accepted")
        self.assertTrue(acceptance.is_intact)
