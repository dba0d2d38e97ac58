from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MONDAY
from .test_handoff import CUTOFF, HandoffCase


class GoodsCase(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env.ref("stock.warehouse0")
        cls.stock = cls.warehouse.lot_stock_id
        cls.chair = cls.env["product.product"].create(
            {
                "name": "学生椅",
                "default_code": "YZ-45",
                "type": "consu",
                "is_storable": True,
                "list_price": 260,
            }
        )
        cls.route = cls.env["stock.route"].create(
            {
                "name": "向工厂订货",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "工厂 → 仓库",
                            "action": "pull",
                            "picking_type_id": cls.warehouse.in_type_id.id,
                            "location_src_id": cls.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": cls.stock.id,
                            "procure_method": "make_to_stock",
                            "delay": 2,
                        }
                    )
                ],
            }
        )
        cls.chair.route_ids = cls.route
        cls.desk.route_ids = cls.route

    def add_stock(self, product, quantity):
        self.env["stock.quant"]._update_available_quantity(
            product, self.stock, quantity
        )

    def order_chairs(self, *quantities, **vals):
        order = self.create_order(
            no_special_requests=True,
            order_line=[
                Command.create({"product_id": self.chair.id, "product_uom_qty": qty})
                for qty in quantities
            ],
            **vals,
        )
        order.action_confirm()
        return order.with_context(lang="en_US")

    def handed_off(self, *quantities, **vals):
        order = self.order_chairs(*quantities, **vals)
        order._mark_handed_off(MONDAY)
        return order

    def supplies(self, product=None):
        return self.env["stock.move"].search(
            [
                ("product_id", "=", (product or self.chair).id),
                ("location_id.usage", "=", "supplier"),
            ]
        )

    def as_clerk(self, order):
        return order.with_user(self.users["agent"])

    def receive(self, move):
        move.quantity = move.product_uom_qty
        move.picked = True
        move.picking_id._action_done()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReadiness(GoodsCase):
    def test_partial_readiness_is_visible(self):
        """R-H05: how many lines could leave now is said on the order."""
        self.add_stock(self.chair, 3)
        order = self.order_chairs(1, 2, 4)
        self.assertEqual(order.goods_progress, "2 of 3 lines ready")
        self.assertFalse(order.goods_ready_at)
        self.add_stock(self.chair, 4)
        order.picking_ids.action_assign()
        self.assertEqual(order.goods_progress, "3 of 3 lines ready")
        self.assertTrue(order.goods_ready_at)

    def test_quotation_has_no_progress(self):
        self.assertFalse(self.create_order().goods_progress)

    def test_delivered_lines_stay_ready(self):
        """R-H05: what has left already isn't missing."""
        self.add_stock(self.chair, 1)
        order = self.order_chairs(1, 2)
        move = order.order_line[0].move_ids
        move.picked = True
        move._action_done()
        self.assertEqual(order.goods_progress, "1 of 2 lines ready")

    def test_two_step_delivery_is_ready_when_it_can_be_picked(self):
        """R-H05: the guide isn't kept waiting for the packing."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.order_chairs(1)
        self.assertEqual(order.goods_progress, "0 of 1 lines ready")
        self.assertFalse(order.goods_ready_at)
        self.add_stock(self.chair, 1)
        order.order_line.move_ids._action_assign()
        self.assertTrue(order.goods_ready_at)

    def test_stock_of_a_confirmed_line(self):
        """R-H03: available, to be ordered, ordered, expected on a date."""
        self.add_stock(self.chair, 1)
        order = self.handed_off(1, 5)
        lines = order.order_line
        self.assertEqual(
            lines.mapped("aftersales_stock"), ["Available", "To be ordered"]
        )
        self.as_clerk(order).action_order_goods()
        self.env.invalidate_all()
        self.assertIn("Expected on", lines[1].aftersales_stock)
        self.supplies()._action_cancel()
        self.env.invalidate_all()
        self.assertEqual(lines[1].aftersales_stock, "Ordered, date unknown")

    def test_batch_lists_the_stock_of_each_line(self):
        """R-H03: the clerk sees every line without stock rights of his own."""
        self.add_stock(self.chair, 1)
        order = self.order_chairs(1, 5)
        self.hand_over()
        batch = self.as_clerk(order.handoff_batch_id).with_context(lang="en_US")
        self.assertEqual(
            batch.line_ids.mapped("aftersales_stock"), ["Available", "To be ordered"]
        )
        self.assertEqual(batch.order_ids.goods_progress, "1 of 2 lines ready")

    def count_batch_queries(self, count):
        orders = self.env["sale.order"].browse()
        for _number in range(count):
            orders += self.order_chairs(1, 2, 5)
        orders._mark_handed_off(MONDAY)
        batch = self.env["aftersales.handoff.batch"].create(
            {"date": f"2026-01-{count:02d}", "order_ids": [Command.set(orders.ids)]}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        batch.order_ids.mapped("goods_progress")
        progress = self.cr.sql_log_count - before
        batch.line_ids.mapped("aftersales_stock")
        return progress, self.cr.sql_log_count - before

    def test_stock_list_costs_the_same_for_many_orders(self):
        """R-H03: the number of queries doesn't grow with the orders."""
        self.add_stock(self.chair, 7)
        self.count_batch_queries(1)
        few, many = self.count_batch_queries(2), self.count_batch_queries(20)
        self.assertLessEqual(many[0], few[0] + 3)
        self.assertLessEqual(many[1], few[1] + 5)

    def test_large_order_costs_few_queries(self):
        """R-H02 R-H03: 500 lines are checked and looked up together."""
        order = self.create_order(
            no_special_requests=True,
            order_line=[
                Command.create({"product_id": self.chair.id}) for _ in range(500)
            ],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.assertEqual(order.aftersales_check_handoff(), [])
        self.assertLess(self.cr.sql_log_count - before, 40)
        order.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.order_line.mapped("aftersales_stock")
        self.assertTrue(order.goods_progress)
        self.assertLess(self.cr.sql_log_count - before, 80)


@tagged("post_install", "-at_install")
class TestFactoryOrder(GoodsCase):
    def test_short_goods_are_procured(self):
        """R-H04: what isn't there is ordered through the product's own route."""
        self.add_stock(self.chair, 2)
        order = self.handed_off(5)
        result = self.as_clerk(order).action_order_goods()
        self.assertEqual(result["ordered"], ["[YZ-45] 学生椅"])
        self.assertEqual(result["aftersales_state"], "in_production")
        supply = self.supplies()
        self.assertRecordValues(
            supply,
            [
                {
                    "product_uom_qty": 3,
                    "origin": order.name,
                    "date": order.commitment_date - timedelta(days=2),
                    "location_dest_id": self.stock.id,
                }
            ],
        )
        clock = order.sla_clock_ids.filtered(lambda c: c.code == "factory_order")
        self.assertEqual(clock.state, "met")

    def test_retried_call_orders_nothing_twice(self):
        """R-H04: a program that calls again gets the same supply."""
        order = self.handed_off(5)
        clerk = self.as_clerk(order)
        first = clerk.action_order_goods()
        self.supplies()._action_cancel()  # nothing incoming, as for a draft purchase
        again = clerk.action_order_goods()
        self.assertEqual(again["ordered"], [])
        self.assertEqual(again["factory_ordered_at"], first["factory_ordered_at"])
        self.assertEqual(len(self.supplies()), 1)

    def test_more_is_ordered_when_the_contract_grows(self):
        """R-H04: only what was added."""
        order = self.handed_off(5)
        self.as_clerk(order).action_order_goods()
        order.order_line.product_uom_qty = 8
        self.as_clerk(order).action_order_goods()
        self.assertEqual(sum(self.supplies().mapped("product_uom_qty")), 8)

    def test_all_orders_of_a_batch_at_once(self):
        """R-H04: one click for the whole day."""
        orders = self.order_chairs(5) + self.order_chairs(2)
        self.hand_over()
        batch = self.as_clerk(orders.handoff_batch_id)
        with self.at(CUTOFF + timedelta(minutes=10)):
            result = batch.action_order_goods()
            again = batch.action_order_goods()
        self.assertEqual((len(result["ordered"]), again["ordered"]), (2, []))
        self.assertEqual(orders.mapped("aftersales_state"), ["in_production"] * 2)
        self.assertEqual(sum(self.supplies().mapped("product_uom_qty")), 7)

    def test_without_a_rule_the_product_is_named(self):
        """R-H04: refused with the names, and nothing is half done."""
        self.chair.route_ids = False
        order = self.handed_off(5)
        clerk = self.as_clerk(order)
        with self.assertRaisesRegex(UserError, "学生椅"):
            clerk.action_order_goods()
        self.assertFalse(order.factory_ordered_at)
        self.assertFalse(order.order_line.aftersales_procured_qty)
        clerk.action_record_factory_order()
        self.assertEqual(order.aftersales_state, "in_production")

    def test_goods_in_stock_are_not_ordered(self):
        self.add_stock(self.chair, 5)
        order = self.handed_off(5)
        result = self.as_clerk(order).action_order_goods()
        self.assertEqual(result["ordered"], [])
        self.assertFalse(self.supplies())
        self.assertFalse(order.factory_ordered_at)

    def test_only_the_clerk_orders_and_only_after_the_hand_off(self):
        """R-H04: guides, warehouse, technicians and strangers don't."""
        order = self.handed_off(5)
        for role in ("guide", "warehouse", "technician", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                order.with_user(self.users[role]).action_order_goods()
        with self.assertRaises(UserError):
            self.as_clerk(self.order_chairs(1)).action_order_goods()

    def test_supply_ordered_by_others_is_noticed(self):
        """R-H04: a confirmed purchase or production that covers all that is short."""
        order = self.handed_off(5)
        vals = {
            "product_id": self.chair.id,
            "product_uom": self.chair.uom_id.id,
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": self.stock.id,
            "picking_type_id": self.warehouse.in_type_id.id,
        }
        moves = self.env["stock.move"].with_user(self.users["warehouse"])
        moves.create(vals | {"product_uom_qty": 2})._action_confirm()
        self.assertFalse(order.factory_ordered_at, "three are still short")
        with self.at(MONDAY + timedelta(hours=1)):
            moves.create(vals | {"product_uom_qty": 3})._action_confirm()
            self.assertEqual(order.factory_ordered_at, MONDAY + timedelta(hours=1))
        clock = order.sla_clock_ids.filtered(lambda c: c.code == "factory_order")
        self.assertEqual(clock.state, "met")

    def test_supply_on_its_way_at_the_hand_off(self):
        """R-H04: what was ordered before needs no factory order."""
        self.handed_off(5)  # takes the first five
        other = self.order_chairs(2)
        self.env["stock.move"].create(
            {
                "product_id": self.chair.id,
                "product_uom": self.chair.uom_id.id,
                "product_uom_qty": 10,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            }
        )._action_confirm()
        self.assertFalse(other.factory_ordered_at)
        other._mark_handed_off(MONDAY)
        self.assertEqual(other.aftersales_state, "in_production")

    def test_received_goods_complete_the_order(self):
        """R-H05: the receipt reserves them, and the guide is told at once."""
        order = self.handed_off(5)
        self.as_clerk(order).action_order_goods()
        self.receive(self.supplies())
        self.assertEqual(order.aftersales_state, "ready")
        self.assertEqual(order.goods_progress, "1 of 1 lines ready")
