from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestPartCharges(PartsCase):
    """Charged or free follows coverage (R-P09, R-W09, R-W11, R-S18)."""

    def test_price_follows_coverage(self):
        """R-P09, R-W09: free in warranty and at our cost; else material at cost."""
        line = self.create_line(quantity=2)
        small = self.create_line(self.screw, 8)
        gift = self.create_line(self.thermos, kind="gift")
        for coverage, price in (
            ("in_warranty", 0),
            ("replace", 0),
            ("at_our_cost", 0),
            ("unknown", 0),
            ("chargeable", 260.0),
        ):
            with self.subTest(coverage=coverage):
                self.request.sudo().coverage = coverage
                self.assertEqual((line.coverage, line.unit_price), (coverage, price))
                self.assertEqual(small.unit_price, 0)
                self.assertEqual(gift.unit_price, 0)

    def test_quotation_once(self):
        """R-W09: the quotation names what is chargeable, once; material at cost."""
        self.charge()
        line = self.create_line(quantity=2)
        self.create_line(self.screw, 8)
        facts = self.as_("agent", self.request).action_quote_parts()
        order = self.env["sale.order"].browse(facts["order_id"])
        goods = order.order_line.filtered("product_id").sorted("price_unit")
        self.assertEqual(goods.mapped("price_unit"), [0, 260.0])
        self.assertEqual(order.amount_untaxed, 520.0)
        self.assertEqual(order.aftersales_charged_request_id, self.request)
        with self.assertRaisesRegex(UserError, self.request.name):
            self.as_("agent", self.request).action_quote_parts()
        self.create_line(self.controller)
        second = self.as_("agent", self.request).action_quote_parts()
        self.assertNotEqual(second["order_id"], order.id)
        self.lens.standard_price = 999
        self.assertEqual(line.unit_price, 260.0)

    def test_cancelled_quotation_is_quoted_again(self):
        """R-W09: what the customer declined may be offered anew."""
        self.charge()
        line = self.create_line()
        facts = self.request.action_quote_parts()
        self.assertFalse(self.request.has_to_quote)
        self.env["sale.order"].browse(facts["order_id"])._action_cancel()
        self.env.invalidate_all()
        self.assertTrue(self.request.has_to_quote)
        again = self.request.action_quote_parts()
        self.assertEqual(line.sale_line_id.order_id.id, again["order_id"])

    def test_what_was_quoted_stays(self):
        """R-P09: a later change of coverage doesn't change a promise made."""
        self.charge()
        line = self.create_line()
        self.request.action_quote_parts()
        self.request.sudo().coverage = "at_our_cost"
        self.assertEqual((line.coverage, line.unit_price), ("chargeable", 260.0))

    def test_accepted_quotation_is_no_delivery(self):
        """R-W09: the engineer brings the parts; the order isn't handed off."""
        self.charge()
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        facts = self.request.action_quote_parts()
        order = self.env["sale.order"].browse(facts["order_id"])
        order.action_confirm()
        self.assertFalse(order.picking_ids)
        self.assertFalse(order.sla_clock_ids)
        self.as_("technician", line).action_use()
        self.assertEqual(line.sale_line_id.qty_delivered, 2)
        self.assertEqual(self.request.charged_total, 520.0)

    def test_order_cost_total_of_the_request(self):
        """R-S12, R-W09: our cost has all, the customer pays the fitted material."""
        self.charge()
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        self.env["aftersales.request.cost"].create(
            {"request_id": self.request.id, "kind": "labour", "unit_cost": 200}
        )
        self.as_("technician", line).action_use(quantity=1)
        self.assertEqual(self.request.cost_total, 460)
        self.assertEqual(self.request.charged_total, 260)

    def test_supply_for_life(self):
        """R-W11: a supply request is quoted at material cost."""
        request = self.create_request(type="supply", problem="购买备用镜头")
        line = self.create_line(request_id=request.id, kind="supply", reason="备用")
        self.assertEqual((line.coverage, line.unit_price), ("chargeable", 260.0))
        facts = self.as_("agent", request).action_quote_parts()
        order = self.env["sale.order"].browse(facts["order_id"])
        self.assertEqual(order.amount_untaxed, 260.0)

    def test_drawing_instead_of_the_part(self):
        """R-W11: the drawing is sent to the customer, free; nothing moves."""
        request = self.create_request(type="supply", problem="索取图纸")
        line = self.create_line(request_id=request.id, is_drawing=True)
        with self.assertRaises(UserError):
            line.action_send_drawing()
        line.action_approve()
        with self.assertRaisesRegex(UserError, "镜头模组"):
            line.action_send_drawing()
        self.env["product.document"].create(
            {
                "name": "图纸.pdf",
                "raw": b"%PDF-1.4",
                "res_model": "product.template",
                "res_id": self.lens.product_tmpl_id.id,
            }
        )
        self.env.invalidate_all()
        self.as_("technician", line).action_send_drawing()
        self.assertEqual((line.state, line.unit_price), ("used", 0))
        self.assertFalse(line.move_ids)
        self.assertEqual(request.message_ids[:1].attachment_ids.name, "图纸.pdf")

    def test_proposed_parts_become_lines(self):
        """R-S18: what alike repairs needed, then what the product usually needs."""
        self.stock(self.lens, 2)
        self.issue(quantity=1).action_use()
        self.desk.product_tmpl_id.aftersales_part_ids = [
            Command.set((self.controller | self.lens).ids)
        ]
        request = self.create_request()
        self.assertEqual(
            request.suggested_part_ids.ids, (self.lens | self.controller).ids
        )
        facts = self.as_("technician", request).action_ask_suggested()
        self.assertEqual(len(facts["part_line_ids"]), 2)
        with self.assertRaises(UserError):
            self.as_("technician", request).action_ask_suggested()
