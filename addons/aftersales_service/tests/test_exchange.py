from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_visit_goods import GoodsCase

REQUEST = "odoo.addons.aftersales_service.models.exchange.request.AftersalesRequest"


class ExchangeCase(GoodsCase):
    """Two desks delivered; two more in stock."""

    def setUp(self):
        super().setUp()
        self.validate()
        self.delivered = self.picking.move_line_ids.lot_id
        self.cause = self.env.ref("aftersales_service.cause_structure")
        self.department = self.env["hr.department"].create({"name": "质检部"})

    def register(self, role="agent", **vals):
        model = self.env["aftersales.request"].with_user(self.users[role])
        vals = {
            "type": "exchange",
            "order_id": self.order.id,
            "partner_id": self.partner.id,
            "product_id": self.desk.id,
            "lot_id": self.delivered[0].id,
            "problem": "桌面开裂",
            **vals,
        }
        return model.browse(model.register(vals=vals))

    def rows(self, facts):
        return self.env["aftersales.exchange"].browse(facts["exchange_ids"])

    def move(self, rows, direction):
        moves = rows._get_back_moves() if direction == "in" else rows._get_out_moves()
        picking = moves.picking_id.with_user(self.users["warehouse"])
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()


@tagged("post_install", "-at_install")
class TestExchange(ExchangeCase):
    def test_return_delivery_and_visit_are_linked(self):
        """R-X02: both transfers wait in the warehouse, a visit waits for its time."""
        request = self.register()
        facts = request.action_exchange(reason="桌面开裂")
        row = self.rows(facts)
        kinds = sorted(row.move_ids.mapped("picking_id.picking_type_code"))
        self.assertEqual(kinds, ["incoming", "outgoing"])
        back, out = row._get_back_moves(), row._get_out_moves()
        self.assertEqual(back.move_line_ids.lot_id, self.delivered[0])
        self.assertEqual(out.state, "assigned")
        self.assertEqual(row.visit_id.picking_ids, row.move_ids.picking_id)
        self.assertEqual(row.visit_id.request_id, request)
        self.assertEqual(row.visit_id.activity_ids.user_id, self.users["supervisor"])

    def test_who_replaced_whom(self):
        """R-X02 R-X05: the hook is called once, when the replacement is delivered."""
        calls = []

        def note(request, old, new, at):
            calls.append((request, old, new, at))

        row = self.rows(self.register().action_exchange(reason="桌面开裂"))
        with patch(f"{REQUEST}._on_unit_exchanged", note):
            self.move(row, "out")
            self.assertEqual(len(calls), 1)
            self.move(row, "in")
        new = row.new_lot_id
        self.assertNotIn(new, self.delivered)
        date = row._get_out_moves().picking_id.date_done
        self.assertEqual(calls, [(row.request_id, self.delivered[0], new, date)])
        self.assertEqual(row.state, "done")
        self.assertEqual(self.delivered[0].aftersales_replaced_by_id, new)
        self.assertEqual(new.aftersales_replaces_id, self.delivered[0])
        self.assertEqual(self.order.order_line.qty_delivered, 2)
