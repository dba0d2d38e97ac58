from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY, AftersalesCase

# name: (moves, road, where the goods arrive). A move is "name from>to", then
# "<" the moves before it, "=" where the goods go in the end, "x" cancelled.
SHAPES = {
    "one step": (["out stock>customer"], "out", "out"),
    "two steps, pulled": (["pick stock>output", "out output>customer <pick"],)
    + ("pick out", "out"),
    "two steps, pushed, the second not made yet": (
        ["pick stock>output =customer"],
        "pick",
        "pick",
    ),
    "two steps, pushed": (
        ["pick stock>output =customer", "out output>customer <pick"],
        "pick out",
        "out",
    ),
    "three steps, pulled": (
        ["pick stock>pack", "pack pack>output <pick", "out output>customer <pack"],
        "pick pack out",
        "out",
    ),
    "three steps, pushed, the third not made yet": (
        ["pick stock>pack =customer", "pack pack>output <pick =customer"],
        "pick pack",
        "pack",
    ),
    "backorder of the first step": (
        [
            "pick stock>output =customer",
            "rest stock>output =customer",
            "out output>customer <pick,rest",
        ],
        "pick rest out",
        "out",
    ),
    "the first step is split in two shipments": (
        [
            "pick stock>output =customer",
            "one output>customer <pick",
            "two output>customer <pick",
        ],
        "pick one two",
        "one two",
    ),
    "the second step is cancelled": (
        ["pick stock>output =customer", "out output>customer <pick x"],
        "pick",
        "pick",
    ),
    "all is cancelled": (["out stock>customer x"], "", ""),
    "dropship": (["drop supplier>customer"], "drop", "drop"),
    "dropship that comes back": (
        ["drop supplier>customer", "back customer>supplier <drop"],
        "drop",
        "drop",
    ),
    "return": (
        ["out stock>customer", "back customer>stock <out"],
        "out",
        "out",
    ),
    "return in two steps": (
        ["out stock>customer", "back customer>input <out", "in input>stock <back"],
        "out",
        "out",
    ),
    "the return goes out again": (
        ["out stock>customer", "back customer>stock <out", "new stock>customer <back"],
        "out new",
        "out new",
    ),
    "picked goods go back on the shelf": (
        ["pick stock>output =customer", "back output>stock <pick"],
        "pick",
        "pick",
    ),
    "bought to order": (
        ["in supplier>input", "store input>stock <in", "out stock>customer <store"],
        "out",
        "out",
    ),
    "bought to order, received where it leaves": (
        ["in supplier>input", "cross input>output <in", "out output>customer <cross"],
        "cross out",
        "out",
    ),
    "made to order": (
        ["made production>stock", "out stock>customer <made"],
        "out",
        "out",
    ),
    "brought from another warehouse": (
        [
            "away other>transit",
            "in transit>stock <away",
            "pick stock>output <in",
            "out output>customer <pick",
        ],
        "pick out",
        "out",
    ),
    "sold to a sister company": (["out stock>sister"], "out", "out"),
    "used at the customer's by a technician": (["use van>customer"], "use", "use"),
    "used up in a repair": (["use stock>production"], "", ""),
    "moved within the warehouse": (["move stock>output"], "", ""),
    "a chain that bites its tail": (
        ["a stock>output <b =customer", "b output>pack <a =customer"],
        "a b",
        "",
    ),
}


