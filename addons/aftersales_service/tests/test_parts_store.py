from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MONDAY
from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestPartStores(PartsCase):
    """Stores, reservations, shortages, refill (R-P01, R-P02, R-P05, R-P06)."""

    def test_stores_of_each_warehouse(self):
        """R-P01: existing and new warehouses have all stores and operation types."""
        new = self.env["stock.warehouse"].create({"name": "浦东仓", "code": "PD"})
        for warehouse in (self.warehouse, new):
            for store in ("spare", "fitting", "gift", "technician", "defective"):
                location = warehouse[f"aftersales_{store}_loc_id"]
                self.assertEqual(location.aftersales_store, store)
                self.assertEqual(location.warehouse_id, warehouse)
                self.assertFalse(location._child_of(warehouse.lot_stock_id))
            for kind in ("issue", "use", "return", "collect", "gift"):
                self.assertTrue(warehouse[f"aftersales_{kind}_type_id"].sequence_id)

    def test_stores_are_created_once(self):
        """R-P01: the method of install and update changes nothing that exists."""
        counts = [
            self.env[name].search_count([])
            for name in ("stock.location", "stock.picking.type", "stock.rule")
        ]
        self.env["stock.warehouse"]._aftersales_ensure_all_stores()
        self.assertEqual(
            counts,
            [
                self.env[name].search_count([])
                for name in ("stock.location", "stock.picking.type", "stock.rule")
            ],
        )

    def test_warehouse_of_another_company(self):
        """R-P01: a new company's warehouse has stores of its own company."""
        company = self.env["res.company"].create({"name": "北京分公司"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        self.assertEqual(warehouse.aftersales_gift_loc_id.company_id, company)

    def test_stores_are_counted_periodically(self):
        """R-P02: Odoo plans the count of each store."""
        self.assertEqual(self.spares.cyclic_inventory_frequency, 30)
        self.assertTrue(self.spares.next_inventory_date)

    def test_below_the_limit_the_store_is_refilled(self):
        """R-P02: a reordering rule brings parts from the stock."""
        self.stock(self.lens, 10, self.warehouse.lot_stock_id)
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.lens.id,
                "location_id": self.spares.id,
                "warehouse_id": self.warehouse.id,
                "product_min_qty": 3,
                "product_max_qty": 6,
            }
        )
        self.env["stock.rule"].run_scheduler()
        moves = self.env["stock.move"].search([("product_id", "=", self.lens.id)])
        self.assertEqual(moves.location_dest_id, self.spares)
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 6)
        self.assertTrue(orderpoint)

    def test_shortage_shows_when_it_comes(self):
        """R-P06: what is short has an expected date and is reserved on arrival."""
        self.stock(self.lens, 1)
        line = self.create_line(quantity=3)
        line.action_approve()
        facts = line.action_reserve()
        self.assertEqual((facts["state"], facts["shortage_qty"]), ("approved", 2))
        arrival = MONDAY + timedelta(days=4)
        supply = self.env["stock.move"].create(
            {
                "product_id": self.lens.id,
                "product_uom_qty": 2,
                "date": arrival,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.spares.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            }
        )
        supply._action_confirm()
        self.env.invalidate_all()
        self.assertEqual(line.expected_date, arrival)
        with self.assertRaises(UserError):
            line.action_issue()
        supply.quantity = 2
        supply.picked = True
        supply._action_done()
        line.action_reserve()
        self.assertEqual((line.state, line.shortage_qty), ("reserved", 0))
        self.assertFalse(line.expected_date)

    def test_ordered_part_comes_with_the_vendor(self):
        """R-P06: expected after the vendor's lead time, not when it was ordered."""
        vendor = self.env["res.partner"].create({"name": "宁波光学"})
        self.lens.seller_ids = [
            Command.create({"partner_id": vendor.id, "delay": 9, "price": 200})
        ]
        stock, spares = self.warehouse.lot_stock_id, self.spares
        line = self.create_line(quantity=2)
        line.action_approve()
        line.action_reserve()
        vals = {"product_id": self.lens.id, "product_uom_qty": 2}
        places = {"location_id": stock.id, "location_dest_id": spares.id}
        pull = self.env["stock.move"].create(vals | places)
        pull._action_confirm()
        self.env.invalidate_all()
        self.assertEqual(line.expected_date, MONDAY + timedelta(days=9))
        vendors = self.env.ref("stock.stock_location_suppliers")
        places = {"location_id": vendors.id, "location_dest_id": stock.id}
        arrival = MONDAY + timedelta(days=12)
        receipt = self.env["stock.move"].create(vals | places | {"date": arrival})
        pull.move_orig_ids = receipt
        receipt._action_confirm()
        self.env.invalidate_all()
        agent = line.with_user(self.users["agent"])
        self.assertEqual(agent.expected_date, arrival)

    def test_procurement_from_an_approved_line_only(self):
        """R-P05: registered, approved, then ordered; once; the link is kept."""
        self.stock(self.lens, 10, self.warehouse.lot_stock_id)
        line = self.create_line(quantity=2, reason="镜头模糊")
        with self.assertRaises(UserError):
            line.action_procure()
        self.as_("supervisor", line).action_approve()
        for _time in range(2):
            self.as_("agent", line).action_procure()
        self.assertEqual(line.procured_qty, 2)
        supply = line.supply_move_ids
        self.assertEqual(len(supply), 1)
        self.assertEqual(supply.location_dest_id, self.spares)
        self.assertEqual(supply.reference_ids, line.reference_id)
        self.assertEqual(line.reference_id.name, self.request.name)

    def test_procurement_without_a_rule_says_so(self):
        """R-P05: nothing is recorded as ordered when nobody can deliver."""
        self.warehouse.aftersales_route_id.active = False
        line = self.create_line(quantity=2)
        line.action_approve()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.action_procure()
        self.assertFalse(line.procured_qty)

    def test_cancelled_visit_frees_its_parts(self):
        """R-P06: reserved for a visit that will not take place: free again."""
        self.stock(self.lens, 2)
        visit = self.env["aftersales.visit"].create(self.request._prepare_visit_vals())
        visit._set_team(self.technician)
        line = self.create_line(quantity=2, visit_id=visit.id)
        line.action_approve()
        line.action_reserve()
        other = self.create_line(quantity=2)
        other.action_approve()
        self.assertEqual(other.action_reserve()["shortage_qty"], 2)
        visit.action_cancel("客户改期")
        self.assertEqual((line.state, line.reserved_qty), ("approved", 0))
        self.assertEqual(other.action_reserve()["state"], "reserved")

    def test_cancelled_request_frees_its_parts(self):
        """R-P06: the same for a request; its parts are refused."""
        self.stock(self.lens, 2)
        line = self.create_line(quantity=2)
        line.action_approve()
        line.action_reserve()
        self.request.action_cancel("重复登记")
        self.assertEqual(line.state, "refused")
        self.assertEqual(line.move_ids.state, "cancel")
        lines = self.as_("agent", self.env["aftersales.part.line"])
        with self.assertRaises(UserError):
            lines.create({"request_id": self.request.id, "product_id": self.lens.id})

    def test_failed_visit_hands_its_parts_on(self):
        """R-P06, R-D13: the next visit takes them along."""
        visit = self.env["aftersales.visit"].create(
            self.request._prepare_visit_vals()
            | {
                "scheduled_start": MONDAY + timedelta(days=1),
                "scheduled_stop": MONDAY + timedelta(days=1, hours=2),
            }
        )
        visit._set_team(self.technician)
        self.stock(self.lens, 2)
        line = self.create_line(quantity=2, visit_id=visit.id)
        line.action_approve()
        line.action_reserve()
        visit.action_confirm()
        facts = visit.action_fail("客户不在家")
        self.assertEqual(line.visit_id.id, facts["next_visit_id"])
        self.assertEqual(line.state, "reserved")

    def test_refused_part_is_free(self):
        """R-P03: a refusal has its reason and frees the stock."""
        self.stock(self.lens, 2)
        line = self.create_line(quantity=2)
        line.action_approve()
        line.action_reserve()
        with self.assertRaises(UserError):
            self.as_("supervisor", line).action_refuse(" ")
        self.as_("supervisor", line).action_refuse("可以修复")
        self.assertEqual((line.state, line.refusal_reason), ("refused", "可以修复"))
        self.assertEqual(line.move_ids.state, "cancel")

    def test_parts_leave_with_an_approved_line_only(self):
        """R-P03: an ordinary transfer out of the store to a customer is refused."""
        self.stock(self.lens, 2)
        move = self.env["stock.move"].create(
            {
                "product_id": self.lens.id,
                "product_uom_qty": 1,
                "location_id": self.spares.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        with self.assertRaisesRegex(UserError, "镜头模组"):
            move._action_done()

    def test_moves_can_not_be_linked_by_clients(self):
        """R-P03: nobody makes a move of a part by writing on it."""
        line = self.create_line()
        moves = self.env["stock.move"].with_user(self.users["warehouse"])
        with self.assertRaises(UserError):
            moves.create(
                {
                    "product_id": self.lens.id,
                    "product_uom_qty": 1,
                    "location_id": self.spares.id,
                    "location_dest_id": self.spares.id,
                    "aftersales_part_line_id": line.id,
                    "aftersales_part_act": "use",
                }
            )

    def test_moved_visit_moves_its_transfer(self):
        """R-P06: the warehouse sees the new time."""
        visit = self.env["aftersales.visit"].create(self.request._prepare_visit_vals())
        visit._set_team(self.technician)
        self.stock(self.lens, 1)
        line = self.create_line(visit_id=visit.id)
        line.action_approve()
        line.action_reserve()
        start = MONDAY + timedelta(days=2)
        visit.action_reschedule(start, start + timedelta(hours=2), "客户要求")
        self.assertEqual(line.move_ids.date, start)
        self.assertEqual(line.move_ids.picking_id.scheduled_date, start)

    def test_visit_of_another_request(self):
        """R-P05: a part stays with the request that it was registered for."""
        other = self.create_request()
        visit = self.env["aftersales.visit"].create(other._prepare_visit_vals())
        with self.assertRaisesRegex(ValidationError, other.name):
            self.create_line(visit_id=visit.id)
        alone = self.env["aftersales.part.line"].create(
            {"visit_id": visit.id, "product_id": self.lens.id}
        )
        self.assertEqual(alone.request_id, other)

    def last_told(self):
        """Who got the latest notice."""
        notices = self.env["mail.notification"].search([], order="id desc", limit=1)
        return notices.mail_message_id.notification_ids.res_partner_id

    def test_people_are_told(self):
        """R-P03: supervisors of a wish, who asked of its refusal."""
        line = self.as_("technician", self.env["aftersales.part.line"]).create(
            {"request_id": self.request.id, "product_id": self.lens.id}
        )
        self.assertIn(self.users["supervisor"].partner_id, self.last_told())
        self.as_("supervisor", line).action_refuse("可以修复")
        self.assertIn(self.users["technician"].partner_id, self.last_told())

    def test_other_company(self):
        """Parts, visits and warehouses of another company are refused."""
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = self.create_part("外仓零件", self.lens.categ_id, 1.0)
        foreign.company_id = company
        with self.assertRaises(UserError):
            self.create_line(foreign)
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        with self.assertRaises(UserError):
            self.create_line(warehouse_id=warehouse.id)

    def test_bad_input(self):
        """Quantities and products that can't be are refused by name."""
        service = self.env["product.product"].create(
            {"name": "上门服务", "type": "service"}
        )
        with self.assertRaisesRegex(ValidationError, "上门服务"):
            self.create_line(service)
        with self.assertRaises(ValidationError):
            self.create_line(self.controller, 2)
        for quantity in (0, -1, 1e6, 1e308, float("inf"), "viel", None, True):
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                self.create_line(quantity=quantity)
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                self.create_line().write({"quantity": quantity})
        self.stock(self.lens, 9)
        line = self.issue(quantity=3)
        for wrong in (-1, 0, 4, "viel", True, float("nan")):
            for act in (
                line.action_return,
                lambda quantity: line.action_use(quantity=quantity),
            ):
                with self.subTest(wrong=wrong), self.assertRaises(UserError):
                    act(wrong)
        self.assertEqual((line.out_qty, line.state), (3, "issued"))
        with self.assertRaises(UserError):
            line.action_refuse("zu spät")
        with self.assertRaises(UserError):
            line.with_user(self.users["agent"]).write({"quantity": 1})

    def test_issued_parts_keep_a_request_open(self):
        """R-P07: a request closes when its parts are accounted for."""
        self.stock(self.lens, 2)
        request = self.create_request(type="inquiry")
        line = self.issue(quantity=2, request_id=request.id)
        with self.assertRaisesRegex(UserError, "镜头模组"):
            request.action_close({"resolution": "ok"})
        self.as_("supervisor", line).action_return()
        request.action_close({"resolution": "ok"})
        self.assertEqual((line.state, request.state), ("returned", "closed"))

    def test_return_by_the_inventory_app(self):
        """R-P07: Odoo's own return of an issue counts as brought back."""
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        picking = line.move_ids.filtered(
            lambda m: m.aftersales_part_act == "issue"
        ).picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.users["warehouse"])
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_returns()
        back = self.as_("warehouse", picking.browse(action["res_id"]))
        back.move_ids.quantity = 1
        back.button_validate()
        self.assertEqual((line.returned_qty, line.out_qty), (1, 1))
        self.as_("technician", line).action_use()
        self.assertEqual((line.state, line.used_qty), ("used", 1))

    def test_store_refuses_what_came_back(self):
        """R-P07: a cancelled return leaves the part with the technician."""
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        self.as_("technician", line).action_return(2)
        self.assertEqual(line.returning_qty, 2)
        with self.assertRaises(UserError):
            line.action_use()
        line._get_open_moves("return").picking_id.action_cancel()
        self.as_("technician", line).action_use()
        self.assertEqual((line.state, line.used_qty), ("used", 2))

    def test_strangers(self):
        """Each role: own, all, or nothing."""
        line = self.create_line()
        for role in ("technician", "agent", "supervisor", "manager", "warehouse"):
            self.assertTrue(self.as_(role, line).has_access("read"), role)
        other = self.create_request()
        other.sudo().employee_ids = False
        foreign = self.create_line(request_id=other.id)
        for role in ("technician", "guide", "portal"):
            self.assertFalse(self.as_(role, foreign).has_access("read"), role)
        for role in ("stranger", "guide", "warehouse", "portal"):
            with self.assertRaises(AccessError):
                self.as_(role, line).write({"reason": "x"})
            with self.assertRaises(AccessError):
                self.as_(role, self.env["aftersales.part.line"]).create(
                    {"request_id": self.request.id, "product_id": self.lens.id}
                )
        with self.assertRaises(AccessError):
            self.as_("technician", foreign).action_use()
        with self.assertRaises(AccessError):
            self.as_("stranger", line).action_reserve()

    def test_acts_by_other_clients(self):
        """R-P03: state, moves and prices are not for clients to write."""
        for vals in (
            {"state": "approved"},
            {"decision": "approved"},
            {"unit_price": 1},
            {"sale_line_id": 1},
        ):
            line = self.create_line()
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.as_("manager", line).write(vals)
            with self.assertRaises(UserError):
                self.as_("agent", line).create(
                    {"request_id": self.request.id, "product_id": self.lens.id, **vals}
                )
