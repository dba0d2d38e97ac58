from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .parts_common import PartsCase


class LeavingCase(PartsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.users["warehouse"]
        cls.store_manager = new_test_user(
            cls.env, "as_store_manager", groups="stock.group_stock_user"
        )
        cls.warehouse.aftersales_store_manager_id = cls.store_manager
        cls.company.aftersales_general_manager_id = cls.users["manager"]
        cls.gifts = cls.warehouse.aftersales_gift_loc_id
        cls.shelf = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.loss = cls.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.mug = cls.create_part(
            "纪念杯", cls.thermos.categ_id, 20.0, tracking="serial"
        )
        cls.mug_lot = cls.create_lot(cls.mug, "JNB-1")
        cls.stock(cls.mug, 1, lot=cls.mug_lot)
        cls.glue = cls.create_part("密封胶", cls.screw.categ_id, 9.0, tracking="lot")
        cls.glue_lot = cls.create_lot(cls.glue, "MFJ-1")
        cls.stock(cls.glue, 10, lot=cls.glue_lot)
        cls.chair = cls.create_part("座椅", cls.desk.categ_id, 90.0)
        for product in (cls.thermos, cls.lens):
            cls.stock(product, 10)
        cls.stock(cls.chair, 10, cls.shelf)
        # product, store, serial or lot number
        cls.kept = (
            (cls.thermos, cls.gifts, None),
            (cls.mug, cls.gifts, cls.mug_lot),
            (cls.lens, cls.spares, None),
            (cls.glue, cls.warehouse.aftersales_fitting_loc_id, cls.glue_lot),
        )

    def moves(self):
        return self.env["stock.move"].with_user(self.user)

    def move_vals(self, product, source, target=None, lot=None, quantity=1):
        where = {
            "location_id": source.id,
            "location_dest_id": (target or self.customers).id,
        }
        line = {"product_id": product.id, "quantity": quantity, **where}
        line |= {"lot_id": lot.id} if lot else {}
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            **where,
            "move_line_ids": [Command.create(line)],
        }

    def create_move(self, *args, **kwargs):
        move = self.moves().create(self.move_vals(*args, **kwargs))
        move._action_confirm(merge=False)
        move.picked = True
        return move

    def done(self, *args, **kwargs):
        move = self.create_move(*args, **kwargs)
        move._action_done()
        self.assertEqual(move.state, "done")
        return move

    def refused(self, act, *args, **kwargs):
        with self.assertRaises(UserError) as refused:
            act(*args, **kwargs)
        return str(refused.exception)


