from datetime import date

from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.parts_common import PartsCase
from odoo.addons.aftersales_service.tests.test_acceptance import picture
from odoo.addons.aftersales_service.tests.test_exchange import ExchangeCase

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestFittedParts(PartsCase, WarrantyCase):
    def setUp(self):
        super().setUp()
        self.desk.product_tmpl_id.warranty_component_ids = [
            (0, 0, {"product_id": self.controller.id})
        ]
        self.card = self.accept()
        self.request.lot_id = self.card.lot_id

    def put(self, product, quantity, lot=None):
        """Into the store for parts (``stock`` is the location of the desks here)."""
        PartsCase.stock.__func__(type(self), product, quantity, lot=lot)

    def fit(self, number, old=None):
        self.put(self.controller, 1, lot=self.create_lot(self.controller, number))
        line = self.issue(self.controller)
        technician = self.as_("technician", line)
        technician.action_use(**({"old_lot_name": old} if old else {}))
        return line

    def test_the_stock_move_writes_the_card(self):
        """R-W03: old line closed, a full new term from that day, numbers chained."""
        old = self.card.component_ids
        with self.at("2028-02-29 02:00:00"):
            line = self.fit("C-1", old="C-OLD")
            new = old.replaced_by_id
            self.assertEqual(
                (old.lot_name, old.closed_on), ("C-OLD", date(2028, 2, 29))
            )
            self.assertRecordValues(
                new,
                [
                    {
                        "lot_name": "C-1",
                        "lot_id": line.lot_id.id,
                        "part_line_id": line.id,
                        "start_date": date(2028, 2, 29),
                        "end_date": date(2033, 2, 28),
                    }
                ],
            )
        with self.at("2029-05-31 02:00:00"):
            self.fit("C-2", old="C-1")
            self.assertEqual(new.replaced_by_id.lot_name, "C-2")
            self.assertEqual(new.replaced_by_id.end_date, date(2034, 5, 30))
        self.assertEqual(self.kinds(self.card).count("component_replaced"), 2)

    def test_warehouse_validation_does_the_same(self):
        """R-W03: whoever validates the move."""
        self.put(self.controller, 1, lot=self.create_lot(self.controller, "C-1"))
        line = self.issue(self.controller)
        self.run_transfers(line, "use")
        self.assertEqual(self.card.component_ids.sorted("id")[-1:].lot_name, "C-1")

    def test_several_pieces_in_steps(self):
        """R-W03: pieces fitted one after the other are written once each."""
        self.put(self.lens, 3)
        line = self.issue(self.lens, 3)
        for quantity in (1, 2):
            self.as_("technician", line).action_use(quantity=quantity)
        rows = self.card.component_ids.filtered(lambda r: r.product_id == self.lens)
        self.assertEqual(sum(rows.mapped("quantity")), 3)
        self.assertEqual(rows[0].end_date, date(2031, 11, 22), "a term of its own")

    def test_fittings_are_not_written(self):
        """R-W09: small fittings have no term."""
        self.put(self.screw, 3)
        line = self.issue(self.screw, 3)
        self.as_("technician", line).action_use()
        self.assertEqual(self.card.component_ids.product_id, self.controller)

    def test_who_pays_for_which_part(self):
        """R-W09 R-P09: after the term: labour free, material at cost, fittings up to
        the limit of the card free; a key component as long as its own term."""
        cheap = self.create_part("指示灯", self.lens.categ_id, 18.0)
        self.assertEqual(self.card.small_fitting_limit, 20)
        for moment, product, coverage, price in (
            ("2029-11-22 02:00:00", self.lens, "in_warranty", 0),
            ("2029-11-23 02:00:00", self.lens, "chargeable", 260),
            ("2029-11-23 02:00:00", self.controller, "in_warranty", 0),
            ("2031-11-23 02:00:00", self.controller, "chargeable", 480),
            ("2031-11-23 02:00:00", cheap, "chargeable", 0),
            ("2031-11-23 02:00:00", self.screw, "chargeable", 0),
        ):
            with self.subTest(moment=moment, product=product.name), self.at(moment):
                request = self.create_request(lot_id=self.card.lot_id.id)
                line = self.create_line(product, request_id=request.id)
                self.assertEqual((line.coverage, line.unit_price), (coverage, price))
                self.assertTrue(line.coverage_reason)

    def test_misuse_charges_key_components_too(self):
        """R-W09: in term, but misused; a supervisor's word counts more."""
        request = self.create_request(lot_id=self.card.lot_id.id)
        line = self.create_line(self.controller, request_id=request.id)
        self.assertEqual(line.unit_price, 0)
        request.action_assign([self.technician.id])
        request.action_check(
            {
                "complete": True,
                "misuse": True,
                "note": "进水",
                "told": "王老师",
                "photos": [{"name": "进水.png", "data": picture().decode()}],
            }
        )
        self.assertEqual((line.coverage, line.unit_price), ("chargeable", 480))
        request.with_user(self.users["supervisor"]).action_override_coverage(
            "in_warranty", "老客户"
        )
        self.assertEqual((line.coverage, line.unit_price), ("in_warranty", 0))


