from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


@tagged("post_install", "-at_install")
class TestLiability(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.create_order()
        cls.rules = cls.env["aftersales.liability.rule"].create(
            [
                {"clause": "R-S03", "kind": "fixed", "value": 200},
                {"clause": "R-S06", "kind": "percent", "value": 5},
            ]
        )

    def break_promises(self):
        request = self.register(order_id=self.order.id)
        with self.at(MONDAY + timedelta(minutes=31)):
            self.run_cron(CRON)
        return request

    def test_contract_in_another_currency(self):
        """R-M01: in the contract's currency; added up at the rate of its day."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.company.currency_id = self.env.ref("base.CNY")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.125}
        )
        prices = self.env["product.pricelist"].create(
            {"name": "出口", "currency_id": dollar.id}
        )
        order = self.create_order(pricelist_id=prices.id)
        order.order_line.price_unit = 10000
        order.order_line.tax_ids = False
        supervisor = self.env["aftersales.liability"].with_user(
            self.users["supervisor"]
        )
        share, fixed = supervisor.create(
            [
                {"clause": clause, "cause": "现场违规", "order_id": order.id}
                for clause in ("R-S06", "R-S03")
            ]
        )
        self.assertEqual((share.amount, share.currency_id), (500, dollar))
        self.assertEqual((fixed.amount, fixed.currency_id), (25, dollar))
        self.assertEqual((share.company_amount, fixed.company_amount), (4000, 200))
        total = order.with_user(self.users["manager"]).aftersales_liability_total
        self.assertEqual(total, 525)

    def test_rule_gives_the_amount(self):
        """R-M05: fixed, or a share of the order; the contract's total."""
        request = self.break_promises()
        amounts = {x.clause: x.amount for x in request.sudo().liability_ids}
        percent = self.order.amount_total * 0.05
        self.assertEqual(amounts["R-S03"], 200)
        self.assertAlmostEqual(amounts["R-S06"], percent, 2)
        manager = self.order.with_user(self.users["manager"])
        total = manager.aftersales_liability_total
        self.assertAlmostEqual(total, sum(amounts.values()), 2)
        self.rules.value = 1
        self.env.invalidate_all()
        self.assertEqual(
            manager.aftersales_liability_total, total, "terms stay as they were"
        )

    def test_filed_by_hand_for_a_contract(self):
        """R-M05: a supervisor files what no clock saw."""
        model = self.env["aftersales.liability"].with_user(self.users["supervisor"])
        vals = {"order_id": self.order.id, "cause": "损坏客户地板", "clause": "R-S03"}
        liability = model.create(vals)
        self.assertRecordValues(
            liability, [{"amount": 200, "res_model": "sale.order", "state": "draft"}]
        )
        self.assertEqual(liability.res_id, self.order.id)
        with self.assertRaises(AccessError):
            model.with_user(self.users["agent"]).create(vals)

    def test_waived_admission_lets_the_warranty_decide_again(self):
        """R-S10 R-M05: only after a manager gave the last of them up, with a reason."""
        request = self.break_promises()
        self.assertEqual(request.coverage, "at_our_cost")
        manager = request.sudo().liability_ids.with_user(self.users["manager"])
        manager[0].action_waive(reason="客户确认电话占线")
        self.assertEqual(request.coverage, "at_our_cost")
        manager[1:].action_waive(reason="客户门卫不放行")
        self.assertEqual(request.coverage, "unknown")
        order = self.order.with_user(self.users["manager"])
        self.assertEqual(order.aftersales_liability_total, 0)

    def test_rules_are_set_by_managers(self):
        vals = {"clause": "R-S09", "value": 50}
        for role in ("technician", "agent", "supervisor", "guide", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.rules.with_user(self.users[role]).create(vals)
        rule = self.rules.with_user(self.users["manager"]).create(vals)
        for bad in ({"value": -1}, {"kind": "percent", "value": 101}):
            with self.assertRaises(ValidationError):
                rule.write(bad)
