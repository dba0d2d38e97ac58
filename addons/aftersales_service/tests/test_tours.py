from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """People at work in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "aftersales_service.group_aftersales_supervisor,hr.group_hr_user"
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
        acceptance.action_self_inspect()
        acceptance.action_offer()
        self.start_tour(acceptance.get_portal_url(), "aftersales_sign")
        self.assertEqual(acceptance.state, "accepted")
        self.assertTrue(acceptance.is_intact)
