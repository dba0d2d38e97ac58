from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_exchange import ExchangeCase


@tagged("post_install", "-at_install")
class TestRefund(ExchangeCase):
    """R-X03: exchange, don't refund."""

    def approve(self, request, reason="停产无货"):
        request.action_ask_refund(reason=reason)
        manager = request.with_user(self.users["manager"])
        return manager.action_approve_refund(reason=reason)

    def wizard(self):
        wizard = self.env["stock.return.picking"].with_user(self.users["warehouse"])
        wizard = wizard.create({"picking_id": self.picking.id})
        wizard.product_return_moves.quantity = 1
        return wizard

    def test_only_a_manager_approves_with_a_reason(self):
        """R-X03: asked by anybody, decided once, by a manager."""
        request = self.register(type="return")
        request.action_ask_refund(reason="不再需要")
        todo = request.sudo().activity_ids
        self.assertIn(self.users["manager"], todo.user_id)
        for role in ("agent", "supervisor", "guide"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                request.with_user(self.users[role]).action_approve_refund(reason="x")
        manager = request.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_approve_refund(reason=" ")
        with self.assertRaises(UserError):
            manager.write({"refund_state": "approved"})
        manager.action_refuse_refund(reason="可以换货")
        self.assertEqual(request.refund_decided_by_id, self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_approve_refund(reason="x")

    def test_return_without_approval_pays_nothing_back(self):
        """R-X03: the order still counts the goods as delivered."""
        request = self.register(type="return")
        row = self.rows(request.action_return(reason="不合适"))
        self.assertFalse(row.move_ids.to_refund)
        self.move(row, "in")
        self.assertEqual(row.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 2)
        self.approve(request)
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def test_no_client_returns_for_money(self):
        """R-X03: the tick in Odoo's return, or a transfer made by hand."""
        request = self.register(type="return", lot_id=None)
        with self.assertRaisesRegex(UserError, request.name):
            self.wizard().action_create_returns()
        move = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": 1,
                "location_id": self.picking.location_dest_id.id,
                "location_dest_id": self.picking.location_id.id,
                "sale_line_id": self.order.order_line.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            }
        )
        move._action_confirm()
        move.move_line_ids.lot_id = self.delivered[0]
        with self.assertRaisesRegex(UserError, request.name):
            move.picking_id.button_validate()
        row = self.rows(
            request.action_return(
                reason="x",
                lines=[{"product_id": self.desk.id, "lot_id": self.delivered[0].id}],
            )
        )
        row.move_ids.to_refund = True
        with self.assertRaisesRegex(UserError, request.name):
            self.move(row, "in")
        self.approve(request)
        self.move(row, "in")
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def test_unplanned_return_comes_in(self):
        """R-X03: the warehouse may always take goods in; the money waits."""
        action = self.wizard().action_create_returns()
        picking = self.env["stock.picking"].browse(action["res_id"])
        picking.button_validate()
        row = self.env["aftersales.exchange"].search([])
        self.assertRecordValues(
            row, [{"unplanned": True, "state": "done", "kind": "return"}]
        )
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def test_approval_ends_the_exchange(self):
        """R-X03: what was to be delivered instead is cancelled."""
        request = self.register()
        row = self.rows(request.action_exchange(reason="开裂"))
        out = row._get_out_moves()
        self.approve(request)
        self.assertEqual((out.state, row.kind, row.state), ("cancel", "return", "open"))
        self.move(row, "in")
        self.assertEqual(row.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def setUp(self):
        super().setUp()
        self.env["account.chart.template"].try_loading(
            "generic_coa", self.company, install_demo=False
        )

    def credit(self, quantity=1):
        self.order.order_line.product_id.invoice_policy = "order"
        invoice = self.order.invoice_ids.filtered(
            lambda m: m.move_type == "out_invoice"
        )
        if not invoice:
            invoice = self.order._create_invoices()
            invoice.action_post()
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        note.invoice_line_ids.quantity = quantity
        return note

    def test_credit_note_needs_the_approval(self):
        """R-X03: whoever posts it, and no more than was approved."""
        other = self.credit()  # nothing in the register yet
        other.action_post()
        self.enterContext(self.at("2026-11-25 02:00:00"))
        request = self.register(type="return")
        with self.assertRaisesRegex(UserError, request.name):
            self.credit().action_post()
        row = self.rows(request.action_return(reason="x"))
        with self.assertRaisesRegex(UserError, request.name):
            self.credit().action_post()
        self.move(row, "in")
        self.approve(request)
        with self.assertRaises(UserError):
            self.credit(2).action_post()
        note = self.credit()
        note.action_post()
        self.assertEqual(note.state, "posted")
        with self.assertRaises(UserError):
            self.credit().action_post()

    def test_other_credit_notes_are_free(self):
        """R-X03: goods that nobody returns may be credited as before."""
        self.register(type="return", product_id=None, lot_id=self.delivered[0].id)
        other = self.create_order()
        other.order_line.product_id = self.env["product.product"].create(
            {"name": "咨询", "type": "service", "invoice_policy": "order"}
        )
        other.action_confirm()
        invoice = other._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves([{}])
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_two_requests_are_decided_at_once(self):
        requests = self.register() + self.register(lot_id=self.delivered[1].id)
        requests.action_ask_refund(reason="x")
        requests.with_user(self.users["manager"]).action_approve_refund(reason="y")
        self.assertEqual(requests.mapped("refund_state"), ["approved"] * 2)
