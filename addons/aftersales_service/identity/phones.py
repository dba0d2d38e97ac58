"""Telephone numbers as people write them."""

import re
from typing import NamedTuple

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools import phone_validation

from .names import DASHES, clean

LONGEST = 200
SHORTEST, TAIL = 5, 7  # digits of a number; those a local call has at least
SEPARATOR = re.compile(r"\s*(?:[/;,、|&]|\bor\b|\band\b|或者?|以及|和|及)\s*", re.I)
EXTENSION = re.compile(
    r"\s*-?(?:转|分机号?|内线|ext(?:ension|n)?\b\.?|x|#)\s*[:.]?\s*(\d{1,6})\D*$", re.I
)
DASHED = re.compile(r"^(.*\d)\s*-\s*(\d{1,6})$")
LABEL = re.compile(
    r"(?:tel(?:ephone)?|phone|mobile|cell|mob|fax|ph|no|m|t)\b\.?|[^\W\d_a-z]+", re.I
)
CALLING_CODE = {"CN": "86"}  # of countries whose people leave the + out


class Phone(NamedTuple):
    """A number (E.164, or bare digits that no country's plan knows) and extension."""

    number: str
    extension: str = ""

    @property
    def tail(self):
        """The last digits, which a call without area code has, too."""
        return self.number[-TAIL:].lstrip("+")

    @property
    def is_local(self):
        """Whether the country or area isn't known."""
        return not self.number.startswith("+")


def read_phones(text, country="CN", area=""):
    """Return the telephone numbers in a text, each once, in their order.

    :param text: one number or several, as people write them
    :param country: two-letter code of the country whose national numbers they may be
    :param area: area code that is added to local numbers ("021"), optional
    :return: tuple of ``Phone``; empty where no number is in it
    """
    text = DASHES.sub("-", clean(str(text or "")[:LONGEST]))
    country = country or "CN"
    found, divider = [], ""
    for part in re.split(f"({SEPARATOR.pattern})", text, flags=re.I):
        if SEPARATOR.fullmatch(part):
            divider = part.strip()
        elif re.fullmatch(r"\d{1,4}", part) and divider in "/、" and found:
            # 6123 4567/68: another line of the same house
            other = found[-1].number[: -len(part)] + part
            found.append(Phone(other))
        else:
            found += _read_part(part, country, area)
    return tuple(dict.fromkeys(found))


def _read_part(part, country, area):
    """The numbers in a part: one, or several with blanks between them."""
    whole = _read_one(part, country, area)
    if whole and not whole.is_local:
        return [whole]
    found, begun = [], ""
    for word in part.split():
        begun = f"{begun} {word}".strip()
        phone = _read_one(begun, country, area)
        if phone and not phone.is_local:
            found.append(phone)
            begun = ""
    return found or ([whole] if whole else [])


def _read_one(text, country, area):
    extension = EXTENSION.search(text)
    if extension:
        phone = _read_number(text[: extension.start()], country, area)
        return phone and Phone(phone, extension[1])
    number = _read_valid(text, country, area)
    dashed = DASHED.match(text)
    if not number and dashed:
        main = _read_valid(dashed[1], country, area)
        if main:
            return Phone(main, dashed[2])
    number = number or _read_number(text, country, area)
    return number and Phone(number)


def _read_number(text, country, area):
    """E.164, else the bare digits where they can be a number at all."""
    valid = _read_valid(text, country, area)
    digits = _get_digits(text).lstrip("+0")
    odd = re.search(r"[a-z]", LABEL.sub("", text), re.I) or len(set(digits)) == 1
    return valid or ("" if odd or not SHORTEST <= len(digits) <= 15 else digits)


def _get_digits(text):
    digits = re.sub(r"[^\d+]", "", re.sub(r"(\+\s*\d{1,3}\s*)\(0\)", r"\1", text))
    plus = digits.startswith("+") or "+" in digits[:1]
    digits = digits.replace("+", "")
    if digits.startswith("00"):
        plus, digits = True, digits[2:]
    return f"+{digits}" if plus else digits


def _read_valid(text, country, area):
    """E.164 of a number that the country's plan knows; empty for any other."""
    digits = _get_digits(text)
    if not SHORTEST <= len(digits) <= 20:
        return ""
    code = CALLING_CODE.get(country)
    tries = [digits]
    if code and digits.startswith((code, f"0{code}")) and len(digits) > 11:
        tries.append(f"+{digits.lstrip('0')}")
    if area and digits[0] not in "+0" and len(digits) in (7, 8):
        tries.insert(0, f"{area}{digits}")
    return next(filter(None, (_format(number, country) for number in tries)), "")


def _format(number, country):
    try:
        text = phone_validation.phone_format(number, country, None, force_format="E164")
    except UserError:
        return ""
    # without the library phonenumbers it comes back as it is
    return text if text.startswith("+") else ""


def same_phone(phone, other):
    """How sure it is that two numbers are one.

    :return: 2 the same; 1 one may be the other without its area code; 0 others
    """
    if phone.number == other.number:
        return 2
    numbers = sorted((phone, other), key=lambda p: not p.is_local)
    short, long = numbers
    local = short.is_local and len(short.number) >= TAIL
    return int(local and long.number.endswith(short.number))


def phone_tokens(phones):
    """Words that a column keeps of numbers: each whole, and its last digits.

    :param phones: ``Phone`` numbers
    :return: text of words with blanks between them; False for no number
    """
    words = [word for p in phones for word in (p.number, f"~{p.tail}")]
    return " ".join(dict.fromkeys(words)) or False
