from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MONDAY
from .test_request import RequestCase


class FileCase(RequestCase):
    def deliver(self):
        """A confirmed order with one delivered unit."""
        order = self.create_order()
        order.action_confirm()
        lot = self.env["stock.lot"].create({"product_id": self.desk.id, "name": "SN-1"})
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {"product_id": self.desk.id, "lot_id": lot.id, "quantity": 1}
            )
        ]
        move.picked = True
        order.picking_ids._action_done()
        return order, lot


@tagged("post_install", "-at_install")
class TestContact(FileCase):
    def test_logged_in_one_step(self):
        """R-V10: from customer, unit or order; the rest is found."""
        order, lot = self.deliver()
        model = self.env["aftersales.contact"].with_user(self.users["agent"])
        contact = model.browse(
            model.log_contact(vals={"order_id": order.id, "subject": "询问发票"})
        )
        self.assertRecordValues(
            contact,
            [
                {
                    "partner_id": self.partner.id,
                    "channel": "phone",
                    "direction": "in",
                    "user_id": self.users["agent"].id,
                    "contacted_at": MONDAY,
                }
            ],
        )
        by_unit = model.log_contact(
            vals={"lot_id": lot.id, "subject": "来信致谢", "channel": "letter"}
        )
        self.assertEqual(model.browse(by_unit).partner_id, self.partner)
        action = order.with_user(self.users["guide"]).action_log_contact()
        self.assertEqual(action["context"], {"default_order_id": order.id})

    def test_bad_contacts_are_named(self):
        """R-V10: what is missing, unknown or impossible."""
        model = self.env["aftersales.contact"].with_user(self.users["agent"])
        for vals in (
            {"subject": "无客户"},
            {"partner_id": self.partner.id},
            {"partner_id": self.partner.id, "subject": "  "},
            {"partner_id": 99999999, "subject": "x"},
            {"partner_id": self.partner.id, "subject": "x", "channel": "pigeon"},
            {"partner_id": self.partner.id, "subject": "x", "direction": "up"},
            {"partner_id": self.partner.id, "subject": "x", "who": 1},
            {
                "partner_id": self.partner.id,
                "subject": "x",
                "contacted_at": "2027-01-01 00:00:00",
            },
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                model.log_contact(vals=vals)

    def test_becomes_a_request(self):
        """R-V10 R-S01: one click, once; then it stays."""
        model = self.env["aftersales.contact"].with_user(self.users["agent"])
        vals = {"partner_id": self.partner.id, "subject": "门关不上"}
        contact = model.browse(model.log_contact(vals=vals))
        action = contact.action_make_request()
        self.assertEqual(contact.action_make_request()["res_id"], action["res_id"])
        self.assertEqual(contact.request_id.problem, "门关不上")
        with self.assertRaises(UserError):
            contact.subject = "其他"
        with self.assertRaises(UserError):
            contact.unlink()

    def test_contact_is_logged_once(self):
        """R-E02 R-E03: once for each reference, in the name of who logs it."""
        model = self.env["aftersales.contact"].with_user(self.users["agent"])
        vals = {"partner_id": self.partner.id, "subject": "来电"}
        contact = model.browse(model.log_contact(vals, ref="c-1"))
        self.assertEqual(model.log_contact(vals, ref="c-1"), contact.id)
        other = self.users["supervisor"]
        with self.assertRaises(UserError):
            model.create(vals | {"user_id": other.id})
        mine = model.with_context(default_user_id=other.id).create(vals)
        self.assertEqual(mine.user_id, self.users["agent"])

    def test_who_may_log(self):
        """R-V10: technicians and guides see their own, agents all."""
        model = self.env["aftersales.contact"]
        vals = {"partner_id": self.partner.id, "subject": "来电"}
        mine = {
            role: model.with_user(self.users[role]).log_contact(vals=vals)
            for role in ("technician", "guide", "agent")
        }
        for role in ("technician", "guide"):
            seen = model.with_user(self.users[role]).search([])
            self.assertEqual(seen.ids, [mine[role]])
            with self.assertRaises(AccessError):
                model.browse(mine["agent"]).with_user(self.users[role]).note = "?"
        agent = model.with_user(self.users["agent"])
        self.assertLessEqual(set(mine.values()), set(agent.search([]).ids))
        agent.browse(mine["agent"]).note = "补充"
        with self.assertRaises(AccessError):
            agent.browse(mine["guide"]).note = "?"
        model.browse(mine["guide"]).with_user(self.users["supervisor"]).note = "更正"
        for role in ("stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).log_contact(vals=vals)
        with self.assertRaises(AccessError):
            agent.browse(mine["agent"]).unlink()


@tagged("post_install", "-at_install")
class TestCustomerFile(FileCase):
    def test_everything_on_one_page(self):
        """R-V09: units, contracts, promises, visits, requests, contacts, timeline."""
        order, lot = self.deliver()
        request = self.register(lot_id=lot.id, order_id=order.id)
        self.repair(request)
        model = self.env["aftersales.contact"].with_user(self.users["agent"])
        model.log_contact(vals={"lot_id": lot.id, "subject": "来电"})
        partner = self.partner.with_user(self.users["agent"])
        self.assertEqual(partner.file_lot_ids, lot)
        self.assertEqual(partner.file_order_ids, order)
        self.assertEqual(partner.file_request_ids, request)
        self.assertTrue(partner.file_clock_ids)
        self.assertEqual(partner.file_contact_ids.subject, "来电")
        self.assertEqual((partner.file_open_count, partner.file_visit_count), (1, 1))
        kinds = set(partner.file_timeline_ids.mapped("res_model"))
        self.assertLessEqual(
            {"aftersales.request", "aftersales.visit", "sale.order"}, kinds
        )
        unit = lot.with_user(self.users["agent"])
        self.assertEqual(unit.file_request_ids, request)
        self.assertEqual(unit.file_visit_ids.kind, "repair")
        self.assertEqual(unit.file_order_ids, order)
        self.assertIn("aftersales.visit", unit.file_timeline_ids.mapped("res_model"))
        self.assertFalse(unit.file_warranty_until)

    def test_entries_open_their_documents(self):
        """R-V09: each line of the timeline leads to its document."""
        request = self.register()
        partner = self.partner.with_user(self.users["agent"])
        entry = partner.file_timeline_ids.filtered(
            lambda e: e.res_model == "aftersales.request"
        )
        self.assertEqual(entry.action_open()["res_id"], request.id)
        action = partner.with_context(
            file_list="file_request_ids"
        ).action_view_file_list()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, request)
        with self.assertRaises(UserError):
            partner.with_context(file_list="password").action_view_file_list()
        self.assertEqual(partner.action_view_file()["res_id"], self.partner.id)

    def test_returned_units_are_gone(self):
        """R-V09: the file shows what the customer has now."""
        order, lot = self.deliver()
        picking = order.picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.move_line_ids.lot_id = lot
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        self.env.invalidate_all()
        self.assertFalse(self.partner.with_user(self.users["agent"]).file_lot_ids)

    def test_page_takes_constant_queries(self):
        """R-V09: ten years of history open like one day."""
        spec = {
            name: {"fields": {"display_name": {}}}
            for name in ("file_request_ids", "file_visit_ids", "file_clock_ids")
        } | {"file_timeline_ids": {"fields": {"text": {}}}, "file_open_count": {}}
        partner = self.partner.with_user(self.users["agent"])

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partner.web_read(spec)
            return self.env.cr.sql_log_count - before

        self.register()
        count()
        few = count()
        for number in range(30):
            self.register(problem=f"问题{number}")
        self.assertLessEqual(count(), few)

    def test_who_opens_it(self):
        """R-V09: after-sales only; strangers see the address book as before."""
        for role in ("stranger", "guide", "portal"):
            partner = self.partner.with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                partner.read(["file_request_ids"])
        self.register()
        timeline = self.env["aftersales.timeline"]
        with self.assertRaises(AccessError):
            timeline.with_user(self.users["technician"]).search([])
        company = self.env["res.company"].create({"name": "杭州分公司"})
        other = self.env["res.users"].browse(self.users["agent"].id)
        other.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertFalse(timeline.with_user(other).search([]))

    def test_key_customer_and_yearly_report(self):
        """R-V04: named by supervisors; the report counts the last twelve months."""
        with self.assertRaises(AccessError):
            self.partner.with_user(self.users["agent"]).action_toggle_key_customer()
        partner = self.partner.with_user(self.users["supervisor"])
        self.assertTrue(partner.action_toggle_key_customer()["is_key_customer"])
        with self.at(MONDAY - timedelta(days=400)):
            self.register(problem="去年的问题")
        request = self.register()
        self.repair(request)
        year = partner._get_year_report()
        self.assertEqual(year["requests"], request)
        self.assertEqual(year["visits"].mapped("kind"), ["repair"])
        self.assertEqual((year["csat"], year["nps"]), (0.0, 0.0), "nobody was asked")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_customer_year", self.partner.ids
        )
        self.assertIn(request.name, html.decode())
        self.assertNotIn("去年的问题", html.decode())
