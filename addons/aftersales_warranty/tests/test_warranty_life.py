from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_warranty import WarrantyCase

FALLBACK = "aftersales_warranty.ir_cron_start_unsigned"


@tagged("post_install", "-at_install")
class TestPolicyChoice(WarrantyCase):
    def test_contract_before_product_before_category(self):
        """R-W01: two policies are shipped; the nearest choice counts."""
        five = self.env.ref("aftersales_warranty.warranty_policy_5")
        general = self.env.ref("aftersales_warranty.warranty_policy_3_5")
        parent = self.env["product.category"].create({"name": "家具"})
        child = parent.create({"name": "课桌", "parent_id": parent.id})
        by_category = five.copy({"name": "家具", "categ_ids": [(6, 0, parent.ids)]})
        by_product = five.copy({"name": "课桌"})
        policies = self.env["aftersales.warranty.policy"]

        def chosen():
            return policies._get_for_products(self.desk, self.company)[self.desk]

        self.assertEqual(chosen(), general)
        self.desk.categ_id = child
        self.assertEqual(chosen(), by_category)
        self.desk.warranty_policy_id = by_product
        self.assertEqual(chosen(), by_product)
        by_product.active = False
        self.assertEqual(chosen(), by_category)
        order = self.deliver()
        self.assertEqual(self.cards(order).policy_id, by_category)
        contract = self.create_order(warranty_policy_id=five.id)
        self.env["stock.quant"]._update_available_quantity(
            self.desk,
            self.stock,
            1,
            lot_id=self.env["stock.lot"].create(
                {"name": "KZ-9", "product_id": self.desk.id}
            ),
        )
        contract.action_confirm()
        self.ship(contract, 1)
        card = self.cards(contract)
        self.assertEqual((card.policy_id, card.unit_months), (five, 60))

    def test_absurd_terms_are_refused(self):
        policy = self.env.ref("aftersales_warranty.warranty_policy_5")
        for vals in (
            {"unit_months": 0},
            {"unit_months": -3},
            {"unit_months": 99999},
            {"extension_months": 0},
            {"final_maintenance_days": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                policy.write(vals)
                policy.flush_recordset()

    def test_components_from_the_bill_of_materials(self):
        """R-W02: where manufacturing is installed; only those marked as key."""
        bolt = self.env["product.product"].create({"name": "螺丝"})
        self.motor.warranty_key_component = True

        class Line:
            def __init__(self, product, quantity):
                self.product_id, self.product_qty = product, quantity

        class Bom:
            product_qty = 2
            bom_line_ids = (Line(self.motor, 3), Line(bolt, 40))

        class Boms:
            def sudo(self):
                return self

            def _bom_find(self, products, company_id):
                return dict.fromkeys(products, Bom())

        env = type(self.env)
        original = env.__getitem__
        with (
            patch.object(env, "__contains__", lambda env, name: True),
            patch.object(
                env,
                "__getitem__",
                lambda env, name: Boms() if name == "mrp.bom" else original(env, name),
            ),
        ):
            found = self.desk._get_key_components(self.company)
        self.assertEqual(found[self.desk], [(self.motor, 2)])


@tagged("post_install", "-at_install")
class TestDeliveredGoods(WarrantyCase):
    def test_one_card_grows_with_the_deliveries(self):
        """R-W02: untracked goods: one card for each order line, with quantity."""
        chair = self.create_goods()
        chair.warranty_component_ids = [
            (0, 0, {"product_id": self.motor.id, "quantity": 2})
        ]
        order = self.sell(chair, 10, delivered=4)
        card = self.cards(order)
        self.assertEqual((card.quantity, card.component_ids.quantity), (4, 8))
        with self.at("2026-11-25 02:00:00"):
            self.ship(order, 6)
            self.assertEqual((card.quantity, card.component_ids.quantity), (10, 20))
            self.assertEqual(self.cards(order), card)
            self.assertEqual(card.delivered_on, date(2026, 11, 25))

    def test_partial_acceptance_starts_only_its_units(self):
        """R-A04 R-W02: four chairs accepted, six still waiting; serials likewise."""
        chair = self.create_goods()
        order = self.sell(chair, 10, delivered=4)
        self.sign(self.offer(order))
        self.ship(order, 6)
        started, waiting = self.cards(order)
        self.assertEqual(
            [(c.quantity, c.state) for c in started + waiting],
            [(4, "active"), (6, "draft")],
        )
        acceptance = self.offer(
            order, accepted_qty=5, defective_qty=1, defect_note="椅脚松动"
        )
        with self.at("2026-11-24 02:00:00"):
            self.sign(acceptance)
            self.assertEqual(
                [(c.quantity, c.start_date) for c in self.cards(order)],
                [(4, date(2026, 11, 23)), (5, date(2026, 11, 24)), (1, False)],
            )

    def test_acceptance_of_one_delivery_leaves_the_other(self):
        """R-A04: units of a later delivery go on waiting."""
        order = self.deliver(("KZ-001",), quantity=2)
        acceptance = self.offer(order)
        lot = self.env["stock.lot"].create(
            {"name": "KZ-002", "product_id": self.desk.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, 1, lot_id=lot
        )
        order.picking_ids.action_assign()
        self.ship(order, 1)
        self.sign(acceptance)
        self.assertEqual(self.cards(order).mapped("state"), ["active", "draft"])

    def test_goods_with_lots_have_a_card_for_each(self):
        """R-W02: the same lot may go to several customers."""
        chair = self.create_goods(tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L-1", "product_id": chair.id})
        first = self.sell(chair, 5, lots=lot)
        second = self.sell(chair, 3, lots=lot)
        self.assertEqual(self.cards(first).mapped("quantity"), [5])
        self.assertEqual(self.cards(second).mapped("quantity"), [3])
        self.assertEqual(self.cards(second).lot_id, lot)

    def test_a_cancelled_delivery_makes_no_card(self):
        order = self.sell(self.create_goods(), 2, delivered=0)
        order.picking_ids.action_cancel()
        self.assertFalse(self.cards(order))

    def test_returned_units_end_their_card(self):
        """R-W14: with the return the card ends; its history says so."""
        card = self.accept()
        self.give_back(card.order_id)
        self.assertEqual((card.state, card.void_reason), ("void", "Returned"))
        self.assertEqual(self.kinds(card), ["activated", "returned"])

    def test_returned_goods_shrink_their_card(self):
        """R-W14: some come back: the rest stays covered."""
        order = self.sell(self.create_goods(), 10)
        self.sign(self.offer(order))
        card = self.cards(order)
        self.give_back(order, 3)
        self.assertEqual((card.quantity, card.state), (7, "active"))
        self.assertIn("quantity", self.kinds(card))
        self.give_back(order, 7)
        self.assertEqual(card.state, "void")

    def test_a_unit_taken_along_for_repair_keeps_its_card(self):
        """R-S13 R-W14: it only passes through our stock."""
        card = self.accept()
        request = self.env["aftersales.request"].create(
            {"lot_id": card.lot_id.id, "problem": "不能升降"}
        )
        request.action_assign([self.technician.id])
        request.action_reply("电话指导未恢复")
        request.action_take_back({"reason": "需拆机检测"})
        self.assertEqual(card.state, "active")
        self.assertTrue(request.repair_ids.under_warranty)


@tagged("post_install", "-at_install")
class TestStart(WarrantyCase):
    def test_nobody_signs(self):
        """R-W02: it starts on the promised day after the delivery, and says why."""
        self.company.warranty_fallback_days = 15
        card = self.cards(self.deliver())
        self.has_components(1)
        for moment, state in (
            ("2026-12-07 15:59:59", "draft"),
            ("2026-12-07 16:00:00", "active"),  # 8 December in Shanghai
            ("2026-12-20 02:00:00", "active"),
        ):
            with self.subTest(moment=moment), self.at(moment):
                self.run_cron(FALLBACK)
                self.assertEqual(card.state, state)
        self.assertEqual(card.start_date, date(2026, 12, 8))
        self.assertEqual(card.start_source, "fallback")
        self.assertIn("15", card.start_reason)
        self.assertEqual(self.kinds(card), ["activated"])

    def test_a_late_run_starts_on_the_promised_day(self):
        """R-W02: the term is the same however late the scheduler is."""
        card = self.cards(self.deliver())
        with self.at("2027-06-01 02:00:00"):
            self.run_cron(FALLBACK)
            self.assertEqual(card.start_date, date(2026, 12, 8))

    def test_rejected_goods_go_on_waiting(self):
        """R-A03 R-W02: what the customer rejected doesn't start by itself."""
        order = self.deliver()
        self.sign(self.offer(order), result="rejected", remarks="桌面划伤")
        card = self.cards(order)
        with self.at("2026-12-09 02:00:00"):
            self.run_cron(FALLBACK)
            self.assertEqual(card.state, "draft")
            self.assertEqual(card.fallback_on, date(2026, 12, 24))

    def test_companies_in_different_time_zones(self):
        """R-W13: each company's cards follow its own calendar, however one asks."""
        abroad = self.env["res.company"].create(
            {"name": "Branch", "aftersales_tz": "America/New_York"}
        )
        here = self.accept()
        there = here.copy(
            {
                "lot_id": False,
                "is_serial": False,
                "company_id": abroad.id,
                "start_date": here.start_date,
            }
        )
        both = here + there
        with self.at("2029-11-22 20:00:00"):  # 23 November in Shanghai
            self.assertEqual(both.mapped("state"), ["expired", "expiring"])
            for state, card in (("expired", here), ("expiring", there)):
                domain = [("id", "in", both.ids), ("state", "=", state)]
                self.assertEqual(self.cards_model.search(domain), card)
            groups = self.cards_model._read_group(
                [("id", "in", both.ids)], ["state"], ["id:recordset"]
            )
            self.assertEqual(dict(groups), {"expired": here, "expiring": there})
