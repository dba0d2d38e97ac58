from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_handoff import CUTOFF, HandoffCase

WINDOW = {
    "agreed_start": "2026-11-25 01:00:00",
    "agreed_stop": "2026-11-25 03:00:00",
}


@tagged("post_install", "-at_install")
class TestRoadPromises(HandoffCase):
    """Promises begin when they can be kept and end when they became pointless."""

    def setUp(self):
        super().setUp()
        self.desk.tracking = "none"
        stock = self.env.ref("stock.warehouse0").lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.desk, stock, 10)

    def deliver(self, order, quantity=None):
        picking = order._get_open_transfers().with_user(self.users["warehouse"])
        picking.move_ids.aftersales_check = "ok"
        if quantity:
            picking.move_ids.quantity = quantity
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def states(self, order):
        return {c.code: c.state for c in order.sla_clock_ids}

    def test_over_the_counter(self):
        """R-H01: who carries the goods home is neither handed off nor called."""
        order = self.confirm()
        self.deliver(order)
        clock = order.sla_clock_ids
        self.assertEqual((clock.code, clock.state), ("handoff", "cancelled"))
        self.assertTrue(clock.cancel_reason)
        self.assertFalse(order.activity_ids.filtered("automated"))
        self.hand_over()
        self.assertFalse(order.handoff_batch_id)
        with self.at(MONDAY + timedelta(days=9)):
            self.run_cron("aftersales_service.ir_cron_enforce_clocks")
            self.assertEqual(self.states(order), {"handoff": "cancelled"})
        self.assertEqual(order.aftersales_state, "delivered")

    def test_collected_before_it_was_agreed(self):
        """R-H05, R-H06: delivered before the call ends call and appointment."""
        order = self.confirm()
        self.hand_over()
        with self.at(CUTOFF + timedelta(hours=2)):
            self.deliver(order)
            states = self.states(order)
            self.assertEqual(
                (states["handoff"], states["contact"], states["appointment"]),
                ("met", "cancelled", "cancelled"),
            )

    def test_part_was_delivered(self):
        """R-H06: the rest is still to be agreed."""
        order = self.confirm(quantity=3)
        self.hand_over()
        with self.at(CUTOFF + timedelta(hours=2)):
            self.deliver(order, quantity=1)
            self.assertEqual(self.states(order)["appointment"], "running")

    def test_broken_stays_broken(self):
        """A promise that was broken before it became pointless stays so."""
        order = self.confirm()
        self.hand_over()
        with self.at(CUTOFF + timedelta(days=2)):
            self.deliver(order)
            self.assertEqual(self.states(order)["contact"], "breached")
            self.assertEqual(self.states(order)["appointment"], "cancelled")

    def test_returned_by_the_clerk(self):
        """R-H02: nobody may agree a time meanwhile; it counts anew afterwards."""
        order = self.confirm()
        self.hand_over()
        clerk = order.handoff_batch_id.with_user(self.users["agent"])
        with self.at(CUTOFF + timedelta(hours=1)):
            clerk.action_return_order(order_id=order.id, reason="单价不对")
            self.assertEqual(self.states(order)["contact"], "cancelled")
        order.with_user(self.users["guide"]).action_handoff_resubmit()
        self.hand_over(CUTOFF + timedelta(days=1, seconds=40))
        contact = order.sla_clock_ids.filtered(
            lambda c: c.code == "contact" and c.state == "running"
        )
        self.assertEqual(contact.started_at, CUTOFF + timedelta(days=1))

    def test_the_batch_is_chosen_by_the_clerk(self):
        """R-H01: a batch of some orders, made and sent through the public way."""
        orders = self.confirm() + self.confirm()
        batches = self.env["aftersales.handoff.batch"].with_user(self.users["agent"])
        batch = batches.create({"order_ids": [(6, 0, orders[:1].ids)]})
        batch.write({"order_ids": [(4, orders[1].id)]})
        self.assertEqual(batch.sudo().order_ids, orders)
        other = batches.create({"date": "2026-11-22"})
        with self.assertRaisesRegex(UserError, orders[0].name):
            other.order_ids = orders[:1]
        with self.assertRaises(UserError):
            other.order_ids = [(6, 0, self.create_order().ids)]
        result = batch.action_send()
        self.assertEqual(result["state"], "sent")
        self.assertTrue(all(orders.mapped("handed_off_at")))
        with self.assertRaises(UserError):
            batch.order_ids = [(5,)]

    def test_services_only(self):
        """R-H02: an order of services lacks nothing, and a time may be agreed."""
        service = self.env["product.product"].create(
            {"name": "安装服务", "type": "service", "default_code": "FW-1"}
        )
        order = self.create_order(
            order_line=[(0, 0, {"product_id": service.id})], commitment_date=False
        )
        order.action_confirm()
        guide = order.with_user(self.users["guide"])
        self.assertEqual(guide.aftersales_check_handoff(), [])
        self.assertFalse(order.aftersales_state)
        guide.action_record_contact(**WINDOW)
        self.assertTrue(order.visit_ids)
        empty = self.create_order(order_line=[])
        self.assertIn("No product is ordered", empty.aftersales_check_handoff())

    def test_order_without_salesperson(self):
        """R-I06: what is missing goes to somebody, and may be switched off."""
        order = self.confirm(user_id=False, team_id=False)
        self.hand_over()
        self.assertEqual(order.activity_ids.user_id, self.users["supervisor"])
        self.company.aftersales_require_salesperson = False
        self.company.aftersales_require_reference = False
        self.desk.default_code = False
        other = self.confirm(user_id=False)
        self.assertEqual(other.aftersales_check_handoff(), [])

    def test_wishes_of_a_product_that_was_added(self):
        """R-H08: nothing is planned for installation before its wishes are known."""
        order = self.confirm()
        self.hand_over()
        board = self.env["product.product"].create(
            {
                "name": "智慧黑板",
                "default_code": "HB-1",
                "type": "consu",
                "aftersales_installation": True,
            }
        )
        order.order_line = [(0, 0, {"product_id": board.id})]
        guide = order.with_user(self.users["guide"])
        with self.assertRaisesRegex(UserError, order.name):
            guide.action_record_contact(**WINDOW)
        guide.write(
            {
                "installation_datetime": "2026-11-25 01:00:00",
                "installation_requirements": "二楼，无电梯",
            }
        )
        guide.action_record_contact(**WINDOW)
        self.assertEqual(order.visit_ids.kind, "installation")


