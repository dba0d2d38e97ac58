from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from ..xlsx import make_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Spreadsheets(http.Controller):
    """Figures as spreadsheets, with the rights of who downloads them."""

    @http.route("/aftersales/appraisal/xlsx", type="http", auth="user", readonly=True)
    def appraisal(self, month=None, **_kw):
        """The appraisals of one month (R-K01)."""
        appraisals = request.env["aftersales.appraisal"]
        try:
            first = appraisals._parse_month(month, request.env.company)
            found = appraisals.search([("month", "=", first)])
        except (AccessError, UserError) as refusal:
            return request.make_response(str(refusal), status=403)
        return send_workbook(f"appraisal-{first:%Y-%m}", [found._get_sheet()])

    @http.route(
        "/aftersales/quality/<int:report_id>/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def quality(self, report_id, **_kw):
        """The figures of one quality report, the same as on paper (R-Q01)."""
        report = request.env["aftersales.quality.report"].browse(report_id).exists()
        if not report or not report.has_access("read"):
            return request.make_response("", status=404)
        return send_workbook(f"quality-{report.month:%Y-%m}", report._get_sheets())


def send_workbook(name, sheets):
    """Response with a spreadsheet.

    :param name: file name without its ending
    :param sheets: see :func:`..xlsx.make_workbook`
    """
    headers = [
        ("Content-Type", XLSX),
        ("Content-Disposition", content_disposition(f"{name}.xlsx")),
    ]
    return request.make_response(make_workbook(sheets), headers=headers)
