from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import format_date


@tagged("post_install", "-at_install")
class TestVisitPlanPortal(HttpCase):
    def test_customer_sees_the_coming_visits(self):
        """R-V01: made ones with their promised date, and the next of each plan."""
        user = new_test_user(self.env, login="teacher", groups="base.group_portal")
        other = new_test_user(self.env, login="other", groups="base.group_portal")
        phase = fields.Command.create({"interval_months": 3})
        template = self.env["aftersales.visit.plan.template"].create(
            {"name": "门户巡检", "phase_ids": [phase]}
        )
        plan = self.env["aftersales.visit.plan"].create(
            {"partner_id": user.partner_id.id, "template_id": template.id}
        )
        plan.action_start()
        visit = plan._generate()
        self.authenticate("teacher", "teacher")
        page = self.url_open("/my/visits").text
        days = [format_date(self.env, d) for d in (plan.next_date, visit.planned_date)]
        for part in (visit.name, template.name, *days):
            with self.subTest(part):
                self.assertIn(part, page)
        self.authenticate(other.login, "other")
        page = self.url_open("/my/visits").text
        self.assertNotIn(visit.name, page)
        self.assertNotIn(template.name, page)
