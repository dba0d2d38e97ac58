import base64
import io
import struct
import time
import zipfile
import zlib

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import MOST_ROWS, read_file, read_text
from .test_training_handover import MEETING
from .test_training_people import sheet
from .training_common import TrainingCase

SECONDS = 8  # a busy machine; unbounded it took 10 to 35 s on an idle one
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rebuild(**parts):
    """A good workbook with some of its parts replaced; "sheet" is its first."""
    good = zipfile.ZipFile(io.BytesIO(base64.b64decode(sheet([["姓名"], ["王建华"]]))))
    stream = io.BytesIO()
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    parts = {names[key]: value for key, value in parts.items()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name in good.namelist():
            book.writestr(name, parts.pop(name, None) or good.read(name))
        for name, value in parts.items():
            book.writestr(name, value)
    return stream.getvalue()


def rows(body, dimension="A1:XFD1048576"):
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{body}</sheetData></worksheet>"
    )


def chunk(kind, data):
    """A piece of a PNG file."""
    crc = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + crc


@tagged("post_install", "-at_install")
class TestTrainingUpload(TrainingCase):
    """Workbooks of strangers are bounded before they are read (R-T07)."""

    def refused(self, content):
        begun = time.process_time()
        with self.assertRaises(UserError):
            read_file(self.env, content, "x.xlsx")
        self.assertLess(time.process_time() - begun, SECONDS)

    def test_small_files_that_are_huge_inside(self):
        """R-T07: cells, strings, sheets and unpacked bytes are bounded."""
        cell = '<c t="n"><v>1</v></c>'
        bombs = {
            "cells": {"sheet": rows(f"<row>{cell * 400}</row>" * 1000)},
            "strings": {"strings": f'<sst xmlns="{MAIN}">{"<si/>" * 900_000}</sst>'},
            "bytes": {"sheet": rows("<row/>") + " " * 30_000_000},
            "entities": {"sheet": '<!DOCTYPE a [<!ENTITY b "c">]>' + rows("<row/>")},
            "rows": {"sheet": rows("<row/>" * 20_000)},
        }
        for name, parts in bombs.items():
            content = rebuild(**parts)
            with self.subTest(name=name):
                self.assertLess(len(content), 2**20)
                self.refused(content)

    def test_claimed_columns_are_not_read(self):
        """R-T07: a sheet that claims 16,384 columns for each of 5,000 rows."""
        names = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
        body = names + "".join(
            f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>学员甲</t></is></c></row>'
            for n in range(2, MOST_ROWS + 2)
        )
        begun = time.process_time()
        found = read_file(self.env, rebuild(sheet=rows(body)), "x.xlsx")
        self.assertLess(time.process_time() - begun, SECONDS)
        self.assertEqual(len(found), MOST_ROWS)
        self.assertEqual(found[0], {"name": "学员甲"})

    def test_broken_files_are_refused(self):
        """R-T07: no XML, no archive, cut off, a table of another kind."""
        good = base64.b64decode(sheet([["姓名"], ["王建华"]]))
        for content in (
            b"",
            b"PK\x03\x04",
            good[:-30],
            good[: len(good) // 2],
            rebuild(sheet="<worksheet"),
            rebuild(sheet="\0\1"),
            rebuild(sheet="<html/>"),
            rebuild(sheet=rows('<row r="x"><c r="A0"/></row>')),
            rebuild(sheet=rows('<row><c t="s"><v>99999</v></c></row>')),
        ):
            with self.subTest(content=content[:40]):
                self.refused(content)

    def test_5000_rows_are_answered_quickly(self):
        """R-T01 R-T07: too many people are refused within seconds, from every form."""
        people = [["姓名", "手机", "角色"]] + [
            [f"学员{n}", f"139{n:08d}", "操作员"] for n in range(MOST_ROWS)
        ]
        content = base64.b64decode(sheet(people))
        lines = "\n".join(" ".join(row) for row in people[1:])
        wide = ("x," * 2_000_000).encode()
        begun = time.process_time()
        for rows_ in (read_file(self.env, content, "x.xlsx"), read_text(lines)):
            with self.assertRaises(UserError):
                self.plan.with_user(self.users["agent"]).import_attendees(rows_)
        with self.assertRaises(UserError):
            read_file(self.env, wide, "x.csv")
        for text in ("a\n" * 2_000_000, "a," * 2_000_000):
            with self.assertRaises(UserError):
                self.plan.import_attendees(read_text(text))
        self.assertLess(time.process_time() - begun, 4 * SECONDS)

    def test_a_signature_of_any_size_is_refused(self):
        """R-T05: a few bytes that claim a huge picture, or a broken one."""
        handovers = self.env["aftersales.training.handover"]
        self.commission()
        handover = handovers.browse(self.plan.action_prepare_handover())
        self.plan.action_hold_handover(vals=MEETING)
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x")
        refusal = "not a picture"
        for picture in (bomb, bomb[:20], b"\x89PNG\r\n\x1a\n" + b"\0" * 40):
            with (
                self.subTest(size=len(picture)),
                self.assertRaisesRegex(UserError, refusal),
            ):
                handover.with_user(self.users["agent"]).action_sign(
                    name="王主任",
                    signature_base64=base64.b64encode(picture).decode(),
                )
        with self.assertRaises(UserError):
            self.env["ir.attachment"].create({"name": "a.png", "raw": bomb})
