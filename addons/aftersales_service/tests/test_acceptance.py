import base64
from io import BytesIO

from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import MONDAY, AftersalesCase


def picture():
    stream = BytesIO()
    Image.new("RGB", (8, 4), "navy").save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class AcceptanceCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signature = picture()
        cls.stock = cls.env.ref("stock.warehouse0").lot_stock_id

    def deliver(self, serials=("KZ-001",), quantity=None):
        """A confirmed order with these serial numbers delivered."""
        for serial in serials:
            lot = self.env["stock.lot"].create(
                {"name": serial, "product_id": self.desk.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, 1, lot_id=lot
            )
        order = self.create_order(quantity=quantity or len(serials))
        order.action_confirm()
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        return order

    def offer(self, order, **findings):
        """An acceptance before the customer; with findings of its lines."""
        acceptance_id = order.action_create_acceptance()
        acceptance = self.env["aftersales.acceptance"].browse(acceptance_id)
        acceptance.line_ids.action_all_right()
        if findings:
            acceptance.line_ids.write(findings)
        acceptance.action_self_inspect()
        acceptance.action_offer()
        return acceptance

    def sign(self, acceptance, **kwargs):
        return acceptance.action_sign(
            **{
                "name": "王主任",
                "role": "设备科主任",
                "signature_base64": self.signature,
                **kwargs,
            }
        )


@tagged("post_install", "-at_install")
class TestAcceptance(AcceptanceCase):
    def test_lines_carry_what_was_delivered(self):
        """R-A01: ordered, delivered, serial numbers, per delivery."""
        order = self.deliver(("KZ-001", "KZ-002"), quantity=3)
        acceptance = self.env["aftersales.acceptance"].browse(
            order.action_create_acceptance()
        )
        line = acceptance.line_ids
        self.assertEqual((line.ordered_qty, line.delivered_qty), (3, 2))
        self.assertEqual(line.lot_ids.mapped("name"), ["KZ-001", "KZ-002"])
        with self.assertRaises(UserError):
            order.action_create_acceptance()

    def test_nothing_to_accept_before_delivery(self):
        order = self.create_order()
        order.action_confirm()
        with self.assertRaises(UserError):
            order.action_create_acceptance()

    def test_signing_completes_the_order(self):
        """R-A02 R-A04: name, role, time and picture; the order is accepted."""
        order = self.deliver()
        acceptance = self.offer(order)
        result = self.sign(acceptance)
        self.assertEqual(result["state"], "accepted")
        self.assertEqual(acceptance.signed_on, MONDAY)
        self.assertEqual(order.accepted_on, MONDAY)
        self.assertEqual(order.aftersales_state, "accepted")
        self.assertTrue(acceptance.is_intact)
        self.assertEqual(len(result["content_hash"]), 64)
        self.env.invalidate_all()
        shown = acceptance.with_context(bin_size=True).web_read({"is_intact": {}})
        self.assertTrue(shown[0]["is_intact"], "a form reads sizes of pictures")

    def test_inspected_before_offered_before_signed(self):
        """R-D12: our own inspection comes first."""
        acceptance = self.env["aftersales.acceptance"].browse(
            self.deliver().action_create_acceptance()
        )
        with self.assertRaises(UserError):
            acceptance.action_offer()
        with self.assertRaises(UserError):
            self.sign(acceptance)
        acceptance.action_self_inspect()
        with self.assertRaises(UserError):
            self.sign(acceptance)

    def test_signed_is_unchangeable_for_every_client(self):
        """R-A02: not the record, its lines, nor its documents; not by a manager."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        manager = acceptance.with_user(self.users["manager"])
        admin = acceptance.with_user(self.env.ref("base.user_admin"))
        for record, vals in (
            (manager, {"signed_by": "another"}),
            (manager, {"state": "draft"}),
            (manager.line_ids, {"accepted_qty": 0}),
            (admin, {"remarks": "even the administrator"}),
            (admin, {"picking_ids": [Command.clear()]}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.write(vals)
        for record in (acceptance, admin, admin.line_ids):
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(UserError):
            self.sign(acceptance)

    def test_seal_shows_any_change(self):
        """R-A02: what was changed behind our back is seen."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE aftersales_acceptance_line SET accepted_qty = 9"
            " WHERE acceptance_id = %s",
            [acceptance.id],
        )
        self.env.invalidate_all()
        self.assertFalse(acceptance.is_intact)

    def test_bad_signatures_are_refused(self):
        acceptance = self.offer(self.deliver())
        for signature in (None, "", "not base64!", base64.b64encode(b"text"), 7):
            with self.subTest(signature=signature), self.assertRaises(UserError):
                self.sign(acceptance, signature_base64=signature)
        with self.assertRaises(UserError):
            self.sign(acceptance, name="  ")
        with self.assertRaises(UserError):
            self.sign(acceptance, result="perhaps")
        self.assertEqual(acceptance.state, "offered")

    def test_defects_can_only_be_remarked_or_rejected(self):
        """R-A03: a defect makes plain acceptance impossible."""
        order = self.deliver()
        acceptance = self.offer(
            order,
            accepted_qty=0,
            defective_qty=1,
            defect_note="桌面划伤",
            lot_ids=[Command.clear()],
        )
        with self.assertRaises(UserError):
            self.sign(acceptance, result="accepted")
        with self.assertRaises(UserError):
            self.sign(acceptance, result="rejected")
        result = self.sign(acceptance, result="rejected", remarks="桌面划伤，要求更换")
        self.assertFalse(result["accepted_on"])
        self.assertTrue(order.action_create_acceptance(), "offered anew after a repair")

    def test_quantities_must_add_up(self):
        acceptance = self.offer(self.deliver())
        with self.assertRaises(ValidationError):
            acceptance.line_ids.defective_qty = 1
        with self.assertRaises(ValidationError):
            acceptance.line_ids.accepted_qty = -1

    def test_documents_are_handed_over_or_waived(self):
        """R-A05 R-A06: each named document; only a supervisor waives one."""
        self.desk.product_tmpl_id.aftersales_documents = "使用说明书\n合格证"
        acceptance = self.offer(self.deliver())
        with self.assertRaisesRegex(UserError, "合格证"):
            self.sign(acceptance)
        manual, certificate = acceptance.document_line_ids
        manual.handed_over = True
        with self.assertRaises(AccessError):
            certificate.with_user(self.users["agent"]).action_waive(reason="later")
        certificate.with_user(self.users["supervisor"]).action_waive(reason="随后补寄")
        self.assertEqual(self.sign(acceptance)["state"], "accepted")

    def test_balance_still_owed_is_shown(self):
        """R-H11: what the customer still owes."""
        order = self.deliver()
        acceptance = self.offer(order)
        self.assertEqual(acceptance.balance_due, order.amount_total)

    def test_who_sees_an_acceptance(self):
        """R-A02: guides their own orders', the customer once it is offered."""
        order = self.deliver()
        acceptance = self.offer(order)
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.partner
        model = self.env["aftersales.acceptance"]
        self.assertEqual(model.with_user(portal).search([]), acceptance)
        foreign = new_test_user(self.env, "foreign", groups="base.group_portal")
        self.assertFalse(model.with_user(foreign).search([]))
        guide = model.with_user(self.users["guide"])
        self.assertIn(acceptance, guide.search([]))
        order.user_id = False
        self.assertNotIn(acceptance, guide.search([]))
        for role in ("stranger", "warehouse"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).search([])

    def test_certificate_prints_in_chinese(self):
        """R-A02: the certificate shows who signed what, in the customer's language."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_acceptance", acceptance.ids
        )
        for text in ("王主任", "KZ-001", acceptance.content_hash):
            self.assertIn(text, html.decode())
