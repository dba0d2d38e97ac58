from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_exchange import ExchangeCase


@tagged("post_install", "-at_install")
class TestExchangeForAnother(ExchangeCase):
    """Another product instead, with its price difference (R-X02, R-X03)."""

    def setUp(self):
        super().setUp()
        self.better, self.simple = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "is_storable": True,
                    "list_price": price,
                    "taxes_id": [Command.clear()],
                }
                for name, price in (("电动课桌", 1880.0), ("固定课桌", 680.0))
            ]
        )
        self.order.order_line.tax_ids = [Command.clear()]
        for product in (self.better, self.simple):
            self.env["stock.quant"]._update_available_quantity(
                product, self.warehouse.lot_stock_id, 5
            )

    def exchange(self, product, role="agent"):
        request = self.register(role)
        facts = request.action_exchange_for(product.id, "想要另一款")
        return request, facts, self.rows(facts)

    def test_dearer_product_is_charged(self):
        """R-X02: sold on the same order; its delivery is the replacement."""
        request, facts, row = self.exchange(self.better)
        self.assertEqual(facts["price_difference"], 600)
        self.assertEqual(request.refund_state, "none")
        line = self.env["sale.order.line"].browse(facts["order_line_ids"])
        self.assertEqual((line.order_id, line.product_id), (self.order, self.better))
        self.assertIn("600", request.message_ids[0].body)
        out = row._get_out_moves()
        self.assertEqual((out.product_id, out.sale_line_id), (self.better, line))
        self.move(row, "in")
        out.aftersales_check = "ok"
        self.move(row, "out")
        self.assertEqual((row.state, line.qty_delivered), ("done", 1))
        old = self.order.order_line - line
        self.assertEqual(old.qty_delivered, 1)

    def test_cheaper_product_asks_the_manager(self):
        """R-X03: what is paid back needs the manager's word; the goods come."""
        request, facts, row = self.exchange(self.simple)
        self.assertEqual(facts["price_difference"], -600)
        self.assertEqual(request.refund_state, "asked")
        with self.assertRaises(AccessError):
            request.action_approve_refund("差价退还")
        as_manager = request.with_user(self.users["manager"])
        as_manager.action_approve_refund("差价退还")
        self.assertEqual((row.kind, row.state), ("exchange", "open"))
        self.assertNotEqual(row._get_out_moves().state, "cancel")

    def test_cancelled(self):
        """R-X02: nothing comes back, nothing is sold instead."""
        _request, facts, row = self.exchange(self.better)
        row.with_user(self.users["agent"]).action_cancel("客户改变主意")
        line = self.env["sale.order.line"].browse(facts["order_line_ids"])
        self.assertEqual((row.state, line.product_uom_qty), ("cancelled", 0))

    def test_bad_input(self):
        """Unknown products, no reason."""
        request = self.register()
        for product in (0, -1, None, "x"):
            with self.subTest(product=product), self.assertRaises(UserError):
                request.action_exchange_for(product, "换货")
        with self.assertRaises(UserError):
            request.action_exchange_for(self.better.id, " ")
