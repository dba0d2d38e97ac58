from datetime import timedelta

from odoo.tests import tagged

from .common import MONDAY
from .test_request import RequestCase


@tagged("post_install", "-at_install")
class TestPrinted(RequestCase):
    """What the customer reads is in the customer's language."""

    def render(self, report, record):
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        html, _type = reports._render_qweb_html(report, record.ids)
        return html.decode()

    def test_report_and_ledger_in_both_languages(self):
        """R-S09 R-Q03: facts, outcome of the clocks, and the ledger of a customer."""
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self.register(order_id=self.create_order().id)
        self.repair(request)
        with self.at(MONDAY + timedelta(minutes=50)):
            request.with_user(self.users["agent"]).action_send_report()
        words = {
            "en_US": ("Repair Report", "Kept", "Engineer on site", "Promise Ledger"),
            "zh_CN": ("维修报告", "已兑现", "到场", "承诺台账"),
        }
        for lang, (title, kept, arrival, ledger) in words.items():
            with self.subTest(lang=lang):
                self.partner.lang = lang
                text = self.render("aftersales_service.report_repair", request)
                for fact in (title, kept, arrival, "插头松动", "10:20:00"):
                    self.assertIn(fact, text)
                for name, record in (
                    ("report_ledger", request.order_id),
                    ("report_ledger_partner", self.partner),
                ):
                    text = self.render(f"aftersales_service.{name}", record)
                    for fact in (ledger, kept, request.display_name, "R-S06", "10:40"):
                        self.assertIn(fact, text)