@tagged("post_install", "-at_install")
class TestExchangedUnits(ExchangeCase):
    def setUp(self):
        super().setUp()
        cards = self.env["aftersales.warranty.card"]
        domain = [("lot_id", "=", self.delivered[0].id)]
        self.card = cards.search(domain)
        self.card.sudo()._activate(date(2026, 11, 23))

    def exchange(self, *ways):
        row = self.rows(self.register().action_exchange(reason="桌面开裂"))
        for way in ways:
            self.move(row, way)
        cards = self.env["aftersales.warranty.card"]
        return cards.search([("lot_id", "=", row.new_lot_id.id)])

    def test_delivered_first(self):
        """R-X02 R-W14: the old card ends with its link, the new one has the rest."""
        new = self.exchange("out", "in")
        self.assertEqual((self.card.state, self.card.replaced_by_id), ("void", new))
        self.assertEqual(new.end_date, self.card.end_date)
        self.assertEqual(new.order_line_id, self.card.order_line_id)

    def test_a_fault_before_the_exchange_stays_covered(self):
        """R-W08 R-W14: the old card still decides on what was reported before."""
        request = self.register()
        self.assertEqual(request.coverage, "in_warranty")
        row = self.rows(request.action_exchange(reason="桌面开裂"))
        for way in ("out", "in"):
            self.move(row, way)
        request.cause_id = self.cause
        self.assertEqual(request.coverage, "in_warranty")
        answer = self.card.get_coverage(on_date="2026-12-31")
        self.assertEqual(answer["decision"], "unknown")

    def test_returned_first(self):
        """R-X02 R-W14: the unit came back before its replacement was delivered."""
        new = self.exchange("in", "out")
        self.assertEqual(self.card.replaced_by_id, new)
        self.assertEqual((new.state, new.start_source), ("active", "exchange"))
        kinds = self.card.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["activated", "returned", "exchanged"])

    def test_goods_without_numbers_keep_their_term(self):
        """R-X02 R-W14: exchanged like for like, their card goes on as it was."""
        chair = self.env["product.product"].create(
            {"name": "课椅", "is_storable": True, "list_price": 160}
        )
        stock = self.env.ref("stock.warehouse0").lot_stock_id
        self.env["stock.quant"]._update_available_quantity(chair, stock, 5)
        order = self.create_order(lines=0)
        order.order_line = [(0, 0, {"product_id": chair.id, "product_uom_qty": 3})]
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        cards = self.env["aftersales.warranty.card"]
        card = cards.search([("order_id", "=", order.id)])
        card.sudo()._activate(date(2026, 11, 23))
        lines = [{"product_id": chair.id, "quantity": 1}]
        facts = order.action_exchange(reason="颜色不符", lines=lines)
        row = self.rows(facts)
        for way in ("in", "out"):
            self.move(row, way)
        self.assertEqual(row.state, "done")
        self.assertEqual(cards.search([("order_id", "=", order.id)]), card)
        self.assertEqual((card.quantity, card.state), (3, "active"))
