from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .common import MONDAY
from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestPartScreens(PartsCase):
    """What each role sees of the parts."""

    def create_visit(self, **vals):
        visit = self.env["aftersales.visit"].create(
            self.request._prepare_visit_vals()
            | {
                "scheduled_start": MONDAY + timedelta(days=1),
                "scheduled_stop": MONDAY + timedelta(days=1, hours=2),
                **vals,
            }
        )
        visit._set_team(self.technician)
        return visit

    def test_technician_asks_on_the_request(self):
        """R-P03: a line typed into the request's form, which a technician can open."""
        request = self.as_("technician", self.request)
        self.assertIn("part_line_ids", Form(request)._view["fields"])
        line = {"product_id": self.lens.id, "quantity": 2}
        request.web_save(
            {"part_line_ids": [[0, "virtual_1", line]]},
            {"part_line_ids": {"fields": {"state": {}}}},
        )
        self.assertRecordValues(
            self.request.part_line_ids,
            [{"product_id": self.lens.id, "quantity": 2, "state": "requested"}],
        )

    def test_wizard(self):
        """R-P07: fitted and brought back, asked for in a dialog."""
        self.stock(self.controller, 1, lot=self.create_lot(self.controller, "C-1"))
        line = self.issue(self.controller)
        form = Form(
            self.env["aftersales.part.wizard"]
            .with_user(self.users["technician"])
            .with_context(default_line_ids=line.ids, default_act="use")
        )
        self.assertEqual(form.quantity, 1)
        form.old_lot_name = "C-0"
        form.save().action_save()
        self.assertEqual((line.state, line.replaced_lot_name), ("used", "C-0"))

    def test_transfer_says_for_whom(self):
        """R-P06: request, visit and technician on the warehouse's transfer."""
        visit = self.create_visit()
        self.stock(self.lens, 1)
        line = self.create_line(visit_id=visit.id)
        line.action_approve()
        line.action_reserve()
        picking = self.as_("warehouse", line.move_ids.picking_id)
        for part in (self.request.name, visit.name, "李师傅", "王小明"):
            self.assertIn(part, picking.aftersales_part_info)
        self.assertFalse(picking.aftersales_has_gift)

    def test_warehouse_reads_its_lists(self):
        """R-P03: the lists of the warehouse need no right on requests."""
        self.create_line()
        lines = self.env["aftersales.part.line"].with_user(self.users["warehouse"])
        names = ("product_id", "destination", "state", "shortage_qty")
        rows = lines.web_search_read(
            [], {name: {} for name in (*names, "expected_date", "coverage")}
        )
        self.assertEqual(rows["records"][0]["state"], "requested")
        self.assertIn("王小明", rows["records"][0]["destination"])

    def test_pick_list(self):
        """R-P06: one page for the van, summed over the visits."""
        first, second = (
            self.create_visit(),
            self.create_visit(
                scheduled_start=MONDAY + timedelta(days=2),
                scheduled_stop=MONDAY + timedelta(days=2, hours=1),
            ),
        )
        self.stock(self.lens, 3)
        for visit in (first, second):
            line = self.create_line(quantity=2, visit_id=visit.id)
            line.action_approve()
            line.action_reserve()
        vans = (first | second)._get_pick_lists()
        self.assertEqual(len(vans), 1)
        part = vans[0]["parts"][0]
        self.assertEqual((part["quantity"], part["short"]), (4, 1))
        report = self.env["ir.actions.report"].with_user(self.users["technician"])
        html, _kind = report._render_qweb_html(
            "aftersales_service.report_pick_list", (first | second).ids
        )
        self.assertIn("镜头模组", html.decode())

    def count_queries(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def reserve_plain(self, count):
        """As many moves of Odoo, without parts."""
        self.stock(self.desk, count, self.warehouse.lot_stock_id)
        self.desk.tracking = "none"
        places = {
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        picking = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.out_type_id.id, **places}
        )
        move = {"product_id": self.desk.id, "picking_id": picking.id, **places}
        moves = self.env["stock.move"].create([dict(move) for _ in range(count)])
        moves.product_uom_qty = 1
        moves._action_confirm(merge=False)._action_assign()

    def test_five_hundred_lines(self):
        """R-P03, R-P06: a batch is approved, reserved, issued and fitted at once."""
        self.stock(self.lens, 500)
        lines = self.env["aftersales.part.line"].create(
            [{"request_id": self.request.id, "product_id": self.lens.id}] * 500
        )
        lines.action_approve()
        floor = self.count_queries(lambda: self.reserve_plain(500))
        more = self.count_queries(lines.action_reserve) - floor
        self.assertLess(more, 40)
        lines.action_issue()
        lines.action_use()
        self.assertEqual(set(lines.mapped("state")), {"used"})
        self.assertEqual(len(lines.move_ids.picking_id), 3)
        self.assertEqual(len(self.request.cost_ids), 500)


@tagged("post_install", "-at_install")
class TestPartPortal(HttpCase):
    def test_customer_sees_the_parts(self):
        """R-P09: the customer sees approved parts and what they cost."""
        category = self.env.ref("aftersales_service.product_category_spare")
        lens = self.env["product.product"].create(
            {
                "name": "镜头模组",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": 260,
            }
        )
        partner = self.env["res.partner"].create({"name": "王小明"})
        request = self.env["aftersales.request"].create(
            {
                "type": "supply",
                "partner_id": partner.id,
                "problem": "买镜头",
                "part_line_ids": [
                    Command.create({"product_id": lens.id, "quantity": 1}),
                ],
            }
        )
        path = (
            f"/my/requests/{request.id}?access_token={request._portal_ensure_token()}"
        )
        self.assertNotIn("镜头模组", self.url_open(path).text)
        request.part_line_ids.action_approve()
        facts = request.action_quote_parts()
        page = self.url_open(path).text
        self.assertIn("镜头模组", page)
        self.assertIn("260", page)
        self.assertIn(f"/my/orders/{facts['order_id']}", page)
