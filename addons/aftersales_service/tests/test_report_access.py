import base64
import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .report_common import ReportReaders
from .test_acceptance import AcceptanceCase

NEVER = ("public", "portal", "stranger")


@tagged("post_install", "-at_install")
class TestReportAccess(ReportReaders, AcceptanceCase, HttpCase):
    """Reports show what their reader may read (R-D15, R-S09, R-Q03)."""

    def setUp(self):
        super().setUp()
        self.fault = self.env["aftersales.request"].create(
            {
                "type": "fault",
                "partner_id": self.partner.id,
                "product_id": self.desk.id,
                "problem": "课桌不能升降",
            }
        )
        self.visit = self.env["aftersales.visit"].create(
            {
                "kind": "repair",
                "partner_id": self.partner.id,
                "address": "南京西路1266号",
            }
        )

    def get_records(self):
        order = self.create_order()
        order.action_confirm()
        repair = self.env["repair.order"].create(
            {"product_id": self.desk.id, "partner_id": self.partner.id}
        )
        quality = self.env["aftersales.quality.report"].search([], limit=1)
        quality = quality or self.env["aftersales.quality.report"].create(
            {"month": "2026-10-01", "company_id": self.company.id}
        )
        acceptance = self.env["aftersales.acceptance"].create({"order_id": order.id})
        return {
            "report_acceptance": acceptance,
            "report_quality": quality,
            "report_customer_year": self.partner,
            "report_ledger_partner": self.partner,
            "report_ledger": order,
            "report_visit_sheet": self.visit,
            "report_pick_list": self.visit,
            "report_inspection": self.visit,
            "report_receipt": repair,
            "report_repair": self.fault,
        }

    def test_who_reads_the_record_prints_it(self):
        """R-S01 R-D15: strangers, customers and other companies are refused."""
        self.check_readers("aftersales_service", self.get_records(), NEVER)

    def test_one_foreign_record_refuses_all(self):
        """R-D15: a technician prints his own visits, not a colleague's among them."""
        own = self.visit.copy()
        own.assignment_ids = [(0, 0, {"employee_id": self.technician.id})]
        report = self.env.ref("aftersales_service.action_report_visit_sheet")
        self.login("technician")
        self.assertEqual(self.ask(report, own), 200)
        path = f"/report/html/{report.report_name}/{own.id},{self.visit.id}"
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(path).status_code, 403)

    def test_papers_of_the_house_stay_there(self):
        """R-D15: the customer of a visit doesn't see stock, reasons and badges."""
        self.add_readers()
        self.login("customer")
        self.assertTrue(self.visit.with_user(self.users["customer"]).has_access("read"))
        for name in ("visit_sheet", "pick_list", "inspection"):
            report = self.env.ref(f"aftersales_service.action_report_{name}")
            with self.subTest(name=name), mute_logger("odoo.http"):
                self.assertEqual(self.ask(report, self.visit), 403)

    def test_the_button_and_the_stored_copy_are_refused_too(self):
        """R-D15: the web client's download, and a PDF that was filed earlier."""
        report = self.env.ref("aftersales_service.action_report_visit_sheet")
        report.write({"attachment": "'file.pdf'", "attachment_use": True})
        self.env["ir.attachment"].create(
            {
                "name": "file.pdf",
                "datas": base64.b64encode(b"%PDF-1.4 secret"),
                "res_model": self.visit._name,
                "res_id": self.visit.id,
            }
        )
        force = json.dumps({"force_report_rendering": 1})
        for role, status in (("stranger", 403), ("agent", 200)):
            self.login(role)
            with self.subTest(role=role), mute_logger("odoo.http"):
                self.assertEqual(
                    self.ask(report, self.visit, "pdf", context=force), status
                )
        self.login("stranger")
        with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
            answer = self.ask(report, self.visit, "download")
        self.assertIn("AccessError", answer.text)
        self.assertNotIn(self.partner.street, answer.text)
