from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MONDAY
from .test_visit import VisitCase


class GoodsCase(VisitCase):
    """A delivery of two desks with serial numbers, agreed and confirmed."""

    def setUp(self):
        super().setUp()
        self.warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.lots = self.env["stock.lot"].create(
            [
                {"name": f"KZ26000{number}", "product_id": self.desk.id}
                for number in range(1, 5)
            ]
        )
        for lot in self.lots:
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        self.order = self.create_order(quantity=2, no_special_requests=True)
        self.order.action_confirm()
        self.order._mark_handed_off(MONDAY)
        self.order.action_record_contact(
            agreed_start="2026-11-24 01:00:00", agreed_stop="2026-11-24 03:00:00"
        )
        self.picking = self.order.picking_ids
        self.picking.action_assign()
        self.picking.move_ids.aftersales_check = "ok"
        visit = self.order.visit_ids.with_user(self.users["supervisor"])
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        self.visit = visit.with_user(self.users["technician"])
        self.enterContext(self.at("2026-11-24 01:00:00"))

    def validate(self):
        picking = self.picking.with_user(self.users["warehouse"])
        return picking.with_context(skip_sms=True).button_validate()


@tagged("post_install", "-at_install")
class TestVisitGoods(GoodsCase):
    def test_completion_delivers(self):
        """R-D08: completing moves the goods, and the warehouse not again."""
        self.go(self.visit).action_complete(vals={"outcome": "完成"})
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(len(self.visit.lot_ids), 2)
        self.assertTrue(self.visit.goods_out_at)
        moved = self.picking.move_ids.quantity
        self.validate()
        self.assertEqual(self.picking.move_ids.quantity, moved)
        self.assertEqual(self.order.picking_ids, self.picking)

    def test_warehouse_delivers(self):
        """R-D08: what the warehouse validated isn't moved again by the completion."""
        self.validate()
        self.assertEqual(self.visit.goods_out_at, self.picking.date_done)
        self.assertIn(self.picking.name, self.visit.sudo().message_ids[0].body)
        self.go(self.visit).action_complete(vals={"outcome": "完成"})
        self.assertEqual(self.order.order_line.qty_delivered, 2)
        self.assertEqual(len(self.order.picking_ids), 1)

    def test_completed_first_then_validated(self):
        """R-D08: the order of the two doesn't matter."""
        self.go(self.visit).action_complete(vals={})
        self.validate()
        self.assertEqual(self.order.order_line.qty_delivered, 2)

    def test_partial_delivery_leaves_the_rest_open(self):
        """R-A01: what wasn't there stays as a backorder."""
        line = self.picking.move_line_ids[:1]
        line.unlink()
        self.go(self.visit).action_complete(vals={})
        self.assertEqual(self.order.order_line.qty_delivered, 1)
        self.assertEqual(len(self.order.picking_ids), 2)

    def test_warehouse_leaves_a_rest(self):
        """R-A01: the rest belongs to the visit, whoever validates the first part."""
        self.picking.move_line_ids[:1].unlink()
        picking = self.picking.with_user(self.users["warehouse"])
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        rest = self.order.picking_ids - self.picking
        self.assertEqual(rest.backorder_id, self.picking)
        self.assertEqual(self.visit.picking_ids, self.picking + rest)

    def test_goods_that_never_got_ready(self):
        self.picking.do_unreserve()
        self.go(self.visit)
        with self.assertRaisesRegex(UserError, self.picking.name):
            self.visit.action_complete(vals={})
        self.assertEqual(self.visit.state, "on_site")

    def test_defect_stays_in_the_warehouse(self):
        """R-D04: checked before leaving; a defect stops that item and is told."""
        move = self.picking.move_ids.with_user(self.users["warehouse"])
        move.write({"aftersales_check": "defect", "aftersales_check_note": "桌面划痕"})
        self.assertEqual(move.aftersales_checked_by_id, self.users["warehouse"])
        told = self.env["mail.message"].search([], limit=1, order="id desc")
        self.assertIn("桌面划痕", told.body)
        self.assertIn(self.users["guide"].partner_id, told.notified_partner_ids)
        with self.assertRaises(UserError) as refused:
            self.validate()
        self.assertIn("升降课桌", str(refused.exception))
        move.aftersales_check = "ok"
        self.validate()
        self.assertEqual(self.picking.state, "done")

    def test_unchecked_goods_stay_in_the_warehouse(self):
        """R-D04: nobody opened and checked them: they don't leave, by no call."""
        move = self.picking.move_ids.with_user(self.users["warehouse"])
        move.aftersales_check = False
        move.picked = True
        for act in (
            self.validate,
            move._action_done,
            move.picking_id._action_done,
            move.picking_id.with_context(skip_backorder=True).button_validate,
        ):
            with self.assertRaises(UserError) as refused:
                act()
            self.assertIn("升降课桌", str(refused.exception))
        move.aftersales_check = "ok"
        self.validate()
        self.assertEqual(self.picking.state, "done")

    def test_each_delivery_is_checked(self):
        """R-D04: what stayed behind is checked, too, before it leaves."""
        self.picking.move_line_ids[:1].unlink()
        picking = self.picking.with_user(self.users["warehouse"])
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        rest = self.order.picking_ids - self.picking
        rest = rest.with_user(self.users["warehouse"])
        rest.action_assign()
        with self.assertRaises(UserError):
            rest.button_validate()
        rest.move_ids.aftersales_check = "ok"
        rest.button_validate()
        self.assertEqual(rest.state, "done")

    def test_where_no_check_is_demanded(self):
        """R-D04: the company switched it off, or the goods went over the counter."""
        self.picking.move_ids.aftersales_check = False
        self.company.aftersales_check_goods = False
        self.validate()
        self.assertEqual(self.picking.state, "done")
        self.company.aftersales_check_goods = True
        order = self.create_order(quantity=1)
        order.action_confirm()
        picking = order.picking_ids.with_user(self.users["warehouse"])
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_crew_delivers_what_nobody_checked(self):
        """R-D04: at the customer's it is too late to hold it; the supervisor knows."""
        self.picking.move_ids.aftersales_check = False
        self.go(self.visit).action_complete(vals={"outcome": "完成"})
        self.assertEqual(self.picking.state, "done")
        told = self.env["mail.message"].search(
            [("body", "ilike", "升降课桌"), ("subject", "ilike", "without a check")]
        )
        self.assertIn(self.users["supervisor"].partner_id, told.notified_partner_ids)

    def test_cancelled_after_a_part_was_delivered(self):
        """R-D14 R-A01: nobody asks or works on; what was delivered is accepted."""
        self.picking.move_line_ids[:1].unlink()
        self.go(self.visit).action_complete(vals={"outcome": "到了一张"})
        order = self.order.with_user(self.users["guide"])
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        visits = self.order.visit_ids
        clocks = self.env["aftersales.sla.clock"].search(
            [("res_model", "=", visits._name), ("res_id", "in", visits.ids)]
        )
        asked = clocks.filtered(lambda c: c.stop_event == "revisited")
        self.assertEqual(asked.mapped("recorded_state"), ["cancelled"])
        self.assertTrue(asked.cancel_reason)
        self.assertFalse(visits.activity_ids.filtered("automated"))
        acceptance = self.env["aftersales.acceptance"].browse(
            order.action_create_acceptance()
        )
        self.assertEqual(acceptance.line_ids.delivered_qty, 1)
        facts = order.action_exchange("桌面开裂", [self.get_returned_line()], "return")
        self.assertTrue(facts["picking_ids"])

    def get_returned_line(self):
        lot = self.picking.move_line_ids.lot_id
        return {"product_id": self.desk.id, "quantity": 1, "lot_name": lot.name}

    def test_surplus_comes_back(self):
        """R-D11: what is left over returns by a stock move."""
        screw = self.env["product.product"].create(
            {"name": "螺丝包", "type": "consu", "is_storable": True}
        )
        self.go(self.visit)
        result = self.visit.action_return_surplus(product_id=screw.id, quantity=3)
        back = self.env["stock.picking"].browse(result["picking_id"])
        self.assertEqual((back.state, back.origin), ("assigned", self.visit.name))
        back.with_user(self.users["warehouse"]).button_validate()
        quantity = screw.with_context(
            location=self.warehouse.lot_stock_id.id
        ).qty_available
        self.assertEqual(quantity, 3)
        bad = ({"quantity": 0}, {"quantity": "x"}, {"product_id": 10**8})
        for wrong in bad:
            vals = {"product_id": screw.id, "quantity": 1} | wrong
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.visit.action_return_surplus(**vals)
        with self.assertRaisesRegex(UserError, "没有|no serial"):
            self.visit.action_return_surplus(
                product_id=self.desk.id, quantity=1, lot_name="没有"
            )

    def test_exchange(self):
        """R-D07: the item comes back, another goes out, a new time is agreed."""
        self.go(self.visit)
        with self.assertRaises(UserError):  # nothing delivered yet
            self.visit.action_exchange(self.desk.id, 1, "颜色不符", "KZ260001")
        self.visit.action_complete(vals={})
        delivered = self.visit.lot_ids[0]
        with self.assertRaises(UserError):
            self.visit.action_exchange(self.desk.id, 1, " ", delivered.name)
        result = self.visit.action_exchange(
            product_id=self.desk.id,
            quantity=1,
            reason="颜色不符",
            lot_name=delivered.name,
        )
        pickings = self.env["stock.picking"].browse(result["picking_ids"])
        kinds = sorted(pickings.mapped("picking_type_code"))
        self.assertEqual(kinds, ["incoming", "outgoing"])
        back = pickings.filtered(lambda p: p.picking_type_code == "incoming")
        self.assertEqual(back.move_line_ids.lot_id, delivered)
        following = self.env["aftersales.visit"].browse(result["next_visit_id"])
        self.assertEqual(following.picking_ids, pickings)
        self.assertEqual(following.activity_ids.user_id, self.users["supervisor"])
        told = self.env["mail.message"].search(
            [("body", "ilike", "颜色不符"), ("message_type", "=", "user_notification")]
        )
        self.assertIn(self.users["guide"].partner_id, told.notified_partner_ids)

    def test_damage(self):
        """R-D17: recorded with its responsible, and answered for."""
        self.go(self.visit)
        damage = (
            self.env["aftersales.damage"]
            .with_user(self.users["technician"])
            .create(
                {
                    "visit_id": self.visit.id,
                    "name": "搬运时刮伤门框",
                    "employee_id": self.technician.id,
                    "amount": 200,
                    "photo_ids": [
                        Command.create({"name": "门框.jpg", "raw": b"picture"})
                    ],
                }
            )
        )
        liability = self.env["aftersales.liability"].search(
            [("res_model", "=", "aftersales.damage"), ("res_id", "=", damage.id)]
        )
        self.assertRecordValues(
            liability,
            [
                {
                    "state": "draft",
                    "amount": 200,
                    "order_id": self.order.id,
                    "responsible_employee_id": self.technician.id,
                }
            ],
        )
        with self.assertRaises(UserError):
            damage.write({"amount": 1})
        with self.assertRaises(UserError):
            damage.sudo().unlink()
        for role in ("stranger", "warehouse", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                damage.with_user(self.users[role]).read(["name"])
        foreign = self.plan().sudo()
        with self.assertRaises(AccessError):
            damage.create({"visit_id": foreign.id, "name": "x"})

    def test_free_until_accepted(self):
        """R-D16: installing costs nothing until both sides accept it."""
        self.assertTrue(self.visit.is_free)
        self.order._on_accepted(MONDAY)
        self.assertFalse(self.visit.is_free)

    def test_balance_to_collect(self):
        """R-H11: the team sees what the customer still owes, and reads no invoices."""
        self.assertEqual(self.visit.balance_due, self.order.amount_total)
        self.assertGreater(self.visit.balance_due, 0)

    def test_sheet(self):
        """R-H09 R-D15: goods, serials, wishes, badge; sent when confirmed."""
        self.technician.barcode = "B0077"
        self.order.special_requests = "请走货梯"
        html = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_visit_sheet", self.visit.ids
        )[0]
        text = html.decode()
        for fact in ("KZ260001", "B0077", "李师傅", "请走货梯", "南京西路1266号"):
            self.assertIn(fact, text)
        mails = self.env["mail.mail"].search([("subject", "ilike", self.visit.name)])
        people = mails.recipient_ids
        self.assertIn(self.users["technician"].partner_id, people)
        self.assertIn(self.visit.name, mails.attachment_ids[:1].name)

    def test_warehouse_sees_who_comes(self):
        """R-H09: the transfer says who visits when; the check is on the form."""
        picking = self.picking.with_user(self.users["warehouse"])
        self.assertIn("李师傅", picking.aftersales_visit_info)
        with Form(picking) as form, form.move_ids.edit(0) as line:
            line.aftersales_check = "ok"
        self.assertEqual(self.picking.move_ids.aftersales_check, "ok")