@tagged("post_install", "-at_install")
class TestStockRoad(AftersalesCase):
    """Which transfer brings the goods, in every shape of a chain (R-I05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        house = cls.warehouse
        other = cls.env["stock.warehouse"].create({"name": "苏州仓", "code": "SZ"})
        cls.places = {
            "stock": house.lot_stock_id,
            "input": house.wh_input_stock_loc_id,
            "pack": house.wh_pack_stock_loc_id,
            "output": house.wh_output_stock_loc_id,
            "other": other.lot_stock_id,
            "van": house.view_location_id.copy({"name": "李师傅", "usage": "internal"}),
            "customer": cls.env.ref("stock.stock_location_customers"),
            "supplier": cls.env.ref("stock.stock_location_suppliers"),
            "sister": cls.env.ref("stock.stock_location_inter_company"),
            "transit": cls.company.internal_transit_location_id,
            "production": cls.desk.property_stock_production,
        }

    def make(self, specs):
        """The moves of a shape, by name."""
        moves = {}
        later = []
        for spec in specs:
            name, way, *rest = spec.split()
            source, target = way.split(">")
            final = [word[1:] for word in rest if word.startswith("=")]
            moves[name] = self.env["stock.move"].create(
                {
                    "product_id": self.desk.id,
                    "product_uom_qty": 1,
                    "location_id": self.places[source].id,
                    "location_dest_id": self.places[target].id,
                    "location_final_id": final and self.places[final[0]].id,
                }
            )
            later += [
                (moves[name], before)
                for word in rest
                if word.startswith("<")
                for before in word[1:].split(",")
            ]
            if "x" in rest:
                moves[name].state = "cancel"
        for move, before in later:
            move.move_orig_ids = [Command.link(moves[before].id)]
        return moves

    def test_shapes(self):
        """R-I05: the road and its end in each shape."""
        for name, (specs, road, last) in SHAPES.items():
            with self.subTest(name):
                moves = self.make(specs)
                names = {move: key for key, move in moves.items()}
                together = self.env["stock.move"].union(*moves.values())
                found = {names[step] for step in together._get_road()}
                self.assertEqual(found, set(road.split()))
                ends = {names[step] for step in together._get_road(last=True)}
                self.assertEqual(ends, set(last.split()))
                for key in road.split():  # from one step, never beyond the road
                    found = {names[step] for step in moves[key]._get_road()}
                    self.assertLessEqual({key}, found)
                    self.assertLessEqual(found, set(road.split()))

    def test_from_the_first_step(self):
        """R-I05: from the shelf on, the way to the customer is seen."""
        specs = ["pick stock>pack", "pack pack>output <pick", "out output>customer"]
        moves = self.make([*specs[:2], f"{specs[2]} <pack"])
        for move in moves.values():
            self.assertEqual(len(move._get_road()), 3)

    def test_longest_road(self):
        """A chain without end is followed ten steps and no further."""
        specs = ["m0 stock>output"]
        specs += [f"m{n} output>output <m{n - 1}" for n in range(1, 30)]
        moves = self.make([*specs, "out output>customer <m29"])
        self.assertEqual(len(moves["out"]._get_road()), 11)

    def test_one_query(self):
        """R-I05: one query, however many orders are asked about."""
        specs = ["pick stock>output =customer", "out output>customer <pick"]
        few = self.env["stock.move"].union(*self.make(specs).values())
        many = few.union(*(self.make(specs)["out"] for _number in range(30)))
        self.env.flush_all()
        few._get_road()
        for moves in (few, many):
            with self.assertQueryCount(1):
                moves._get_road()

    def test_nothing(self):
        self.assertFalse(self.env["stock.move"]._get_road())
        self.assertFalse(self.create_order()._get_road())


class StepsCase(AftersalesCase):
    """Orders of three desks from warehouses that deliver in one to three steps."""

    def setUp(self):
        super().setUp()
        self.warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.desk.tracking = "none"

    def order_with(self, steps, quantity=3):
        self.warehouse.delivery_steps = steps
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.warehouse.lot_stock_id, quantity
        )
        order = self.create_order(quantity=quantity, no_special_requests=True)
        order.action_confirm()
        order._mark_handed_off(MONDAY)
        return order


@tagged("post_install", "-at_install")
class TestStepsOfWarehouse(StepsCase):
    """The same with Odoo's own warehouses and orders."""

    def test_every_step(self):
        """R-I05: before and after each step exactly all pieces are on their way."""
        for steps, count in (("ship_only", 1), ("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps):
                order = self.order_with(steps)
                for number in range(1, count + 1):
                    last = order._get_road(last=True)
                    self.assertEqual(sum(last.mapped("product_uom_qty")), 3)
                    self.assertEqual(last._is_arrival(), number == count)
                    last.aftersales_check = "ok"
                    last.picking_id.button_validate()
                road = order._get_road()
                self.assertEqual(len(road), count)
                self.assertEqual(set(road.mapped("state")), {"done"})
                self.assertTrue(all(road.picking_id.mapped("aftersales_is_delivery")))

    def test_part_of_a_step(self):
        """R-I05: two of three are packed, one waits on the shelf: three in all."""
        order = self.order_with("pick_ship")
        pick = order.picking_ids
        pick.move_ids.quantity = 2
        pick.with_context(skip_backorder=True).button_validate()
        last = order._get_road(last=True)
        self.assertEqual(sorted(last.mapped("product_uom_qty")), [1, 2])
        self.assertEqual(len(last.picking_id), 2)


@tagged("post_install", "-at_install")
class TestVisitOfSteps(StepsCase):
    """The visit of goods that leave in several steps."""

    def plan(self, steps):
        order = self.order_with(steps)
        order.with_user(self.users["guide"]).action_record_contact(
            agreed_start="2026-11-24 01:00:00", agreed_stop="2026-11-24 03:00:00"
        )
        visit = order.visit_ids.with_user(self.users["supervisor"])
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        return order, visit

    def go(self, visit):
        visit = visit.with_user(self.users["technician"])
        points = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok")
        visit.action_record_call(vals=dict.fromkeys(points, True))
        visit.action_depart()
        visit.action_arrive()
        visit.checklist_line_ids.done = True
        return visit

    def test_every_step_belongs_to_the_visit(self):
        """R-H07, R-H09, R-I05: pick list, agreed time and units through three steps."""
        order, visit = self.plan("pick_pack_ship")
        agreed = visit.scheduled_start
        for _step in range(3):
            picking = order._get_open_transfers()
            self.assertEqual(picking.scheduled_date, agreed)
            self.assertIn(picking, visit.picking_ids)
            self.assertEqual(sum(visit._get_pick_moves().mapped("product_uom_qty")), 3)
            self.assertFalse(visit.goods_out_at)
            picking.move_ids.aftersales_check = "ok"
            picking.with_user(self.users["warehouse"]).button_validate()
        self.assertEqual(len(visit.picking_ids), 3)
        self.assertTrue(visit.goods_out_at)
        self.assertEqual(sum(visit._get_pick_moves().mapped("quantity")), 3)
        with self.at("2026-11-24 01:30:00"):
            self.go(visit).action_complete(vals={})
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertTrue(order.action_create_acceptance())

    def test_completion_goes_through_every_step(self):
        """R-D08, R-I05: what was reserved is brought, step by step."""
        for steps in ("pick_ship", "pick_pack_ship"):
            order, visit = self.plan(steps)
            with self.subTest(steps), self.at("2026-11-24 01:30:00"):
                self.go(visit).action_complete(vals={})
                self.assertEqual(order.order_line.qty_delivered, 3)
                self.assertEqual(order.delivery_status, "full")
                visit.sudo().assignment_ids.unlink()

    def test_part_was_picked(self):
        """R-D13, R-I05: what stays on the shelf gets another visit."""
        order, visit = self.plan("pick_ship")
        pick = order.picking_ids
        pick.move_ids.quantity = 2
        pick.with_context(skip_backorder=True).button_validate()
        rest = order.picking_ids.filtered(lambda p: p.backorder_id == pick)
        rest.do_unreserve()
        with self.at("2026-11-24 01:30:00"):
            self.go(visit).action_complete(vals={})
        self.assertEqual(order.order_line.qty_delivered, 2)
        following = order.visit_ids - visit.sudo()
        self.assertEqual(following.picking_ids, rest)

    def test_nothing_was_picked(self):
        """R-D08: goods that never got ready aren't delivered by a completion."""
        order, visit = self.plan("pick_ship")
        order.picking_ids.do_unreserve()
        with self.at("2026-11-24 01:30:00"):
            self.go(visit)
            with self.assertRaisesRegex(UserError, order.picking_ids.name):
                visit.with_user(self.users["technician"]).action_complete(vals={})

    def test_time_changed(self):
        """R-D03: another time reaches the steps that are still open."""
        order, visit = self.plan("pick_ship")
        order.picking_ids.button_validate()
        visit.action_reschedule(
            start="2026-11-25 01:00:00", stop="2026-11-25 03:00:00", reason="客户出差"
        )
        dates = order._get_open_transfers().mapped("scheduled_date")
        self.assertEqual(dates, [visit.scheduled_start])

    def test_defect_found_while_picking(self):
        """R-D04, R-I05: what has a defect stays, whichever step finds it."""
        order, _visit = self.plan("pick_ship")
        order.picking_ids.move_ids.aftersales_check = "defect"
        with self.assertRaisesRegex(UserError, "升降课桌"):
            order.picking_ids.with_user(self.users["warehouse"]).button_validate()


@tagged("post_install", "-at_install")
class TestDirectDelivery(AftersalesCase):
    def test_dropship(self):
        """R-I05, R-A01: what the vendor brought is accepted like anything else."""
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        order.picking_ids.action_cancel()
        lot = self.env["stock.lot"].create(
            {"name": "KZ26900", "product_id": self.desk.id}
        )
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.desk.id,
                            "product_uom_qty": 1,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                            "sale_line_id": order.order_line.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_id = lot
        picking.button_validate()
        acceptance = self.env["aftersales.acceptance"].browse(
            order.with_user(self.users["guide"]).action_create_acceptance()
        )
        self.assertEqual(acceptance.picking_ids, picking)
        self.assertEqual(acceptance.line_ids.lot_ids, lot)
