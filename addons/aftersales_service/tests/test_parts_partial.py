from odoo.exceptions import UserError
from odoo.tests import tagged

from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestPartialFitting(PartsCase):
    """Part of what was issued is fitted, part comes back (R-P07, R-W03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spare = cls.lens.categ_id
        cls.glue = cls.create_part("密封胶", spare, 9.0, tracking="lot")
        cls.lots = cls.create_lot(cls.glue, "MFJ-1") | cls.create_lot(cls.glue, "MFJ-2")
        cls.serials = cls.env["stock.lot"].concat(
            *(cls.create_lot(cls.controller, f"KQ-{n}") for n in range(3))
        )

    def issue_of(self, kind, quantity=3, lots=1):
        """Three pieces with the technician, of each kind of tracking."""
        if kind == "none":
            self.stock(self.lens, quantity)
            return self.issue(self.lens, quantity)
        if kind == "lot":
            for lot in self.lots[:lots]:
                self.stock(self.glue, quantity / lots, lot=lot)
            return self.issue(self.glue, quantity)
        for lot in self.serials:
            self.stock(self.controller, 1, lot=lot)
        return self.issue(
            self.controller,
            quantity,
            kind="supply",
            reason="漏发三只",
            collect_old=False,
        )

    def check(self, line, used, returned):
        self.env.invalidate_all()
        self.assertEqual((line.used_qty, line.returned_qty), (used, returned))
        self.assertEqual(line.out_qty, line.issued_qty - used - returned)
        there = self.get_stock(
            line.product_id, self.warehouse.aftersales_technician_loc_id
        )
        self.assertEqual(there, line.out_qty)
        customers = self.env.ref("stock.stock_location_customers")
        self.assertEqual(self.get_stock(line.product_id, customers), used)

    def act(self, line, act, *args, **kwargs):
        role = "warehouse" if act == "action_return" else "technician"
        return getattr(self.as_(role, line), act)(*args, **kwargs)

    def test_without_a_number(self):
        """R-P07: two of three fitted, one brought back; and the other way round."""
        for kind in ("none", "lot", "serial"):
            for acts in (
                (("action_use", 2), ("action_return", 1)),
                (("action_return", 1), ("action_use", 2)),
                (("action_use", 1), ("action_use", 1), ("action_return", 1)),
                (("action_return", 1), ("action_use", 1), ("action_use", 1)),
                (("action_use", 1), ("action_return", 1), ("action_use", None)),
            ):
                with self.subTest(kind=kind, acts=acts), self.env.cr.savepoint() as sp:
                    line = self.issue_of(kind)
                    for act, quantity in acts:
                        self.act(line, act, quantity=quantity)
                    self.check(line, 2, 1)
                    self.assertEqual(line.state, "used")
                    self.assertFalse(line._get_open_moves("use"))
                    sp.rollback()
                    self.env.invalidate_all()

    def test_part_of_a_lot(self):
        """R-W03: some pieces of an issued lot are fitted, the rest later."""
        line = self.issue_of("lot")
        self.act(line, "action_use", lot_name="MFJ-1", quantity=2)
        self.check(line, 2, 0)
        self.assertEqual((line.state, line.lot_id), ("issued", self.lots[0]))
        self.act(line, "action_use", lot_name="MFJ-1")
        self.check(line, 3, 0)
        self.assertEqual(line.state, "used")

    def test_part_of_two_lots(self):
        """R-W03: a number is fitted as far as it was issued, and not further."""
        line = self.issue_of("lot", 4, lots=2)
        with self.assertRaises(UserError) as refused:
            self.act(line, "action_use", lot_name="MFJ-2", quantity=3)
        self.assertIn("MFJ-2", str(refused.exception))
        self.act(line, "action_use", lot_name="MFJ-2", quantity=1)
        self.check(line, 1, 0)
        self.act(line, "action_use", lot_name="MFJ-2")
        self.check(line, 2, 0)
        with self.assertRaises(UserError):
            self.act(line, "action_use", lot_name="MFJ-2", quantity=1)
        self.act(line, "action_return", 1)
        self.check(line, 2, 1)
        self.act(line, "action_use", lot_name="MFJ-1")
        self.check(line, 3, 1)
        self.assertEqual(line.state, "used")

    def test_serials_one_by_one(self):
        """R-W03: each unit is fitted by its number, once."""
        line = self.issue_of("serial")
        self.act(line, "action_use", lot_name="KQ-1")
        self.check(line, 1, 0)
        self.assertEqual(line.lot_id, self.serials[1])
        for wrong in ({"lot_name": "KQ-1"}, {"lot_name": "KQ-2", "quantity": 2}):
            with self.assertRaises(UserError):
                self.act(line, "action_use", **wrong)
        self.act(line, "action_use", lot_name="KQ-2", quantity=1)
        self.act(line, "action_return")
        self.check(line, 2, 1)
        left = self.serials[0].quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual(left.location_id, self.spares)

    def test_part_of_a_piece(self):
        """R-P07: half a unit isn't fitted where units are whole."""
        for kind in ("none", "lot", "serial"):
            line = self.issue_of(kind)
            for act in ("action_use", "action_return"):
                for quantity in (0.001, 0.5) if kind == "serial" else (0.001,):
                    with self.assertRaises(UserError):
                        self.act(line, act, quantity=quantity)
