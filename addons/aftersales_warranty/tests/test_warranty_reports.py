from odoo.tests import HttpCase, tagged

from odoo.addons.aftersales_service.tests.report_common import ReportReaders

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestWarrantyReports(ReportReaders, WarrantyCase, HttpCase):
    def test_who_reads_the_card_prints_it(self):
        """R-W12 R-W04: cards and certificates aren't for strangers and employees."""
        card = self.accept()
        maintenance = self.env["aftersales.warranty.maintenance"].create(
            {
                "card_id": card.id,
                "term_end": card.end_date,
                "visit_id": self.env["aftersales.visit"]
                .create({"kind": "maintenance", "partner_id": self.partner.id})
                .id,
            }
        )
        records = {"report_warranty_card": card, "report_maintenance": maintenance}
        never = ("public", "portal", "stranger", "foreign", "warehouse")
        self.check_readers("aftersales_warranty", records, never)
        self.login("customer")
        report = self.env.ref("aftersales_warranty.action_report_warranty_card")
        self.assertEqual(self.ask(report, card), 200)
