from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_acceptance import AcceptanceCase

CRITERIA = ("quantity_ok", "model_ok", "appearance_ok", "function_ok", "original_ok")


@tagged("post_install", "-at_install")
class TestAcceptedUnits(AcceptanceCase):
    """Quantities, serial numbers and what was looked at agree."""

    def draft(self, order):
        guide = order.with_user(self.users["guide"])
        acceptance = self.env["aftersales.acceptance"].browse(
            guide.action_create_acceptance()
        )
        return acceptance.with_user(self.users["agent"])

    def offered(self, acceptance):
        acceptance.action_self_inspect()
        return acceptance.action_offer()

    def units(self, *names):
        return self.env["stock.lot"].search([("name", "in", names)])

    def test_nothing_is_ticked_in_advance(self):
        """R-A01, R-A06: who offers has looked at each criterion."""
        self.desk.aftersales_criteria = "承重测试"
        acceptance = self.draft(self.deliver())
        line = acceptance.line_ids
        self.assertEqual([line[name] for name in CRITERIA], [False] * 5)
        self.assertFalse(line.criterion_ids.passed)
        acceptance.action_self_inspect()
        with self.assertRaisesRegex(UserError, "承重测试"):
            acceptance.action_offer()
        line.action_all_right()
        self.assertEqual(acceptance.action_offer()["state"], "offered")

    def test_a_described_defect_explains_what_is_not_ticked(self):
        acceptance = self.draft(self.deliver())
        acceptance.line_ids.write({"defect_note": "桌面划伤"})
        self.assertEqual(self.offered(acceptance)["state"], "offered")

    def test_nobodys_pieces(self):
        """R-A01: each piece is accepted or defective."""
        acceptance = self.draft(self.deliver(("KZ-001", "KZ-002", "KZ-003")))
        line = acceptance.line_ids
        line.action_all_right()
        acceptance.action_self_inspect()
        line.accepted_qty = 1
        with self.assertRaisesRegex(UserError, "2"):
            acceptance.action_offer()

    def test_serial_numbers_are_those_of_the_accepted(self):
        """R-A01: as many serial numbers as pieces, and none of another delivery."""
        acceptance = self.draft(self.deliver(("KZ-001", "KZ-002", "KZ-003")))
        foreign = self.env["stock.lot"].create(
            {"name": "KZ-009", "product_id": self.desk.id}
        )
        line = acceptance.line_ids
        line.action_all_right()
        acceptance.action_self_inspect()
        line.write({"accepted_qty": 2, "defective_qty": 1, "defect_note": "桌脚开裂"})
        with self.assertRaisesRegex(UserError, "KZ-120"):
            acceptance.action_offer()
        line.lot_ids = self.units("KZ-001") + foreign
        with self.assertRaisesRegex(UserError, "KZ-009"):
            acceptance.action_offer()
        line.lot_ids = self.units("KZ-001", "KZ-003")
        acceptance.action_offer()
        self.assertEqual(line.defective_lot_ids.mapped("name"), ["KZ-002"])

    def test_each_defective_unit_is_named(self):
        """R-A03: a request for each defective unit, and the order says how many."""
        order = self.deliver(("KZ-001", "KZ-002", "KZ-003"))
        acceptance = self.offer(
            order,
            accepted_qty=1,
            defective_qty=2,
            defect_note="桌脚开裂",
            lot_ids=[Command.set(self.units("KZ-002").ids)],
        )
        self.sign(acceptance)
        names = acceptance.defect_ids.lot_id.mapped("name")
        self.assertEqual(sorted(names), ["KZ-001", "KZ-003"])
        self.assertEqual(order.aftersales_state, "accepted_with_remarks")
        self.assertIn("2", order.aftersales_next_step)
        self.assertTrue(acceptance.is_intact)
        visit = self.env["aftersales.visit"].create(
            {
                "kind": "installation",
                "partner_id": self.partner.id,
                "order_id": order.id,
            }
        )
        self.assertTrue(visit.is_free, "R-D16: until the last defect is cured")
        for request in acceptance.defect_ids:
            request.action_cancel(reason="客户不再要求更换")
        self.assertEqual(order.aftersales_state, "accepted")
        self.assertFalse(visit.is_free)

    def test_role_of_the_signer(self):
        """R-A02: name and role."""
        acceptance = self.offer(self.deliver())
        with self.assertRaises(UserError):
            self.sign(acceptance, role=None)
        with self.assertRaises(UserError):
            self.sign(acceptance, role="  ")

    def test_dozens(self):
        """R-A01: in the unit of the order, with the serial numbers of the pieces."""
        dozen = self.env.ref("uom.product_uom_dozen")
        for number in range(24):
            lot = self.env["stock.lot"].create(
                {"name": f"D{number}", "product_id": self.desk.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, 1, lot_id=lot
            )
        order = self.create_order(
            order_line=[
                Command.create(
                    {
                        "product_id": self.desk.id,
                        "product_uom_qty": 2,
                        "product_uom_id": dozen.id,
                    }
                )
            ]
        )
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        acceptance = self.draft(order)
        line = acceptance.line_ids
        self.assertEqual(
            (line.ordered_qty, line.delivered_qty, line.product_uom_id), (2, 2, dozen)
        )
        self.assertEqual(len(line.lot_ids), 24)
        line.action_all_right()
        self.assertEqual(self.offered(acceptance)["state"], "offered")

    def test_half_a_kit(self):
        """R-A01, R-I05: parts of a kit are no kit; the order says when it is whole."""
        order = self.create_order()
        order.action_confirm()
        order.picking_ids.action_cancel()
        part = self.env["product.product"].create({"name": "桌腿", "type": "consu"})
        move = self.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom_qty": 2,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": self.env.ref("stock.warehouse0").out_type_id.id,
                "sale_line_id": order.order_line.id,
            }
        )
        move._action_confirm()
        move.picking_id.with_context(skip_sms=True).button_validate()
        self.assertEqual(move.state, "done")
        with self.assertRaisesRegex(UserError, order.name):
            order.with_user(self.users["guide"]).action_create_acceptance()

    def test_what_went_back_is_not_accepted(self):
        """R-A01: delivered is what the customer has."""
        order = self.deliver(("KZ-001", "KZ-002", "KZ-003"))
        wizard = self.env["stock.return.picking"].with_context(
            active_id=order.picking_ids.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.write({"quantity": 1, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.move_line_ids.lot_id = self.units("KZ-002")
        back.button_validate()
        line = self.draft(order).line_ids
        self.assertEqual(line.delivered_qty, 2)
        self.assertEqual(line.lot_ids.mapped("name"), ["KZ-001", "KZ-003"])
