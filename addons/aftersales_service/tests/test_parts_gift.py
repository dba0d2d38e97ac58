from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestGifts(PartsCase):
    """Gifts leave with one of three authorisations, from any client (R-P08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store_manager = new_test_user(
            cls.env, "as_store_manager", groups="stock.group_stock_user"
        )
        cls.warehouse.aftersales_store_manager_id = cls.store_manager
        cls.company.aftersales_general_manager_id = cls.users["manager"]
        cls.gifts = cls.warehouse.aftersales_gift_loc_id
        cls.stock(cls.thermos, 20)

    def hand_out(self, quantity=2, product=None, source=None, target=None, **vals):
        """A transfer of the warehouse, ready to be validated."""
        target = target or self.env.ref("stock.stock_location_customers")
        kind = self.warehouse.aftersales_gift_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": self.partner.id,
                "location_id": (source or self.gifts).id,
                "location_dest_id": target.id,
            }
        )
        self.env["stock.move"].create(
            {
                "picking_id": picking.id,
                "product_id": (product or self.thermos).id,
                "product_uom_qty": quantity,
                "location_id": picking.location_id.id,
                "location_dest_id": target.id,
                **vals,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return self.as_("warehouse", picking)

    def test_gift_without_signature_stays(self):
        """R-P08: neither the button nor the move itself lets it go."""
        picking = self.hand_out()
        picking.move_ids.picked = True
        for act in (
            picking.button_validate,
            picking._action_done,
            picking.move_ids._action_done,
        ):
            with self.assertRaises(UserError) as refused:
                act()
            self.assertIn("保温杯", str(refused.exception))
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(self.get_stock(self.thermos, self.gifts), 20)

    def test_signature_of_each_manager(self):
        """R-P08: store manager or general manager; recorded with person and time."""
        for kind, user in (
            ("store_manager", self.store_manager),
            ("general_manager", self.users["manager"]),
        ):
            with self.subTest(kind=kind):
                picking = self.hand_out()
                signer = picking.with_user(user)
                if kind == "general_manager":
                    user.group_ids |= self.env.ref("stock.group_stock_user")
                facts = signer.action_authorize_gift(kind)
                picking.button_validate()
                self.assertEqual(picking.state, "done")
                act = self.env["aftersales.gift.authorization"].browse(
                    facts["authorization_ids"]
                )
                self.assertEqual((act.user_id, act.quantity), (user, 2))
                self.assertTrue(act.authorized_at)

    def test_nobody_else_signs(self):
        """R-P08: warehouse users and supervisors can't give a manager's signature."""
        picking = self.hand_out()
        for kind in ("store_manager", "general_manager"):
            with self.assertRaises(AccessError):
                picking.action_authorize_gift(kind)
        with self.assertRaises(UserError):
            picking.action_authorize_gift("me")
        for order_id in (None, 0, -1, "x", True, 10**12):
            with self.subTest(order_id=order_id), self.assertRaises(UserError):
                picking.action_authorize_gift("contract", order_id=order_id)
        with self.assertRaises(UserError):
            self.env["stock.move"].with_user(self.users["warehouse"]).browse(
                picking.move_ids.id
            ).write({"aftersales_gift_id": 1})

    def test_contract_that_names_the_gift(self):
        """R-P08: a confirmed order of this customer, for as many as it names."""
        order = self.create_order(order_line=[self.command_line(self.thermos, 3)])
        picking = self.hand_out(2)
        with self.assertRaisesRegex(UserError, "confirmed"):
            picking.action_authorize_gift("contract", order_id=order.id)
        order.action_confirm()
        picking.action_authorize_gift("contract", order_id=order.id)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        more = self.hand_out(2)
        with self.assertRaisesRegex(UserError, order.name):
            more.action_authorize_gift("contract", order_id=order.id)

    def test_contract_in_the_dialog(self):
        """R-P08: the warehouse types the number of the contract."""
        order = self.create_order(order_line=[self.command_line(self.thermos, 3)])
        order.action_confirm()
        picking = self.hand_out(2)
        wizard = self.env["aftersales.part.wizard"].with_user(self.users["warehouse"])
        vals = {"act": "gift", "picking_id": picking.id, "kind": "contract"}
        with self.assertRaises(UserError):
            wizard.create(vals | {"order_name": "S-0"}).action_save()
        wizard.create(vals | {"order_name": order.name}).action_save()
        self.assertTrue(picking.sudo().move_ids.aftersales_gift_id)

    def test_contract_of_somebody_else(self):
        """R-P08: another customer's order authorises nothing."""
        other = self.env["res.partner"].create({"name": "李四"})
        order = self.create_order(
            partner_id=other.id, order_line=[self.command_line(self.thermos, 3)]
        )
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.hand_out().action_authorize_gift("contract", order_id=order.id)

    def test_sold_gift_needs_no_other_act(self):
        """R-P08: the delivery of a confirmed order is authorised by it."""
        stock = self.warehouse.lot_stock_id
        self.stock(self.thermos, 5, stock)
        order = self.create_order(order_line=[self.command_line(self.thermos, 3)])
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.quantity = 4
        with self.assertRaises(UserError):
            self.as_("warehouse", picking).button_validate()
        picking.move_ids.quantity = 3
        self.as_("warehouse", picking).button_validate()
        self.assertEqual(picking.state, "done")

    def test_no_way_around(self):
        """R-P08: by the ordinary stock, or straight from it."""
        stock = self.warehouse.lot_stock_id
        with self.assertRaises(UserError):
            self.hand_out(target=stock).button_validate()
        self.stock(self.thermos, 5, stock)
        with self.assertRaises(UserError):
            self.hand_out(source=stock).button_validate()

    def test_more_than_signed_stays(self):
        """R-P08: the signature is for a quantity, backorders included."""
        picking = self.hand_out(5)
        picking.with_user(self.store_manager).action_authorize_gift("store_manager")
        picking.move_ids.quantity = 2
        picking.with_context(skip_backorder=True).button_validate()
        rest = self.as_("warehouse", picking.backorder_ids)
        self.assertEqual(rest.move_ids.product_uom_qty, 3)
        rest.move_ids.quantity = 4
        with self.assertRaises(UserError):
            rest.button_validate()
        rest.move_ids.quantity = 3
        rest.button_validate()
        self.assertEqual(rest.state, "done")

    def test_gift_of_a_request(self):
        """R-P08: an approved gift line is issued after its signature only."""
        line = self.create_line(self.thermos, 2, kind="gift")
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        with self.assertRaises(UserError):
            self.as_("warehouse", line).action_issue()
        line.with_user(self.store_manager).action_authorize_gift("store_manager")
        self.as_("warehouse", line).action_issue()
        self.as_("technician", line).action_use()
        self.assertEqual((line.state, line.unit_price), ("used", 0))

    def test_signature_before_the_reservation(self):
        """R-P08: who signs early has signed."""
        line = self.create_line(self.thermos, 2, kind="gift")
        line.with_user(self.store_manager).action_authorize_gift("store_manager")
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        self.as_("warehouse", line).action_issue()
        self.assertEqual(line.state, "issued")
        with self.assertRaises(UserError):
            self.create_line().with_user(self.store_manager).action_authorize_gift(
                "store_manager"
            )

    def test_a_signature_stays(self):
        """R-P08: neither changed nor deleted."""
        picking = self.hand_out()
        facts = picking.with_user(self.store_manager).action_authorize_gift(
            "store_manager"
        )
        act = self.env["aftersales.gift.authorization"].browse(
            facts["authorization_ids"]
        )
        for role in ("manager", "warehouse"):
            with self.assertRaises(UserError):
                self.as_(role, act).write({"quantity": 9})
        with self.assertRaises(UserError):
            act.unlink()
