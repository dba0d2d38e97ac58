"""Spreadsheets for download: text stays text, whatever it begins with."""

import re
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet


def make_workbook(sheets):
    """Write tables into an xlsx file.

    :param sheets: list of (title, column titles, rows of plain values); numbers become
        numbers, dates ISO text, all else text (no formula can be smuggled in)
    :return: bytes of the file
    """
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for number, (title, columns, rows) in enumerate(sheets, 1):
            name = FORBIDDEN.sub(" ", title)[:25] or "-"
            sheet = book.add_worksheet(f"{number} {name}")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, max(len(columns), 2), 14)
            for column, label in enumerate(columns):
                sheet.write_string(0, column, label, bold)
            for line, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    _write(sheet, line, column, value)
    return stream.getvalue()


def _write(sheet, line, column, value):
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(line, column, value)
    elif isinstance(value, (date, datetime)):
        sheet.write_string(line, column, value.isoformat())
    elif value not in (None, False):
        sheet.write_string(line, column, str(value))
