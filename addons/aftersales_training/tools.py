"""Who is the same person, and reading lists of people from files and pasted text."""

import csv
import io
import re

from odoo import fields
from odoo.exceptions import UserError

from .xlsx_reader import MOST_COLUMNS, UnreadableWorkbook, read_first_sheet

LONGEST_LINE = 1000  # characters of one person
MOST_ROWS = 5000
LARGEST_FILE = 5 * 1024 * 1024
DIGITS = re.compile(r"\D")
PHONE = re.compile(r"^\+?[\d\s()\-.]{7,}$")
NUMBER = re.compile(r"\d{5}")  # in a name: a phone or ID that wasn't understood
FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would calculate
ROLES = ("operator", "maintainer", "liaison")
HEADERS = {
    "name": "name",
    "full name": "name",
    "姓名": "name",
    "名字": "name",
    "phone": "phone",
    "mobile": "phone",
    "手机": "phone",
    "手机号": "phone",
    "手机号码": "phone",
    "电话": "phone",
    "联系电话": "phone",
    "role": "role",
    "角色": "role",
    "岗位": "role",
    "工种": "role",
    "id number": "id_number",
    "id": "id_number",
    "身份证": "id_number",
    "身份证号": "id_number",
    "证件号": "id_number",
    "证件号码": "id_number",
}
ROLE_NAMES = {
    "operator": "operator",
    "操作": "operator",
    "操作员": "operator",
    "操作人员": "operator",
    "操作工": "operator",
    "maintainer": "maintainer",
    "maintenance": "maintainer",
    "维修": "maintainer",
    "维修员": "maintainer",
    "维修人员": "maintainer",
    "维修工": "maintainer",
    "维护人员": "maintainer",
    "liaison": "liaison",
    "联络": "liaison",
    "联络人": "liaison",
    "联系人": "liaison",
    "对接人": "liaison",
}


def normalise_phone(company, phone):
    """One spelling for a phone number: +8613900000001.

    :param company: res.company whose country's national numbers it may be
    :param phone: text as people write it
    :return: E.164 where the number is valid, else its digits; empty for no number
    """
    text = str(phone or "").strip()
    digits = DIGITS.sub("", text)
    if not digits:
        return ""
    if text == f"+{digits}":
        return text
    if text.startswith("00"):
        text = f"+{digits[2:]}"
    country = company.country_id or company.env.ref("base.cn")
    number = company._phone_format(number=text, country=country)
    return number or digits.lstrip("0")


def person_key(name, phone, id_number=None):
    """The same person under two spellings: by phone, else by ID, else by name.

    :param phone: number from ``normalise_phone``
    """
    if phone:
        return f"tel:{phone}"
    if id_number:
        return f"id:{id_number.strip().upper()}"
    return "name:" + "".join(str(name or "").split()).casefold()


def future_time(env, at):
    """Return ``at`` as naive UTC datetime.

    :raise UserError: not a date and time, or in the past
    """
    try:
        moment = fields.Datetime.to_datetime(at)
    except (TypeError, ValueError):
        moment = None
    if not moment:
        raise UserError(
            env._("“%(at)s” is not a date and time (YYYY-MM-DD HH:MM:SS, UTC).", at=at)
        )
    if moment < fields.Datetime.now():
        raise UserError(env._("%(at)s UTC is in the past.", at=moment))
    return moment


def read_file(env, content, filename):
    """Rows of an XLSX or CSV file of attendees.

    :param content: bytes of the file
    :param filename: its name; the ending tells what it is
    :return: list of dicts with the keys of ``HEADERS``
    :raise UserError: another kind of file, wrong columns, too large
    """
    if len(content) > LARGEST_FILE:
        raise UserError(env._("The file is larger than 5 MB."))
    name = (filename or "").lower()
    if name.endswith(".xlsx"):
        table = _read_xlsx(env, content)
    elif name.endswith(".csv"):
        table = _read_csv(env, content)
    else:
        raise UserError(env._("“%s” is neither XLSX nor CSV.", filename or ""))
    return _to_rows(env, table)


def _read_xlsx(env, content):
    try:
        rows = read_first_sheet(content, MOST_ROWS + 1)
    except UnreadableWorkbook:
        raise UserError(
            env._(
                "The file is not a readable XLSX file, or too large: save only the list"
                " of people, in one sheet."
            )
        ) from None
    table = [[_text(cell) for cell in row] for row in rows]
    _check_length(env, table)
    return table


def _read_csv(env, content):
    for encoding in ("utf-8-sig", "gb18030"):  # what Excel in China saves
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UserError(env._("The file is not a readable CSV file."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            table.append(row[:MOST_COLUMNS])
            _check_length(env, table)
    except csv.Error:
        raise UserError(env._("The file is not a readable CSV file.")) from None
    return table


def _check_length(env, table):
    if len(table) > MOST_ROWS + 1:
        raise UserError(env._("The file has more than %s rows.", MOST_ROWS))


def _text(cell):
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # spreadsheets keep phone numbers as numbers
    return "" if cell is None else str(cell)


def _to_rows(env, table):
    header = [HEADERS.get(str(cell).strip().casefold()) for cell in (table or [[]])[0]]
    given = [cell for cell in (table or [[]])[0] if str(cell).strip()]
    unknown = [c for c in given if not HEADERS.get(str(c).strip().casefold())]
    if "name" not in header or unknown:
        raise UserError(
            env._(
                "The first row must name the columns: name, phone, role, ID number."
                " Not understood: %s",
                ", ".join(map(str, unknown)) or "–",
            )
        )
    rows = []
    for cells in table[1:]:
        row = {
            key: str(cell).strip()
            for key, cell in zip(header, cells, strict=False)
            if key
        }
        rows.append(row)
    while rows and not any(rows[-1].values()):
        rows.pop()  # empty rows at the end of a sheet
    return rows


def read_text(text):
    """Rows of a pasted list: a person on each line, in any order of the parts.

    :param text: lines such as “王建华 13900001000 操作人员”
    :return: list of dicts (name, phone, role)
    """
    rows = []
    # one line more than is allowed: the list is refused, not cut
    for line in (text or "").splitlines()[: MOST_ROWS + 1]:
        line = line[:LONGEST_LINE]
        parts = [part for part in re.split(r"[\t,，;；、|]+", line.strip()) if part]
        if len(parts) == 1:
            parts = line.split()
        row = {"name": "", "phone": "", "role": ""}
        for part in map(str.strip, parts):
            if PHONE.match(part) and not row["phone"]:
                row["phone"] = part
            elif part.casefold() in ROLE_NAMES and row["name"]:
                row["role"] = part
            else:
                row["name"] = f"{row['name']} {part}".strip()
        if parts:
            rows.append(row)
    return rows
