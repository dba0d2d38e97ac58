from datetime import datetime
from io import BytesIO

import xlsxwriter

from odoo import fields, http
from odoo.http import content_disposition, request

from ..tools import to_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExchangeRegister(http.Controller):
    """The register of returns and exchanges as a workbook (R-X05)."""

    @http.route("/aftersales/exchanges.xlsx", type="http", auth="user", readonly=True)
    def exchanges(self, ids=None, start=None, stop=None, **_kw):
        """Workbook of the chosen rows, or of a period.

        :param ids: ids of rows, separated by commas
        :param start: first day (YYYY-MM-DD); empty: 1 January
        :param stop: last day; empty: today
        """
        if not request.env["aftersales.exchange"].has_access("read"):
            raise request.not_found()
        try:
            domain = self._get_domain(ids, start, stop)
        except (OverflowError, ValueError):  # no date, or one at the end of time
            raise request.not_found() from None
        # read with the user's own rights
        rows = request.env["aftersales.exchange"].search(domain, order="id")
        name = request.env._("Returns and Exchanges")
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
        ]
        content = self._write(rows._get_register_table(), name)
        return request.make_response(content, headers)

    def _get_domain(self, ids, start, stop):
        if ids:
            numbers = [to_id(text) for text in ids.split(",")]
            if not all(numbers):
                raise ValueError(ids)
            return [("id", "in", numbers)]
        company = request.env.company
        today = company._aftersales_now_local().date()
        first = fields.Date.to_date(start) or today.replace(month=1, day=1)
        last = fields.Date.to_date(stop) or today
        noon = company._aftersales_at(last, 12)
        return [
            ("registered_on", ">=", company._aftersales_at(first)),
            ("registered_on", "<=", company._aftersales_day_end(noon)),
        ]

    def _write(self, table, name):
        buffer = BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    plain = value.replace(tzinfo=None)
                    sheet.write_datetime(number, column, plain, moment)
                elif isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                else:  # never a formula, whatever a customer wrote
                    style = None if number else bold
                    sheet.write_string(number, column, value, style)
        sheet.set_column(0, len(table[0]) - 1, 16)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table) - 1, 1), len(table[0]) - 1)
        book.close()
        return buffer.getvalue()
