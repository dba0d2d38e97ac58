from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.test_acceptance import AcceptanceCase

from ..models.coverage import last_day


class WarrantyCase(AcceptanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards_model = cls.env["aftersales.warranty.card"]
        cls.motor = cls.env["product.product"].create(
            {"name": "升降电机", "default_code": "DJ-01", "standard_price": 180}
        )

    def create_goods(self, tracking="none", **vals):
        """Goods without serial numbers."""
        return self.env["product.product"].create(
            {
                "name": "课椅",
                "type": "consu",
                "is_storable": True,
                "tracking": tracking,
                "list_price": 160,
                **vals,
            }
        )

    def sell(self, product, quantity, delivered=None, lots=()):
        """A confirmed order of goods without numbers, so many delivered."""
        for lot in lots or [None]:
            self.env["stock.quant"]._update_available_quantity(
                product, self.stock, quantity, lot_id=lot
            )
        order = self.create_order(lines=0)
        order.order_line = [
            (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
        ]
        order.action_confirm()
        if delivered != 0:
            self.ship(order, delivered or quantity)
        return order

    def ship(self, order, quantity):
        """Deliver so much of an order of one line; the rest waits."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        return picking

    def give_back(self, order, quantity=1):
        """The customer returns goods with Odoo's own wizard."""
        picking = order.picking_ids.filtered(lambda p: p.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = wizard._create_return()
        back.move_ids.picked = True
        back.with_context(skip_sms=True).button_validate()
        return back

    def has_components(self, *counts):
        """Give the desk its key components."""
        self.desk.product_tmpl_id.warranty_component_ids = [
            (0, 0, {"product_id": self.motor.id, "quantity": count}) for count in counts
        ]

    def kinds(self, card):
        return card.event_ids.sorted("id").mapped("kind")

    def accept(self, serials=("KZ-001",)):
        """Delivered and accepted; the cards of what was accepted."""
        order = self.deliver(serials)
        self.sign(self.offer(order))
        return self.cards(order)

    def cards(self, order):
        return self.env["aftersales.warranty.card"].search(
            [("order_id", "=", order.id)], order="id"
        )


@tagged("post_install", "-at_install")
class TestWarrantyCard(WarrantyCase):
    def test_last_day_of_a_term(self):
        """R-W01: calendar months, valid through the last day."""
        cases = [
            (date(2026, 11, 23), 36, date(2029, 11, 22)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 28)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 3, 1), 60, date(2031, 2, 28)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
        ]
        for start, months, end in cases:
            with self.subTest(start=start, months=months):
                self.assertEqual(last_day(start, months), end)

    def test_delivery_makes_a_draft_for_each_serial(self):
        """R-W02: one card for each unit, not started before the acceptance."""
        order = self.deliver(("KZ-001", "KZ-002"))
        cards = self.cards(order)
        self.assertEqual(cards.mapped("name"), ["WC-KZ-001", "WC-KZ-002"])
        self.assertEqual(cards.mapped("state"), ["draft", "draft"])

    def test_signed_acceptance_starts_it(self):
        """R-A04 R-W01: from the local day of the signature, three years."""
        card = self.accept()
        self.assertRecordValues(
            card,
            [
                {
                    "state": "active",
                    "start_date": date(2026, 11, 23),
                    "end_date": date(2029, 11, 22),
                    "exchange_until": date(2036, 11, 22),
                    "service_life_until": date(2036, 11, 22),
                }
            ],
        )

    def test_shown_in_the_unit_file(self):
        """R-V09: the page of the unit tells until when."""
        card = self.accept()
        lot = card.lot_id.with_user(self.users["agent"])
        self.assertEqual(lot.file_warranty_until, date(2029, 11, 22))
        card.is_void = True
        lot.invalidate_recordset()
        self.assertFalse(lot.file_warranty_until)

    def test_key_components_have_their_own_term(self):
        """R-W01 R-W02: components of the product, five years."""
        motor = self.env["product.product"].create({"name": "升降电机"})
        self.desk.product_tmpl_id.warranty_component_ids = [
            (0, 0, {"product_id": motor.id, "quantity": 2})
        ]
        card = self.accept()
        self.assertEqual(
            card.component_ids.mapped("end_date"), [date(2031, 11, 22)] * 2
        )

    def test_state_follows_the_calendar(self):
        """R-W13: nobody presses a button; read, searched and grouped alike."""
        card = self.accept()
        model = self.env["aftersales.warranty.card"]
        for moment, state in (
            ("2029-10-22 15:59:59", "active"),
            ("2029-10-22 16:00:00", "expiring"),  # local midnight, 30 days ahead
            ("2029-11-22 15:59:59", "expiring"),
            ("2029-11-22 16:00:00", "expired"),
        ):
            with self.subTest(moment=moment), self.at(moment):
                domain = [("id", "=", card.id)]
                self.assertEqual(card.state, state)
                self.assertEqual(model.search([*domain, ("state", "=", state)]), card)
                groups = model._read_group(domain, ["state"], ["__count"])
                self.assertEqual(groups, [(state, 1)])

    def test_later_policy_changes_nothing_promised(self):
        """R-W01: terms are copied into the card."""
        card = self.accept()
        card.policy_id.unit_months = 6
        self.assertEqual(card.end_date, date(2029, 11, 22))

    def test_sold_again_the_old_card_ends(self):
        """R-W14: one valid card for a unit; history stays."""
        first = self.accept()
        back = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": 1,
                "location_id": self.env.ref("stock.stock_location_customers").id,
                "location_dest_id": self.stock.id,
            }
        )
        back._action_confirm()
        back.lot_ids = first.lot_id
        back.picked = True
        back._action_done()
        order = self.create_order()
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        self.assertEqual((first.state, self.cards(order).state), ("void", "draft"))

    def test_cards_are_proof(self):
        card = self.accept()
        manager = card.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.write({"start_date": "2030-01-01"})
        with self.assertRaises(AccessError):
            manager.unlink()
        with self.assertRaises(UserError):
            manager.action_void(reason="")
        self.assertEqual(manager.action_void(reason="整机更换")["state"], "void")

    def test_fifty_serials_cost_ten_queries_more(self):
        """R-W02: cards for 50 units cost a constant number of queries."""
        serials = [f"Q-{number:03d}" for number in range(50)]
        self.has_components(2, 1)
        counts = {}
        for excluded in (True, False):
            self.desk.product_tmpl_id.warranty_excluded = excluded
            counts[excluded] = self.count_validation(
                [f"{excluded}{s}" for s in serials]
            )
        self.assertLessEqual(counts[False] - counts[True], 10, counts)

    def count_validation(self, serials):
        for serial in serials:
            lot = self.env["stock.lot"].create(
                {"name": serial, "product_id": self.desk.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, 1, lot_id=lot
            )
        order = self.create_order(quantity=len(serials))
        order.action_confirm()
        picking = order.picking_ids.with_context(skip_sms=True)
        picking.move_ids.picked = True
        order.activity_ids.unlink()  # ends with the delivery, empties the cache
        self.env.flush_all()
        before = self.cr.sql_log_count
        picking.button_validate()
        self.env.flush_all()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCoverage(WarrantyCase):
    def test_decision_with_its_reason(self):
        """R-W08: in term, out of term, misuse; with the date that decides."""
        card = self.accept()
        for day, cause, decision, until, clause, price in (
            ("2026-11-23", None, "in_warranty", "2029-11-22", "R-W01", "free"),
            ("2029-11-22", "circuit", "in_warranty", "2029-11-22", "R-W01", "free"),
            ("2029-11-23", "circuit", "replace", "2036-11-22", "R-W06", "free"),
            ("2036-11-23", "circuit", "chargeable", "2029-11-22", "R-W09", "cost"),
            ("2029-11-23", None, "chargeable", "2029-11-22", "R-W09", "cost"),
            ("2027-01-01", "misuse", "chargeable", "2029-11-22", "R-W09", "cost"),
            ("2026-11-22", None, "unknown", False, "R-A04", "open"),
        ):
            with self.subTest(day=day, cause=cause):
                answer = card.get_coverage(cause_code=cause, on_date=day)
                self.assertTrue(answer.pop("reason"))
                expected = {
                    "decision": decision,
                    "until": until,
                    "clause": clause,
                    "price_basis": price,
                }
                self.assertEqual(answer, expected)
        for bad in (
            {"cause_code": "no such"},
            {"on_date": "yesterday"},
            {"product_id": 99999999},
        ):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                card.get_coverage(**bad)

    def test_fault_in_warranty_is_promised_the_same_day(self):
        """R-S11 R-W08: coverage is set at the report and brings its promise."""
        card = self.accept()
        request = self.env["aftersales.request"].create(
            {"lot_id": card.lot_id.id, "problem": "不能升降"}
        )
        self.assertEqual(request.coverage, "in_warranty")
        self.assertEqual(request.partner_id, self.partner)
        clock = request.sla_clock_ids.filtered(lambda c: c.code == "same_day")
        self.assertEqual(str(clock.deadline), "2026-11-23 15:59:59")

    def test_replaced_part_gets_a_full_new_term(self):
        """R-W03: from the day of replacement; the old line closed and linked."""
        motor = self.env["product.product"].create({"name": "升降电机"})
        self.desk.product_tmpl_id.warranty_component_ids = [
            (0, 0, {"product_id": motor.id})
        ]
        card = self.accept()
        old = card.component_ids
        with self.at("2028-03-01 02:00:00"):
            result = card.replace_component(
                component_id=old.id, product_id=motor.id, lot_name="M-77"
            )
            self.assertEqual(result["end_date"], "2033-02-28")
            self.assertEqual(old.closed_on, date(2028, 3, 1))
            self.assertEqual(old.replaced_by_id.id, result["id"])
            for bad in (
                {"component_id": old.id, "product_id": motor.id},
                {"component_id": result["id"], "product_id": 99999999},
                {
                    "component_id": result["id"],
                    "product_id": motor.id,
                    "on_date": "2020-01-01",
                },
            ):
                with self.subTest(bad=bad), self.assertRaises(UserError):
                    card.replace_component(**bad)

    def test_found_by_serial_phone_and_order(self):
        """R-W12 R-N09: as people ask for it and write it; strangers find nothing."""
        card = self.accept()
        model = card.with_user(self.users["agent"])
        order = card.order_id.name
        for question in (
            {"serial": "KZ-001"},
            {"serial": " ｋｚ－001\n"},
            {"phone": "+86 138 1234 5678"},
            {"phone": "0086-138-1234-5678/021-62180000"},
            {"phone": "13812345678"},
            {"order": order},
        ):
            with self.subTest(question=question):
                self.assertEqual([c["id"] for c in model.find(**question)], card.ids)
        self.assertEqual(model.find(serial="NO-SUCH"), [])
        with self.assertRaises(UserError):
            model.find()
        with self.assertRaises(AccessError):
            card.with_user(self.users["stranger"]).find(serial="KZ-001")
        self.assertEqual(card.with_user(self.users["portal"]).find(order=order), [])

    def test_card_prints_with_its_code(self):
        """R-W12: the card has a code that leads to the portal."""
        card = self.accept()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_warranty.report_warranty_card", card.ids
        )
        self.assertIn("WC-KZ-001", html.decode())
        self.assertIn("data:image/png;base64", html.decode())
