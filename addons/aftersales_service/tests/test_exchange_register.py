from io import BytesIO

from lxml import etree
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .test_exchange import ExchangeCase


@tagged("post_install", "-at_install")
class TestExchangeRegister(ExchangeCase):
    def test_closing_needs_cause_and_responsible(self):
        """R-X04: and the goods have moved."""
        request = self.register()
        row = self.rows(request.action_exchange(reason="开裂"))
        vals = {"resolution": "已更换"}
        with self.assertRaises(UserError):
            request.action_close(vals=vals)
        vals["cause_id"] = self.cause.id
        with self.assertRaises(UserError):
            request.action_close(vals=vals)
        vals["responsible_department_id"] = self.department.id
        with self.assertRaisesRegex(UserError, row.display_name):
            request.action_close(vals=vals)
        self.move(row, "in")
        self.move(row, "out")
        request.action_close(vals=vals)
        self.assertEqual(row.cause_id, self.cause)
        self.assertEqual(row.responsible_department_id, self.department)
        with self.assertRaises(UserError):
            request.action_exchange(reason="x")

    def test_cancelled_by_who_may(self):
        """R-E01 R-X05: whoever may write the request; its row says who."""
        row = self.rows(self.register().action_exchange(reason="开裂"))
        with self.assertRaises(AccessError):
            row.with_user(self.users["warehouse"]).action_cancel("不换了")
        agent = row.with_user(self.users["agent"])
        first = agent.action_cancel("不换了", ref="x-1")
        self.assertEqual(agent.action_cancel("不换了", ref="x-1"), first)
        self.assertEqual(first["state"], "cancelled")
        logged = self.env["aftersales.act"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self.assertEqual(
            (logged.code, logged.user_id), ("cancel", self.users["agent"].id)
        )

    def test_odoos_own_return_is_registered(self):
        """R-X05: what the warehouse takes back by itself stands there, unit by unit."""
        wizard = self.wizard(quantity=2)
        wizard.action_create_exchanges()
        rows = self.env["aftersales.exchange"].search(
            [("order_id", "=", self.order.id)]
        )
        self.assertRecordValues(
            rows, [{"kind": "exchange", "unplanned": True, "quantity": 1}] * 2
        )
        self.assertEqual(rows.request_id.type, "exchange")
        self.move(rows, "in")
        self.move(rows, "out")
        self.assertEqual(rows.lot_id, self.delivered)
        self.assertEqual(len(rows.new_lot_id - self.delivered), 2)

    def wizard(self, quantity=1, **vals):
        wizard = self.env["stock.return.picking"].with_user(self.users["warehouse"])
        wizard = wizard.create({"picking_id": self.picking.id})
        wizard.product_return_moves.write({"quantity": quantity, **vals})
        return wizard

    def test_return_follows_an_open_request(self):
        """R-X05: the open request of these goods takes what stock returns."""
        request = self.register(lot_id=None)
        self.wizard(to_refund=False).action_create_returns()
        self.assertFalse(request.exchange_ids.unplanned)
        self.assertEqual(len(request.exchange_ids), 1)

    def test_wizard_shows_what_the_customer_has(self):
        """R-X02: the screens of request and order."""
        request = self.register()
        wizards = self.env["aftersales.exchange.wizard"]
        form = Form(
            wizards.with_user(self.users["agent"]).with_context(
                default_request_id=request.id
            )
        )
        self.assertEqual(len(form.line_ids), 2)
        self.assertEqual(form.reason, "桌面开裂")
        form.save().action_save()
        self.assertEqual(request.exchange_ids.lot_id, self.delivered[0])
        form = Form(
            wizards.with_user(self.users["guide"]).with_context(
                default_order_id=self.order.id
            )
        )
        form.reason = "颜色不符"
        wizard = form.save()
        self.assertEqual(wizard.line_ids.lot_id, self.delivered[1])
        with self.assertRaises(UserError):
            wizard.action_save()
        wizard.line_ids.quantity = 1
        wizard.kind = "return"
        wizard.action_save()
        rows = self.env["aftersales.exchange"].search([])
        self.assertEqual(rows[0].kind, "return")
        self.assertFalse(rows[0].move_ids.to_refund)

    def test_who_reads_and_who_writes(self):
        """R-X05: technicians and guides their own, nobody changes the register."""
        row = self.rows(self.register().action_exchange(reason="开裂"))
        rows = self.env["aftersales.exchange"]
        for role, seen in (
            ("agent", True),
            ("guide", True),
            ("warehouse", True),
            ("technician", False),
        ):
            with self.subTest(role=role):
                found = rows.with_user(self.users[role]).search([])
                self.assertEqual(row in found, seen)
        other = new_test_user(
            self.env, login="as_guide2", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(rows.with_user(other).search([]))
        for role in ("guide", "warehouse"):
            with self.subTest(role=role):
                for kind in ("list", "form"):
                    mine = row.with_user(self.users[role])
                    arch = etree.fromstring(mine.get_view(view_type=kind)["arch"])
                    names = {*arch.xpath("//field/@name"), "display_name"}
                    self.env.invalidate_all()
                    mine.web_read({name: {} for name in names})
        for role in ("stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                rows.with_user(self.users[role]).search([])
        for role in ("agent", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                row.with_user(self.users[role]).write({"reason": "x"})
        with self.assertRaises(UserError):
            row.sudo().unlink()
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = new_test_user(
            self.env,
            login="as_manager2",
            groups="aftersales_service.group_aftersales_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(rows.with_user(foreign).search([]))

    def test_conduct_files_a_liability(self):
        """R-X06: shirking and making it worse are answered for, by rule."""
        self.env["aftersales.liability.rule"].create({"clause": "R-X06", "value": 200})
        request = self.register().with_user(self.users["supervisor"])
        facts = request.action_file_conduct(
            conduct="shirking", note="推给仓库", employee_id=self.technician.id
        )
        liability = self.env["aftersales.liability"].browse(facts["liability_id"])
        self.assertRecordValues(
            liability,
            [
                {
                    "clause": "R-X06",
                    "conduct": "shirking",
                    "amount": 200,
                    "responsible_employee_id": self.technician.id,
                    "order_id": self.order.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            request.with_user(self.users["agent"]).action_file_conduct("shirking", "x")
        for bad in (
            {"conduct": "lazy"},
            {"note": " "},
            {"employee_id": None},
            {"employee_id": 10**8},
        ):
            vals = {
                "conduct": "aggravating",
                "note": "x",
                "employee_id": self.technician.id,
            } | bad
            with self.subTest(bad=bad), self.assertRaises(UserError):
                request.action_file_conduct(**vals)


@tagged("post_install", "-at_install")
class TestExchangeWorkbook(ExchangeCase, HttpCase):
    def test_workbook(self):
        """R-X05: the register as xlsx, in words, in the company's time, no formulas."""
        request = self.register(problem="x")
        self.rows(request.action_exchange(reason="=1+1"))
        self.users["agent"].password = "as_agent_1"  # noqa: S105
        self.authenticate("as_agent", "as_agent_1")
        answer = self.url_open("/aftersales/exchanges.xlsx")
        self.assertEqual(answer.status_code, 200)
        sheet = load_workbook(BytesIO(answer.content)).active
        table = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(len(table), 2)
        self.assertIn("=1+1", table[1])
        cell = next(c for c in sheet[2] if c.value == "=1+1")
        self.assertEqual(cell.data_type, "s")
        self.assertEqual(table[1][0].hour, 9)  # 01:00 UTC in Shanghai
        for bad in ("?ids=1,x", "?start=gestern"):
            answer = self.url_open(f"/aftersales/exchanges.xlsx{bad}")
            self.assertEqual(answer.status_code, 404)
        action = request.exchange_ids.action_export_register()
        self.assertIn(f"ids={request.exchange_ids.id}", action["url"])
        self.authenticate(None, None)
        answer = self.url_open("/aftersales/exchanges.xlsx", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
