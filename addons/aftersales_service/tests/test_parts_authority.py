from odoo.tests import tagged

from .test_parts_leaving import LeavingCase


@tagged("post_install", "-at_install")
class TestAuthority(LeavingCase):
    """By whose word goods leave the stores, and how many (R-P03, R-P08)."""

    def test_receipts_and_transfers(self):
        """R-P02: what comes in, and what goes from store to store, is free."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        for product, store, lot in self.kept[:1] + self.kept[2:]:
            receipt = self.done(product, vendors, store, lot, 5)
            receipt.move_line_ids.quantity = 6
            back = self.create_move(product, store, vendors, lot, 2)
            back.origin_returned_move_id = receipt
            back._action_done()
            again = self.create_move(product, store, vendors, lot, 5)
            again.origin_returned_move_id = receipt
            self.refused(again._action_done)
        other = self.env["stock.warehouse"].create({"name": "北仓", "code": "BC"})
        self.done(self.thermos, self.gifts, other.aftersales_gift_loc_id)
        self.done(self.lens, self.spares, other.aftersales_spare_loc_id)

    def test_ordered_parts(self):
        """R-P03: a confirmed order lets its parts leave, and as many as it names."""
        self.stock(self.lens, 5, self.shelf)
        order = self.create_order(order_line=[self.command_line(self.lens, 2)])
        order.action_confirm()
        picking = self.as_("warehouse", order.picking_ids)
        picking.action_assign()
        picking.move_ids.quantity = 3
        self.refused(picking.button_validate)
        picking.move_ids.quantity = 1
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.refused(picking.move_ids.write, {"sale_line_id": False})
        rest = self.as_("warehouse", order.picking_ids - picking)
        rest.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 2)
        claimed = self.create_move(self.lens, self.shelf)
        claimed.sale_line_id = order.order_line
        self.refused(claimed._action_done)

    def test_parts_of_a_repair(self):
        """R-P03: a repair uses parts up; it sends none to a customer."""
        repair = self.env["repair.order"].create({"product_id": self.chair.id})
        production = self.env["stock.location"].search(
            [("usage", "=", "production")], limit=1
        )
        used = self.create_move(self.lens, self.spares, production)
        used.repair_id = repair
        used._action_done()
        self.assertEqual(used.state, "done")
        sent = self.create_move(self.lens, self.spares)
        sent.repair_id = repair
        self.refused(sent._action_done)

    def test_what_came_goes_back(self):
        """R-S13: a customer's own part is handed back to him, once."""
        taken = self.done(self.lens, self.customers, self.shelf)
        for refused in (False, True):
            back = self.create_move(self.lens, self.shelf)
            back.origin_returned_move_id = taken
            if refused:
                self.refused(back._action_done)
            else:
                back._action_done()
                self.assertEqual(back.state, "done")

    def test_order_in_steps(self):
        """R-P08: a sold gift is picked, packed and delivered; and not twice."""
        self.warehouse.delivery_steps = "pick_ship"
        self.stock(self.thermos, 5, self.shelf)
        order = self.create_order(order_line=[self.command_line(self.thermos, 3)])
        order.action_confirm()
        for _step in range(2):
            picking = order.picking_ids.filtered(lambda p: p.state != "done")
            picking = self.as_("warehouse", picking)
            picking.action_assign()
            picking.move_ids.quantity = 3
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_gift_called_a_replacement(self):
        """R-P08: a gift is one by what it is, whatever its line says."""
        line = self.create_line(self.thermos, 1, kind="replacement")
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        self.refused(self.as_("warehouse", line).action_issue)
        line.with_user(self.store_manager).action_authorize_gift("store_manager")
        self.as_("warehouse", line).action_issue()
        self.assertEqual(line.state, "issued")

    def test_approved_part_and_no_other(self):
        """R-P03: the approved part, as many as approved, to the technician."""
        line = self.create_line(self.lens, 2)
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        move = line.move_ids.with_user(self.user)
        dozen = self.env.ref("uom.product_uom_dozen").id
        for act in (
            lambda: move.write({"quantity": 3}),
            lambda: move.move_line_ids.write({"location_dest_id": self.customers.id}),
            lambda: move.move_line_ids.write({"product_uom_id": dozen}),
        ):
            self.refused(self.try_issue, line, act)
        self.as_("warehouse", line).action_issue()
        issued = move.move_line_ids
        self.refused(issued.write, {"quantity": 3})
        self.refused(issued.write, {"location_dest_id": self.customers.id})
        use = line._get_open_moves("use").with_user(self.user)
        line.with_user(self.users["technician"]).action_use()
        self.assertEqual(line.used_qty, 2)
        self.refused(use.move_line_ids.write, {"quantity": 3})
        self.refused(use.move_line_ids.write, {"location_id": self.spares.id})

    def try_issue(self, line, act):
        act()
        self.as_("warehouse", line).action_issue()

    def test_other_company(self):
        """R-P08: each company's store has its own signature."""
        company = self.env["res.company"].create({"name": "北京分公司"})
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        store.aftersales_store_manager_id = self.user
        self.users["warehouse"].company_ids |= company
        gifts = store.aftersales_gift_loc_id
        self.stock(self.thermos, 3, gifts)
        for user, left in ((self.store_manager, None), (self.user, 1)):
            user.company_ids |= company
            user = user.with_company(company)
            quant = (
                self.env["stock.quant"]
                .with_user(user)
                .with_context(inventory_mode=True, allowed_company_ids=company.ids)
                .search([("location_id", "=", gifts.id)])
            )
            quant.inventory_quantity = 1
            if left is None:
                self.refused(quant.action_apply_inventory)
            else:
                quant.action_apply_inventory()
                self.assertEqual(self.get_stock(self.thermos, gifts), left)

    def test_ordinary_deliveries_cost_nothing(self):
        """R-P08: fifty serial numbers without a gift are looked at in memory."""
        lots = self.env["stock.lot"].create(
            [
                {"name": f"KZ27-{number}", "product_id": self.desk.id}
                for number in range(50)
            ]
        )
        for lot in lots:
            self.stock(self.desk, 1, self.shelf, lot)
        order = self.create_order(quantity=50)
        order.action_confirm()
        picking = self.as_("warehouse", order.picking_ids)
        picking.action_assign()
        picking.button_validate()
        self.env.flush_all()
        self.env.invalidate_all()
        moves = picking.sudo().move_ids
        rows = moves.move_line_ids  # what Odoo has just read to move them
        rows.mapped("product_id.uom_id.rounding")
        rows.mapped("location_id.usage")
        rows.mapped("location_dest_id.usage")
        with self.assertQueryCount(2):
            moves._check_leaving()
