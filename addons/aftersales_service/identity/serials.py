"""Serial numbers as people type them, copy them from a sheet, or scan them."""

import re
import unicodedata

from .names import DASHES

LONGEST = 200
LABEL = re.compile(
    r"^(?:s/?n|serial(?:\s*(?:no|number))?|序列号|出厂编号|机身号|编号)[\s.]*[:#]\s*",
    re.I,
)
SYMBOLOGY = re.compile(r"^\](?:C1|d2|Q3|e0|J1)")  # which bar code it was
BRACKETED = re.compile(r"\(21\)([^()\x1d]{1,20})")
GS = "\x1d"  # ends a field of variable length
FIXED = {"00": 18, "01": 14, "02": 14, "20": 2} | dict.fromkeys(
    ("11", "12", "13", "15", "16", "17"), 6
)
VARIABLE = re.compile(r"10|21|22|24[013]|25[013]|30|37|9\d|400")


def serial_key(serial):
    """Return what the spellings of one serial number have in common.

    Width, case, blanks, line feeds and invisible characters don't count; of a scanned
    GS1 element string only the serial number (21) does.

    :param serial: text; None and False are no number
    :return: text, empty for no number
    """
    text = unicodedata.normalize("NFKC", str(serial or "")[:LONGEST]).strip(" \r\n\t")
    text = _read_gs1(text) or LABEL.sub("", text)
    return DASHES.sub("-", "".join(filter(_is_seen, text))).upper()


def _is_seen(char):
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc")


def _read_gs1(text):
    """The serial number in a GS1 element string; empty if it is none."""
    scanned = SYMBOLOGY.sub("", text).lstrip(GS)
    bracketed = BRACKETED.search(scanned)
    if bracketed and scanned.startswith("("):
        return bracketed[1]
    marked = scanned != text or GS in text
    if not (marked or _is_gtin(scanned[2:16] if scanned[:2] == "01" else "")):
        return ""
    return _get_elements(scanned).get("21", "")


def _is_gtin(digits):
    """Whether it is a number of an article: 14 digits, the last one checks the rest."""
    if not re.fullmatch(r"[0-9]{14}", digits):
        return False
    weighed = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(digits[:13]))
    return (10 - weighed % 10) % 10 == int(digits[13])


def _get_elements(text):
    """Dict of application identifier → value, as far as the string is understood."""
    found = {}
    while text:
        if text[:2] in FIXED:
            end = 2 + FIXED[text[:2]]
            found[text[:2]], text = text[2:end], text[end:].lstrip(f"{GS} ")
            continue
        begin = VARIABLE.match(text)
        if not begin:
            return {}
        found[begin[0]], _end, text = text[begin.end() :].partition(GS)
    return found
