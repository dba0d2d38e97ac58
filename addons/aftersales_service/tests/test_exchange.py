from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

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
        picking.move_ids.aftersales_check = "ok"
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

    def test_guide_is_told_and_arranges_it(self):
        """R-X01: told when it is registered; the own orders' guide sets it going."""
        request = self.register()
        self.assertIn(self.users["guide"], request.sudo().activity_ids.user_id)
        guide = request.with_user(self.users["guide"])
        facts = guide.action_exchange(reason="尺寸不合")
        self.assertEqual(self.rows(facts).lot_id, self.delivered[0])
        told = self.env["mail.message"].search(
            [("body", "ilike", "尺寸不合"), ("message_type", "=", "user_notification")]
        )
        self.assertIn(self.users["guide"].partner_id, told.notified_partner_ids)
        for role in ("stranger", "warehouse", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                request.with_user(self.users[role]).action_exchange(reason="x")

    def test_from_the_order(self):
        """R-X01 R-X05: an order's exchange is registered and set going in one act."""
        order = self.order.with_user(self.users["guide"])
        lines = [
            {"product_id": self.desk.id, "lot_name": name}
            for name in self.delivered.mapped("name")
        ]
        facts = order.action_exchange(reason="颜色不符", lines=lines)
        request = self.env["aftersales.request"].browse(facts["id"])
        self.assertEqual((request.type, request.order_id), ("exchange", self.order))
        rows = self.rows(facts)
        self.assertEqual(rows.lot_id, self.delivered)
        self.assertEqual(len(rows.move_ids.picking_id), 2, "one way in, one way out")
        self.move(rows, "in")
        self.move(rows, "out")
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        self.assertEqual(len(rows.new_lot_id), 2)
        for bad in ({"lines": []}, {"kind": "refund"}, {"reason": " "}):
            vals = {"reason": "x", "lines": lines} | bad
            with self.subTest(bad=bad), self.assertRaises(UserError):
                order.action_exchange(**vals)

    def test_visit_exchange_is_in_the_register(self):
        """R-D07 R-X05: what the team swaps is a request of its own, once."""
        self.go(self.visit).action_complete(vals={})
        facts = self.visit.action_exchange(
            self.desk.id, 1, "颜色不符", self.delivered[0].name
        )
        request = self.env["aftersales.request"].browse(facts["request_id"])
        self.assertRecordValues(
            request, [{"type": "exchange", "channel": "visit", "problem": "颜色不符"}]
        )
        following = self.env["aftersales.visit"].browse(facts["next_visit_id"])
        self.assertEqual(following.request_id, request)
        self.assertEqual(following.origin_visit_id, self.visit.sudo())

    def test_bad_goods_are_refused(self):
        """R-X02: named one by one, what the customer has, once."""
        other = self.env["product.product"].create(
            {"name": "讲台", "type": "consu", "is_storable": True, "tracking": "serial"}
        )
        foreign = self.env["stock.lot"].create({"name": "JT-1", "product_id": other.id})
        stored = self.lots - self.delivered
        request = self.register()
        desk = {"product_id": self.desk.id}
        for line, word in (
            (desk | {"lot_name": stored[0].name}, stored[0].name),  # not delivered
            (desk | {"lot_name": "JT-1"}, "JT-1"),  # another product's
            (desk | {"lot_id": foreign.id}, "JT-1"),
            (desk | {"lot_id": 10**8}, "100000000"),
            (desk, "升降课桌"),  # no serial number
            (desk | {"lot_name": self.delivered[0].name, "quantity": 2}, "升降课桌"),
            (desk | {"quantity": -1}, "-1"),
            (desk | {"quantity": "zwei"}, "zwei"),
            ({"product_id": 10**8}, "100000000"),
            ({"product_id": other.id, "lot_name": "JT-1"}, "讲台"),
            (desk | {"colour": "red"}, "colour"),
        ):
            with self.subTest(line=line), self.assertRaisesRegex(UserError, word):
                request.action_exchange(reason="x", lines=[line])
        with self.assertRaises(UserError):
            request.action_exchange(reason="x", lines={"product_id": 1})
        with self.assertRaises(UserError):
            request.action_exchange(reason=" ")
        self.assertFalse(request.exchange_ids, "nothing half done")

    def test_same_unit_once(self):
        """R-X02: not twice at a time; the new unit may be exchanged again."""
        request = self.register()
        row = self.rows(request.action_exchange(reason="开裂"))
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            request.action_exchange(reason="再来一次")
        self.move(row, "in")
        self.move(row, "out")
        with self.assertRaises(UserError):  # it is back in our store
            request.action_exchange(reason="再来一次")
        line = {"product_id": self.desk.id, "lot_id": row.new_lot_id.id}
        again = self.rows(request.action_exchange(reason="又开裂", lines=[line]))
        self.assertEqual(again.lot_id, row.new_lot_id)

    def test_quantities_are_taken_from_their_deliveries(self):
        """R-X02: untracked goods, from two deliveries, no more than those."""
        chair = self.env["product.product"].create(
            {"name": "椅子", "type": "consu", "is_storable": True}
        )
        order = self.create_order(lines=0)
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": chair.id, "product_uom_qty": 10})
                ]
            }
        )
        order.action_confirm()
        location = self.warehouse.lot_stock_id
        quants = self.env["stock.quant"]
        for _delivery in range(2):
            quants._update_available_quantity(chair, location, 5)
            picking = order.picking_ids.filtered(lambda p: p.state != "done")
            picking.action_assign()
            picking.with_context(skip_backorder=True).button_validate()
        lines = [{"product_id": chair.id, "quantity": 7}]
        facts = order.action_exchange(reason="掉漆", lines=lines)
        rows = self.rows(facts)
        self.assertEqual(sorted(rows.mapped("quantity")), [2, 5])
        request = rows.request_id
        with self.assertRaisesRegex(UserError, "椅子"):
            request.action_exchange(
                reason="掉漆", lines=[{"product_id": chair.id, "quantity": 4}]
            )
        request.action_cancel(reason="客户接受折让")
        self.assertEqual(set(rows.mapped("state")), {"cancelled"})
        self.assertEqual(set(rows.move_ids.mapped("state")), {"cancel"})
        self.assertEqual(sum(rows.origin_move_id.mapped("aftersales_taken_back")), 0)

    def test_stock_cannot_drop_what_was_promised(self):
        """R-X03: the replacement's transfer is cancelled by no client of its own."""
        row = self.rows(self.register().action_exchange(reason="开裂"))
        manager = self.env.ref("stock.group_stock_manager")
        self.users["warehouse"].group_ids += manager
        for picking in row.picking_ids.with_user(self.users["warehouse"]):
            with self.assertRaises(UserError):
                picking.action_cancel()
        self.assertEqual(set(row.move_ids.mapped("state")), {"assigned"})
        agent = row.with_user(self.users["agent"])
        with self.assertRaises(UserError):
            agent.action_cancel(reason="")
        agent.action_cancel(reason="客户改变主意")
        self.assertEqual(row.state, "cancelled")

    def test_another_unit_comes_back(self):
        """R-X02: the unit that was named comes back, no other."""
        row = self.rows(self.register().action_exchange(reason="开裂"))
        row._get_back_moves().move_line_ids.lot_id = self.delivered[1]
        with self.assertRaisesRegex(UserError, self.delivered[1].name):
            self.move(row, "in")

    def test_delivery_in_two_steps(self):
        """R-X02: packed first, then delivered; noted when it reached the customer."""
        self.warehouse.delivery_steps = "pick_ship"
        row = self.rows(self.register().action_exchange(reason="开裂"))
        steps = row.move_ids.filtered(lambda m: m.location_id.usage == "internal")
        steps.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertFalse(row.replaced_at)
        self.move(row, "out")
        self.assertTrue(row.replaced_at)
        self.assertTrue(row.new_lot_id)
