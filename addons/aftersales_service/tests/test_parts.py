from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestParts(PartsCase):
    """From the wish to the fitting (R-P03, R-P06, R-P07)."""

    def test_nothing_moves_before_approval(self):
        """R-P03: a part that wasn't approved is neither reserved nor issued."""
        self.stock(self.lens, 5)
        line = self.as_("agent", self.env["aftersales.part.line"]).create(
            {"request_id": self.request.id, "product_id": self.lens.id}
        )
        self.assertEqual(line.state, "requested")
        with self.assertRaises(UserError):
            line.action_reserve()
        with self.assertRaises(UserError):
            self.as_("warehouse", line).action_issue()
        with self.assertRaises(AccessError):
            line.action_approve()
        self.assertFalse(line.sudo().move_ids)

    def test_life_of_a_part(self):
        """R-P03, R-P06, R-P07: each step is a real stock move."""
        self.stock(self.lens, 5)
        line = self.create_line(quantity=3)
        self.as_("supervisor", line).action_approve()
        self.assertEqual(line.state, "approved")
        facts = self.as_("technician", line).action_reserve()
        self.assertEqual((facts["state"], facts["reserved_qty"]), ("reserved", 3))
        self.assertEqual(line.move_ids.state, "assigned")
        self.as_("warehouse", line).action_issue()
        self.assertEqual((line.state, line.out_qty), ("issued", 3))
        technician = self.warehouse.aftersales_technician_loc_id
        self.assertEqual(self.get_stock(self.lens, technician), 3)
        self.as_("technician", line).action_use(quantity=2)
        self.assertEqual((line.state, line.used_qty, line.out_qty), ("issued", 2, 1))
        self.as_("technician", line).action_return(1)
        self.assertEqual((line.state, line.returning_qty), ("issued", 1))
        self.run_transfers(line, "return")
        self.assertEqual((line.state, line.returned_qty), ("used", 1))
        self.assertEqual(self.get_stock(self.lens, self.spares), 3)
        self.assertEqual(self.get_stock(self.lens, technician), 0)

    def test_reserve_again_doubles_nothing(self):
        """R-P06: a retried reservation or issue is the same one."""
        self.stock(self.lens, 5)
        line = self.create_line(quantity=2)
        line.action_approve()
        for _time in range(3):
            line.action_reserve()
        self.assertEqual(len(line.move_ids), 1)
        for _time in range(2):
            line.action_issue()
        self.assertEqual(line.issued_qty, 2)

    def test_warehouse_validation_fits_the_part(self):
        """R-W03: validating the transfer does what the technician's button does."""
        self.stock(self.controller, 1, lot=self.create_lot(self.controller, "C-1"))
        line = self.issue(self.controller)
        self.run_transfers(line, "use")
        self.assertEqual((line.state, line.lot_id.name), ("used", "C-1"))

    def test_fitting_keeps_both_serials(self):
        """R-W03, R-P07: new and old serial are known; the old part is collected."""
        self.create_lot(self.controller, "C-OLD")
        for name in ("C-1", "C-2"):
            self.stock(self.controller, 1, lot=self.create_lot(self.controller, name))
        line = self.issue(self.controller)
        issued = line.move_ids.filtered(lambda m: m.aftersales_part_act == "issue")
        name = issued.lot_ids.name
        with self.assertRaisesRegex(UserError, "C-9"):
            self.as_("technician", line).action_use(lot_name="C-9")
        self.as_("technician", line).action_use(lot_name=name, old_lot_name="C-OLD")
        self.assertEqual(line.lot_id.name, name)
        self.assertEqual(line.replaced_lot_id.name, "C-OLD")
        self.assertEqual(line.old_state, "waiting")
        self.as_("warehouse", line).action_collect()
        self.assertEqual(line.old_state, "collected")
        defective = self.warehouse.aftersales_defective_loc_id
        quant = self.env["stock.quant"].search([("location_id", "=", defective.id)])
        self.assertEqual(quant.lot_id.name, "C-OLD")

    def test_used_parts_write_their_cost_once(self):
        """R-S12: what was fitted is a cost of the request."""
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        line.action_use()
        cost = self.request.cost_ids
        self.assertRecordValues(
            cost, [{"kind": "parts", "product_id": self.lens.id, "amount": 520.0}]
        )

    def test_missing_part_needs_its_reason(self):
        """R-P04: 补件 without a reason is refused."""
        with self.assertRaises(ValidationError):
            self.create_line(kind="supply")
        self.assertTrue(self.create_line(kind="supply", reason="出厂漏装"))
