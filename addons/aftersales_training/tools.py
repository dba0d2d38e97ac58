"""Who is the same person, and reading lists of people from files and pasted text."""

import csv
import io
import re

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.identity import (
    clean,
    name_key,
    read_phones,
    serial_key,
)

from .xlsx_reader import MOST_COLUMNS, UnreadableWorkbook, read_first_sheet

LONGEST_LINE = 1000  # characters of one person
MOST_ROWS = 5000
EXCERPT = 5000  # characters that show how the columns are parted
HEAD_ROWS = 15  # titles that stand above the list at most
LARGEST_FILE = 5 * 1024 * 1024
PHONE = re.compile(r"^\+?[\d\s()\-.]{7,}$")
NUMBER = re.compile(r"\d{5}")  # in a name: a phone or ID that wasn't understood
FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would calculate
ROLES = ("operator", "maintainer", "liaison")
HEADERS = {
    "name": "name",
    "fullname": "name",
    "姓名": "name",
    "学员姓名": "name",
    "学员": "name",
    "人员姓名": "name",
    "名字": "name",
    "phone": "phone",
    "mobile": "phone",
    "手机": "phone",
    "手机号": "phone",
    "手机号码": "phone",
    "电话": "phone",
    "联系电话": "phone",
    "电话号码": "phone",
    "联系方式": "phone",
    "移动电话": "phone",
    "phonenumber": "phone",
    "role": "role",
    "角色": "role",
    "岗位": "role",
    "工种": "role",
    "idnumber": "id_number",
    "id": "id_number",
    "身份证": "id_number",
    "身份证号": "id_number",
    "身份证号码": "id_number",
    "证件号": "id_number",
    "证件号码": "id_number",
}
SUMS = ("合计", "总计", "小计", "共计", "total")
# Columns that companies keep besides
OTHER_HEADERS = set(
    "序号 编号 号 no # 备注 说明 部门 所在部门 班组 车间 单位 单位名称 公司 工作单位"
    " 性别 年龄 出生日期 民族 学历 职务 职位 职称 工号 员工号 入职日期 签名 签字"
    " 签到 邮箱 电子邮箱 地址 日期 成绩 考试成绩 remarks remark note notes department"
    " company gender sex age title signature email e-mail date serial s/n".split()
)
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
    :param phone: text as people write it; of several numbers the first counts
    :return: E.164 where the number is valid, else its digits; empty for no number
    """
    phones = read_phones(phone, company.country_id.code)
    return phones[0].number if phones else ""


def person_key(name, phone, id_number=None):
    """The same person under two spellings: by ID, else by name and phone.

    A workshop's phone is that of several people, so that it says nothing alone.

    :param phone: number from ``normalise_phone``
    """
    if id_number:
        return f"id:{serial_key(id_number)}"
    if phone:
        return f"tel:{phone}:{name_key(name)}"
    return f"name:{name_key(name)}"


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
    delimiter = max(",;\t", key=text[:EXCERPT].count)
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
    """People below the row that names the columns, wherever a company puts it."""
    heads = [[_get_column(cell) for cell in row] for row in table[:HEAD_ROWS]]
    start = next((i for i, head in enumerate(heads) if "name" in head), None)
    row = table[start or 0] if table else []
    unknown = [
        str(cell).strip()
        for cell in row
        if name_key(cell) and _get_column(cell) is None
    ]
    if start is None or unknown:
        raise UserError(
            env._(
                "A row must name the columns: name, phone, role, ID number."
                " Not understood: %s",
                ", ".join(unknown) or "–",
            )
        )
    rows = [
        {
            key: str(cell).strip()
            for key, cell in zip(heads[start], cells, strict=False)
            if key
        }
        for cells in table[start + 1 :]
    ]
    # lists are numbered beforehand, and end with a sum and remarks
    return [
        row for row in rows if any(row.values()) and name_key(row["name"]) not in SUMS
    ]


def _get_column(cell):
    """Key of a column by its title; empty for one that says nothing of the person.

    :return: None where the title isn't known
    """
    title = name_key(cell).strip("*:.()")
    return HEADERS.get(title, "" if title in OTHER_HEADERS or not title else None)


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
            if PHONE.match(clean(part)) and not row["phone"]:
                row["phone"] = part
            elif part.casefold() in ROLE_NAMES and row["name"]:
                row["role"] = part
            else:
                row["name"] = f"{row['name']} {part}".strip()
        if parts:
            rows.append(row)
    return rows
