from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

ROLES = {
    "tour_guide": "sales_team.group_sale_salesman_all_leads",
    "tour_clerk": "aftersales_service.group_aftersales_user",
    "tour_planner": "aftersales_service.group_aftersales_supervisor",
    "tour_warehouse": "stock.group_stock_user",
    "tour_technician": "aftersales_service.group_aftersales_technician",
}


class OrderCase(HttpCase):
    """One order of a Chinese dealer and the people who keep its promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            login: new_test_user(cls.env, login=login, groups=group, lang="zh_CN")
            for login, group in ROLES.items()
        }
        company = cls.env.company
        company.aftersales_clerk_id = cls.users["tour_clerk"]
        company.partner_id.lang = "zh_CN"
        cls.env["hr.employee"].create(
            {"name": "李师傅", "user_id": cls.users["tour_technician"].id}
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "上海市第三中学",
                "phone": "021 6218 0000",
                "email": "school@example.cn",
                "street": "南京西路1266号",
                "city": "上海市",
                "lang": "zh_CN",
            }
        )
        cls.desk = cls.env["product.product"].create(
            {
                "name": "升降课桌",
                "default_code": "KZ-120",
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "list_price": 1280,
            }
        )
        lot = cls.env["stock.lot"].create(
            {"name": "KZ260001", "product_id": cls.desk.id}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.desk, warehouse.lot_stock_id, 1, lot_id=lot
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.users["tour_guide"].id,
                "commitment_date": fields.Datetime.now() + timedelta(days=9),
                "order_line": [Command.create({"product_id": cls.desk.id})],
            }
        )


@tagged("post_install", "-at_install")
class TestWholeOrder(OrderCase):
    """Everybody at the screen, one after the other, until the customer signed."""

    browser_size = "1366x768"

    def open(self, action, record, tour, login):
        self.env.flush_all()
        self.env.invalidate_all()
        url = f"/odoo/action-{action}" + (f"/{record.id}" if record else "")
        self.start_tour(url, tour, login=login)
        self.env.invalidate_all()

    def test_from_the_guide_to_the_customer(self):
        """R-H01 R-H02 R-H06 R-D02 R-D04 R-D06 R-D08: six people, one order."""
        order = self.order
        self.open(
            "sale.action_quotations", order, "aftersales_order_guide", "tour_guide"
        )
        self.assertTrue(order.is_handoff_complete)
        order.company_id.aftersales_cutoff = 0  # the batch of the coming midnight
        order.confirmed_at -= timedelta(days=1)
        self.env["aftersales.handoff.batch"]._create_batch(
            order.company_id, fields.Datetime.now()
        )
        self.open(
            "aftersales_service.handoff_batch_action",
            None,
            "aftersales_order_clerk",
            "tour_clerk",
        )
        self.assertEqual(order.handoff_batch_id.state, "acknowledged")
        self.open("sale.action_orders", order, "aftersales_appointment", "tour_guide")
        visit = order.visit_ids
        self.start_tour(visit.get_portal_url(), "aftersales_order_customer")
        self.env.invalidate_all()
        self.assertTrue(visit.customer_confirmed_at)
        self.open(
            "aftersales_service.visit_action",
            visit,
            "aftersales_order_planner",
            "tour_planner",
        )
        self.open(
            "stock.action_picking_tree_all",
            order.picking_ids,
            "aftersales_order_warehouse",
            "tour_warehouse",
        )
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.picking_ids.move_ids.aftersales_check, "ok")


@tagged("post_install", "-at_install")
class TestTechnicianDay(OrderCase):
    """The technician's day on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_visit_on_the_phone(self):
        """R-D02 R-D08 R-D10: from the call to the customer's signature."""
        order = self.order
        order.no_special_requests = True
        order.action_confirm()
        order._mark_handed_off(fields.Datetime.now())
        day = fields.Datetime.now().replace(hour=1, minute=0, second=0)
        order.action_record_contact(
            day + timedelta(days=1), day + timedelta(days=1, hours=2)
        )
        order.picking_ids.action_assign()
        visit = order.visit_ids
        technician = self.users["tour_technician"].employee_ids
        visit.action_assign(employee_ids=technician.ids)
        visit.action_confirm()
        visit.checklist_line_ids.done = True
        self.start_tour(
            "/odoo/action-aftersales_service.visit_action_my_day",
            "aftersales_order_technician",
            login="tour_technician",
        )
        self.env.invalidate_all()
        self.assertRecordValues(visit, [{"state": "done", "signed_by": "王主任"}])
        self.assertEqual(order.delivery_status, "full")
        self.assertEqual(visit.lot_ids.name, "KZ260001")
