from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import AftersalesCase


@tagged("post_install", "-at_install")
class TestActRights(AftersalesCase):
    """What an act may do goes no further than what its user may see."""

    def setUp(self):
        super().setUp()
        self.order = self.create_order(no_special_requests=True)
        self.order.action_confirm()
        self.visit = self.env["aftersales.visit"].create(
            {
                "order_id": self.order.id,
                "partner_id": self.partner.id,
                "kind": "installation",
                "assignment_ids": [Command.create({"employee_id": self.technician.id})],
            }
        )

    def test_guide_opens_a_visit_of_the_own_order(self):
        """R-D04: with its check-list; those of colleagues stay closed."""
        guide = self.users["guide"]
        with Form(self.visit.with_user(guide)) as form:
            self.assertTrue(len(form.checklist_line_ids))
        other = new_test_user(
            self.env, "as_guide2", groups="sales_team.group_sale_salesman"
        )
        lines = self.visit.checklist_line_ids.with_user(other)
        self.assertFalse(lines.search([("visit_id", "=", self.visit.id)]))
        with self.assertRaises(AccessError):
            lines.with_user(guide).write({"done": True})

    def test_guide_registers_on_orders_in_reach(self):
        """R-X01: goods of a colleague's order don't come back on a guide's word."""
        other = new_test_user(
            self.env, "as_guide2", groups="sales_team.group_sale_salesman"
        )
        vals = {
            "type": "exchange",
            "partner_id": self.partner.id,
            "order_id": self.order.id,
            "problem": "尺寸不符",
        }
        with self.assertRaises(AccessError):
            self.env["aftersales.request"].with_user(other).register(vals=vals)
        with self.assertRaises(AccessError):
            self.order.with_user(other).action_exchange(
                reason="尺寸不符", lines=[{"product_id": self.desk.id, "quantity": 1}]
            )
        requests = self.env["aftersales.request"].with_user(self.users["guide"])
        self.assertTrue(requests.register(vals=vals))

    def test_technician_neither_plans_nor_quotes(self):
        """R-K04 R-W11: not by calling the method either."""
        technician = self.users["technician"]
        with self.assertRaises(AccessError):
            self.visit.with_user(technician).action_name_safety(self.technician.id)
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.partner.id,
                "problem": "不能升降",
                "employee_ids": self.technician.ids,
            }
        )
        with self.assertRaises(AccessError):
            request.with_user(technician).action_quote_parts()

    def test_whole_records_are_read(self):
        """R-C08: a program that names no fields gets those that its user may read."""
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.partner.id,
                "order_id": self.order.id,
                "problem": "不能升降",
                "employee_ids": self.technician.ids,
            }
        )
        for role in ("technician", "guide", "agent", "manager"):
            with self.subTest(role=role):
                self.env.invalidate_all()
                values = request.with_user(self.users[role]).read()[0]
                self.assertEqual(values["problem"], "不能升降")
                known = role in ("agent", "manager")
                self.assertEqual("liability_ids" in values, known)

    def test_bad_lists_are_named(self):
        """R-D06 R-X01: no number, text or half list gets further."""
        visit = self.visit.with_user(self.users["supervisor"])
        for wrong in (5, "李师傅", ["x"], [], None, [0], [self.technician.id, 2**40]):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                visit.action_assign(employee_ids=wrong)
        order = self.order.with_user(self.users["guide"])
        for wrong in ("abc", ["x"], 5, {}):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                order.action_exchange(reason="尺寸不符", lines=wrong)

    def test_other_companies_stay_out_of_reach(self):
        """R-V04 R-C08: neither their customers nor their terms."""
        company = self.env["res.company"].create({"name": "杭州分公司"})
        customer = self.env["res.partner"].create(
            {"name": "杭州客户", "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            customer.with_user(self.users["supervisor"]).action_toggle_key_customer()
        policy = self.env["aftersales.sla.policy"].create(
            {
                "name": "杭州",
                "subject": "aftersales.request",
                "company_id": company.id,
                "target_ids": [
                    Command.create(
                        {
                            "name": "A",
                            "code": "a",
                            "start_event": "a",
                            "stop_event": "b",
                        }
                    )
                ],
            }
        )
        with self.assertRaises(AccessError):
            policy.target_ids.with_user(self.users["manager"]).limit_value = 1
