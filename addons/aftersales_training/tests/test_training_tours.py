from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTrainingTours(HttpCase):
    """Organiser and customer at work in a real browser, in Chinese."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "=like", "aftersales%"), ("state", "=", "installed")]
        )._update_translations(["zh_CN"])
        new_test_user(
            self.env,
            login="desk",
            groups="aftersales_service.group_aftersales_user",
            lang="zh_CN",
        )
        self.env.company.partner_id.lang = "zh_CN"
        customer = self.env["res.partner"].create(
            {"name": "上海市第三中学", "lang": "zh_CN"}
        )
        desk = self.env["product.product"].create(
            {"name": "升降课桌", "aftersales_training": True}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "training_headcount": 3,
                "order_line": [Command.create({"product_id": desk.id})],
            }
        )
        order.action_confirm()
        self.plan = order.training_plan_ids
        self.plan.action_commissioned()
        self.operation = self.plan.event_ids.filtered(
            lambda e: e.aftersales_kind == "operation"
        )

    def tour(self, name, record, action):
        url = f"/odoo/action-aftersales_training.{action}/{record.id}"
        self.start_tour(url, f"training_organiser_{name}", login="desk")

    def test_organiser(self):
        """R-T01 R-T04 R-T07: from the list of people to the certificate."""
        self.tour("plan", self.plan, "training_plan_action")
        self.tour("session", self.operation, "session_action")
        self.assertEqual(self.operation.aftersales_chosen_by, "王主任")
        now = fields.Datetime.now()
        self.operation.sudo().write(
            {"date_begin": now, "date_end": now + timedelta(hours=3)}
        )
        self.tour("attendance", self.operation, "session_action")
        self.tour("certificate", self.plan, "training_plan_action")
        self.assertEqual(self.plan.certificate_ids.person_name, "王建华")

    def test_customer(self):
        """R-T01 R-T04: date, place and people, without login."""
        self.plan._portal_ensure_token()
        self.start_tour(self.plan.get_portal_url(), "training_customer")
        self.assertEqual(self.operation.aftersales_state, "chosen")
        self.assertEqual(self.plan.booked_count, 2)
