from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_tours_order import OrderCase


class StoreTourCase(OrderCase):
    """Stores with a part and a gift, and the manager who signs for gifts."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.users["tour_store"] = new_test_user(
            cls.env, login="tour_store", groups="stock.group_stock_user", lang="zh_CN"
        )
        cls.warehouse.aftersales_store_manager_id = cls.users["tour_store"]
        cls.lens = cls.create_part("镜头模组", "spare")
        cls.thermos = cls.create_part("保温杯", "gift")

    @classmethod
    def create_part(cls, name, store):
        category = cls.env.ref(f"aftersales_service.product_category_{store}")
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": 260,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse[f"aftersales_{store}_loc_id"], 5
        )
        return product

    def create_request(self, **vals):
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.desk.id,
                "problem": "桌面开裂",
                **vals,
            }
        )
        request.employee_ids = self.users["tour_technician"].employee_ids
        return request

    def open(self, action, record, tour, login):
        self.env.flush_all()
        url = f"/odoo/action-{action}" + (f"/{record.id}" if record else "")
        self.start_tour(url, tour, login=login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestStoreTours(StoreTourCase):
    """The store at the screen: parts, gifts and what customers bring back."""

    REQUEST = "aftersales_service.request_action"
    PICKING = "stock.action_picking_tree_all"

    def test_part_from_the_request_into_the_unit(self):
        """R-P02 R-P03 R-P06: asked, approved, reserved, issued and fitted."""
        request = self.create_request(type="fault")
        line = self.env["aftersales.part.line"].create(
            {"request_id": request.id, "product_id": self.lens.id, "quantity": 1}
        )
        self.open(self.REQUEST, request, "aftersales_parts_approve", "tour_planner")
        self.assertEqual(line.decided_by_id, self.users["tour_planner"])
        self.open(
            "aftersales_service.part_line_action",
            None,
            "aftersales_parts_issue",
            "tour_warehouse",
        )
        self.assertRecordValues(line, [{"state": "issued", "out_qty": 1}])
        self.open(self.REQUEST, request, "aftersales_parts_fit", "tour_technician")
        self.assertRecordValues(line, [{"state": "used", "used_qty": 1}])
        store = self.warehouse.aftersales_spare_loc_id
        self.assertEqual(self.lens.with_context(location=store.id).qty_available, 4)

    def create_gift_transfer(self):
        kind = self.warehouse.aftersales_gift_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": self.customer.id,
                "location_id": self.warehouse.aftersales_gift_loc_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        self.env["stock.move"].create(
            {
                "picking_id": picking.id,
                "product_id": self.thermos.id,
                "product_uom_qty": 2,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_gift_waits_for_the_signature(self):
        """R-P08: refused with the gift's name, signed by the manager, let go."""
        picking = self.create_gift_transfer()
        with mute_logger("odoo.http"):  # the refusal is what we want to see
            self.open(
                self.PICKING, picking, "aftersales_gift_refused", "tour_warehouse"
            )
        self.assertEqual(picking.state, "assigned")
        self.open(self.PICKING, picking, "aftersales_gift_authorised", "tour_store")
        act = picking.move_ids.aftersales_gift_id
        self.assertRecordValues(
            act,
            [
                {
                    "kind": "store_manager",
                    "user_id": self.users["tour_store"].id,
                    "note": "开业赠品",
                }
            ],
        )
        self.open(
            self.PICKING, picking, "aftersales_warehouse_validate", "tour_warehouse"
        )
        self.assertEqual(picking.state, "done")

    def test_exchange_by_the_dialog(self):
        """R-X01 R-X02 R-X05: the agent arranges it, the warehouse swaps the units."""
        self.order.no_special_requests = True
        self.order.action_confirm()
        self.order.picking_ids.move_ids.picked = True
        self.order.picking_ids.with_context(skip_sms=True).button_validate()
        old = self.order.picking_ids.move_line_ids.lot_id
        new = self.env["stock.lot"].create(
            {"name": "KZ260002", "product_id": self.desk.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.warehouse.lot_stock_id, 1, lot_id=new
        )
        request = self.create_request(
            type="exchange", order_id=self.order.id, lot_id=old.id
        )
        self.open(self.REQUEST, request, "aftersales_exchange", "tour_clerk")
        row = request.exchange_ids
        self.assertEqual((row.lot_id, row.state), (old, "open"))
        row._get_out_moves().aftersales_check = "ok"  # opened and looked at
        for moves in (row._get_back_moves(), row._get_out_moves()):
            self.open(
                self.PICKING,
                moves.picking_id,
                "aftersales_warehouse_validate",
                "tour_warehouse",
            )
        self.assertRecordValues(row, [{"state": "done", "new_lot_id": new.id}])