@tagged("post_install", "-at_install")
class TestAddressChanged(HandoffCase):
    """The delivery address or telephone changes after the visit was confirmed."""

    def test_everybody_follows(self):
        """R-D01, R-D02: visit, transfer, task and call; the team is told."""
        order = self.confirm()
        self.hand_over()
        order.with_user(self.users["guide"]).action_record_contact(**WINDOW)
        visit = order.visit_ids.with_user(self.users["supervisor"])
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        points = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok")
        visit.action_record_call(vals=dict.fromkeys(points, True))
        place = self.env["res.partner"].create(
            {
                "name": "王小明的仓库",
                "parent_id": self.partner.id,
                "type": "delivery",
                "street": "外高桥富特路8号",
                "city": "上海市",
                "phone": "+86 139 0000 1111",
            }
        )
        order.with_user(self.users["guide"]).partner_shipping_id = place
        self.assertEqual(visit.address_id, place)
        self.assertEqual(visit.contact_phone, "+86 139 0000 1111")
        self.assertEqual(order.picking_ids.partner_id, place)
        task = visit.activity_ids.filtered(
            lambda t: t.user_id == self.users["technician"]
        )
        self.assertIn("外高桥富特路8号", task.note)
        self.assertFalse(visit.call_ok)
        told = self.env["mail.message"].search(
            [
                ("body", "ilike", "外高桥"),
                ("notified_partner_ids", "in", self.users["technician"].partner_id.ids),
            ]
        )
        self.assertTrue(told)

    def test_an_address_of_its_own_stays(self):
        """A visit that goes elsewhere on purpose doesn't follow."""
        order = self.confirm()
        self.hand_over()
        order.with_user(self.users["guide"]).action_record_contact(**WINDOW)
        order.visit_ids.contact_phone = "021-55550000"
        order.with_user(self.users["guide"]).delivery_contact_phone = "13900001111"
        self.assertEqual(order.visit_ids.contact_phone, "021-55550000")
