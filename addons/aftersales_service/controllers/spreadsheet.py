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
