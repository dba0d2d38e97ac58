import base64
from unittest.mock import patch

from .common import AftersalesCase

PDF = b"%PDF-1.4"


class TestPapersByMail(AftersalesCase):
    """Papers go out by mail, whatever is installed beside Odoo."""

    def _attachments(self, state):
        """Attachments of the visit sheet's mail.

        :param state: what Odoo says of the PDF printer
        """
        visit = self.env["aftersales.visit"].create(
            {"partner_id": self.partner.id, "kind": "delivery"}
        )
        template = self.env.ref("aftersales_service.mail_template_visit_sheet")
        reports = type(self.env["ir.actions.report"])
        with (
            patch.object(reports, "get_wkhtmltopdf_state", lambda report: state),
            patch.object(reports, "_run_wkhtmltopdf", lambda *a, **k: PDF),
        ):
            template = template.with_context(force_report_rendering=True)
            values = template._generate_template(visit.ids, ("report_template_ids",))
        return visit, values[visit.id]["attachments"]

    def test_without_a_pdf_printer_a_page_is_sent(self):
        """R-H09, R-S09: the paper arrives as a web page instead of an error."""
        visit, ((name, content),) = self._attachments("install")
        self.assertEqual(name, f"{visit.name}.html")
        self.assertIn("王小明", base64.b64decode(content).decode())

    def test_with_a_pdf_printer(self):
        visit, ((name, content),) = self._attachments("ok")
        self.assertEqual(name, f"{visit.name}.pdf")
        self.assertEqual(base64.b64decode(content), PDF)