@tagged("post_install", "-at_install")
class TestLeaving(LeavingCase):
    """What leaves the stores, whatever call moves it (R-P03, R-P08)."""

    def test_every_way_out(self):
        """R-P03 R-P08: to the customer, as lost, to a vendor, into production."""
        places = self.env["stock.location"]
        vendors = self.env.ref("stock.stock_location_suppliers")
        production = places.search([("usage", "=", "production")], limit=1)
        for product, store, lot in self.kept:
            for target in (self.customers, self.loss, vendors, production):
                with self.subTest(product=product.name, target=target.name):
                    move = self.create_move(product, store, target, lot)
                    self.assertIn(product.name, self.refused(move._action_done))

    def test_by_the_ordinary_stock(self):
        """R-P03 R-P08: what is a part or a gift stays one on the ordinary shelf."""
        self.stock(self.thermos, 2, self.shelf)
        self.done(self.lens, self.spares, self.shelf)  # between stores
        for product in (self.thermos, self.lens):
            move = self.create_move(product, self.shelf)
            self.assertIn(product.name, self.refused(move._action_done))

    def test_a_move_is_not_made_done(self):
        """R-P03 R-P08: neither created done nor set to done, nor by defaults."""
        for product, store, lot in (*self.kept, (self.chair, self.shelf, None)):
            vals = self.move_vals(product, store, lot=lot)
            self.refused(self.moves().create, vals | {"state": "done"})
            forged = self.moves().with_context(default_state="done")
            self.refused(forged.create, vals)
            move = self.create_move(product, store, lot=lot)
            self.refused(move.write, {"state": "done"})
            self.refused(move.move_line_ids.write, {"state": "done"})
            line = vals["move_line_ids"][0][2] | {"move_id": move.id}
            lines = self.env["stock.move.line"].with_user(self.user)
            self.refused(lines.create, line | {"state": "done"})
            self.refused(lines.with_context(default_state="done").create, line)
        picking = self.env["stock.picking"].with_user(self.user)
        kind = self.warehouse.out_type_id.id
        self.refused(picking.create, {"picking_type_id": kind, "state": "done"})
        picking = picking.create({"picking_type_id": kind})
        self.refused(picking.write, {"state": "done"})
        self.env["ir.default"].with_user(self.user).set(
            "stock.move", "state", "done", user_id=True
        )
        self.refused(self.moves().create, self.move_vals(self.chair, self.shelf))

    def test_a_done_move_is_not_moved_again(self):
        """R-P08: what is done isn't reopened to leave a second time."""
        move = self.done(self.chair, self.shelf)
        self.refused(move.write, {"state": "assigned"})
        self.refused(move.move_line_ids.write, {"state": "draft"})

    def test_done_moves_are_not_raised(self):
        """R-P03 R-P08: more of it, another line, another place, another unit."""
        for product, store, lot in self.kept:
            shelf = self.env["stock.location"].create(
                {"name": "备用货架", "location_id": store.id}
            )
            line = self.done(product, store, shelf, lot).move_line_ids
            self.refused(line.write, {"location_dest_id": self.customers.id})
            self.refused(line.write, {"location_dest_id": self.loss.id})
        move = self.done(self.chair, self.shelf)
        for product, store, lot in self.kept:
            vals = self.move_vals(product, store, lot=lot)["move_line_ids"][0][2]
            self.refused(move.write, {"move_line_ids": [Command.create(vals)]})
            lines = self.env["stock.move.line"].with_user(self.user)
            self.refused(lines.create, vals | {"move_id": move.id})
        move.move_line_ids.quantity = 2  # ordinary goods may be corrected
        self.assertEqual(self.get_stock(self.chair, self.shelf), 8)

    def hand_out(self, quantity=2):
        picking = (
            self.env["stock.picking"]
            .with_user(self.user)
            .create(
                {
                    "picking_type_id": self.warehouse.aftersales_gift_type_id.id,
                    "partner_id": self.partner.id,
                    "location_id": self.gifts.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.thermos.id,
                                "product_uom_qty": quantity,
                                "location_id": self.gifts.id,
                                "location_dest_id": self.customers.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        signer = picking.with_user(self.store_manager)
        signer.action_authorize_gift("store_manager")
        return picking

    def test_more_than_signed(self):
        """R-P08: after the signed gift left, no more of it leaves."""
        picking = self.hand_out()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        move, line = picking.move_ids, picking.move_line_ids
        dozen = self.env.ref("uom.product_uom_dozen")
        self.refused(move.write, {"quantity": 3})
        self.refused(line.write, {"quantity": 3})
        self.refused(line.write, {"product_uom_id": dozen.id})
        self.refused(line.web_save, {"quantity": 3}, {})
        self.refused(move.web_save, {"quantity": 3}, {})
        self.refused(
            picking.web_save,
            {"move_ids": [Command.update(move.id, {"quantity": 3})]},
            {},
        )
        self.refused(
            picking.write,
            {
                "move_ids": [
                    Command.create(
                        self.move_vals(self.thermos, self.gifts)
                        | {"picking_id": picking.id}
                    )
                ]
            },
        )
        self.assertEqual(self.get_stock(self.thermos, self.gifts), 8)
        line.quantity = 1
        self.assertEqual(self.get_stock(self.thermos, self.gifts), 9)

    def test_another_product_with_the_signature(self):
        """R-P08: the signature is for its gift."""
        move = self.hand_out().move_ids
        move.move_line_ids.unlink()
        move.product_id = self.mug
        move.move_line_ids = [
            Command.create(
                self.move_vals(self.mug, self.gifts, lot=self.mug_lot)["move_line_ids"][
                    0
                ][2]
            )
        ]
        move.picked = True
        self.refused(move._action_done)

    def test_stock_is_not_written(self):
        """R-P03 R-P08: the figures of the stores change by moves and counts."""
        quants = self.env["stock.quant"].with_user(self.user)
        for product, store, lot in self.kept:
            quant = quants.search(
                [("product_id", "=", product.id), ("location_id", "=", store.id)]
            )
            self.refused(quant.write, {"quantity": 0})
            self.refused(quant.write, {"location_id": self.shelf.id})
            self.refused(quant.write, {"product_id": self.chair.id})
            vals = {"product_id": product.id, "location_id": store.id, "quantity": -1}
            self.refused(quants.create, vals | {"lot_id": lot.id if lot else False})

    def count(self, user, product, store, quantity):
        quant = (
            self.env["stock.quant"]
            .with_user(user)
            .with_context(inventory_mode=True)
            .search([("product_id", "=", product.id), ("location_id", "=", store.id)])
        )
        quant.inventory_quantity = quantity
        return quant

    def test_count_with_a_loss(self):
        """R-P02 R-P08: everybody counts; a loss is written off by who may sign."""
        for product, store, _lot in self.kept:
            with self.subTest(product=product.name):
                quant = self.count(self.user, product, store, 0)
                self.refused(quant.action_apply_inventory)
                self.refused(quant.write, {"inventory_quantity_auto_apply": 0})
                vals = {
                    "product_id": product.id,
                    "location_id": store.id,
                    "lot_id": quant.lot_id.id,
                    "inventory_quantity_auto_apply": 0,
                }
                self.refused(quant.create, vals)
                wizard = self.env["stock.inventory.adjustment.name"]
                wizard = wizard.with_user(self.user).create({"quant_ids": quant.ids})
                self.refused(wizard.action_apply)
                signer = quant.with_user(self.store_manager)
                signer.inventory_quantity = 0
                signer.action_apply_inventory()
                self.assertEqual(self.get_stock(product, store), 0)

    def test_count_with_a_gain(self):
        """R-P02: what is found more is counted in by the warehouse."""
        quant = self.count(self.user, self.thermos, self.gifts, 12)
        quant.action_apply_inventory()
        self.assertEqual(self.get_stock(self.thermos, self.gifts), 12)

    def test_scrap(self):
        """R-P08 R-P03: broken goods are written off by who may sign."""
        for product, store, lot in self.kept:
            vals = {
                "product_id": product.id,
                "scrap_qty": 1,
                "location_id": store.id,
                "lot_id": lot.id if lot else False,
            }
            scrap = self.env["stock.scrap"].with_user(self.user).create(vals)
            self.assertIn(product.name, self.refused(scrap.action_validate))
            scrap.with_user(self.store_manager).action_validate()
            self.assertEqual(scrap.state, "done")

    def test_relocated_by_the_stock(self):
        """R-P08: Odoo's other ways to move quants end here, too."""
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.thermos.id), ("location_id", "=", self.gifts.id)]
        )
        quant = quant.with_user(self.user)
        self.refused(quant.move_quants, location_dest_id=self.shelf)
