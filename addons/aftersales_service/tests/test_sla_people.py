from datetime import timedelta

from odoo.tests import Form, tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


@tagged("post_install", "-at_install")
class TestPromisePeople(RequestCase):
    """The ledger knows whose promise it is, though that is often known later."""

    def test_customer_found_later_owns_the_promises(self):
        """R-Q03: an e-mail from nobody is in the customer's ledger once known."""
        order = self.create_order()
        request = self.env["aftersales.request"].create(
            {"problem": "不能升降", "contact_name": "某人"}
        )
        self.assertFalse(request.sla_clock_ids.partner_id)
        agent = request.with_user(self.users["agent"])
        agent.write({"partner_id": self.partner.id, "order_id": order.id})
        clocks = request.sudo().sla_clock_ids
        self.assertEqual(clocks.partner_id, self.partner)
        self.assertEqual(clocks.order_id, order)
        self.assertEqual(
            self.env["aftersales.sla.clock"]._get_ledger(self.partner) & clocks, clocks
        )

    def test_promise_follows_who_takes_care(self):
        """R-K01 R-S15: open ones pass on, what was broken before stays nobody's."""
        request = self.register()
        self.assertFalse(self.clocks(request)["assign"].user_id)
        agent = request.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(minutes=4)):
            self.run_cron(CRON)
            agent.action_assign(employee_ids=self.technician.ids)
            clocks = self.clocks(request)
            self.assertEqual(clocks["assign"].user_id, self.users["technician"])
            self.assertEqual(clocks["assign"].employee_id, self.technician)
            self.assertEqual(clocks["arrive"].employee_id, self.technician)
            self.assertFalse(clocks["reply"].user_id)

    def test_attainment_by_technician(self):
        """R-Q02: of those who drove there, not of the desk."""
        request = self.register()
        self.repair(request)
        self.assertEqual(request.user_id, self.users["agent"])
        groups = self.env["aftersales.sla.clock"]._read_group(
            [("res_id", "=", request.id), ("res_model", "=", request._name)]
            + [("code", "in", ("arrive", "restore"))],
            ["employee_id"],
            ["attainment:avg"],
        )
        self.assertEqual(groups, [(self.technician, 100.0)])

    def test_technician_and_guide_read_the_whole_record(self):
        """R-S15: with its promises, though some are the desk's."""
        order = self.create_order()
        request = self.register(order_id=order.id)
        self.repair(request)
        view = "aftersales_service.request_view_form"
        for role in ("technician", "guide", "agent"):
            with self.subTest(role=role):
                form = Form(request.with_user(self.users[role]), view=view)
                self.assertGreaterEqual(len(form.sla_clock_ids), 5)

    def test_contract_of_a_sales_team(self):
        """R-H01: a sales team is no after-sales team."""
        team = self.env["crm.team"].create({"name": "大客户部"})
        self.env.cr.execute("SELECT max(id) FROM aftersales_team")
        highest = self.env.cr.fetchone()[0]
        while team.id <= highest:
            team = team.copy()
        order = self.create_order(team_id=team.id)
        order.action_confirm()
        self.assertTrue(order.sudo().sla_clock_ids)
        self.assertFalse(order.sudo().sla_clock_ids.team_id)
