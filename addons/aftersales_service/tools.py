"""Small helpers shared by all rooms of the after-sales addons."""

import base64
import binascii
import struct
from io import BytesIO
from math import isfinite

from PIL import Image, UnidentifiedImageError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import consteq

OURS = "aftersales_"  # how the names of our addons begin
LARGEST_SIGNATURE = 2 * 1024 * 1024
LARGEST_PICTURE = 25e6  # pixels; a few bytes can claim any number
UNREADABLE = (  # what is no base64, and what Pillow says of what is no picture
    binascii.Error,
    EOFError,
    Image.DecompressionBombError,
    OSError,
    struct.error,
    SyntaxError,
    TypeError,
    UnidentifiedImageError,
    ValueError,
)
LARGEST_ID = 2**31
LARGEST = 1e6  # pieces; more is a slip of the finger
LONGEST = 20_000  # characters; whoever sends more sends a file by mistake


def act_time(env, at=None, after=None, step=None):
    """Return the moment at which an act happened, checked.

    :param env: environment, for the language of the error
    :param at: naive UTC datetime or its string ("2026-11-23 08:30:00"); empty means now
    :param after: naive UTC datetime of the preceding step; the act can't be earlier
    :param step: translated name of the preceding step, named in the error
    :return: naive UTC datetime without microseconds
    :raise UserError: not a date and time, in the future, or before ``after``
    """
    now = fields.Datetime.now()
    if not at:
        return max(now, after) if after else now
    try:
        moment = fields.Datetime.to_datetime(at).replace(microsecond=0)
    except (AttributeError, TypeError, ValueError):
        raise UserError(
            env._("“%(at)s” is not a date and time (YYYY-MM-DD HH:MM:SS, UTC).", at=at)
        ) from None
    if moment > now:
        raise UserError(env._("%(at)s UTC is in the future.", at=moment))
    if after and moment < after:
        raise UserError(
            env._(
                "%(at)s UTC is before the preceding step (%(step)s at %(after)s UTC).",
                at=moment,
                step=step or env._("previous step"),
                after=after,
            )
        )
    return moment


def refuse_acts(records, acts, *vals_list):
    """Refuse a client that writes, or creates with, what only acts record.

    :param records: records that are written, or their model; the system may
    :param acts: names of the fields
    :param vals_list: values; those of new records may repeat the field's default
    :raise UserError: a value of such a field is given
    """
    if records.env.su:
        return
    given = {name for vals in vals_list for name in acts & vals.keys()}
    if given and not records:
        usual = records.default_get(list(given))
        given = {
            name
            for name in given
            if any(
                vals.get(name) and vals[name] != usual.get(name) for vals in vals_list
            )
        }
    if given:
        raise UserError(records.env._("Record the act instead of writing its result."))


def is_quantity(value):
    """Whether a client gave a number of pieces, more than 0 and below ``LARGEST``."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value < LARGEST


def find_readable(model, record_id):
    """As ``find_given``, but only what the caller may read.

    :param model: empty recordset in the caller's environment
    """
    return find_given(model, record_id)._filtered_access("read")


def is_ours(field):
    """Whether one of our addons declares a field, on its own or on Odoo's model."""
    return any(module.startswith(OURS) for module in field._modules)


def is_number(value):
    """Whether a client's value is a finite number, or one as text."""
    try:
        return not isinstance(value, list | tuple | dict) and isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def is_id(value):
    """Whether a client's value can be the id of a record."""
    return type(value) is int and 0 < value < LARGEST_ID


def to_id(text):
    """The id that a form sends as text, or 0 where it can't be one."""
    number = int(text) if str(text).isdecimal() and len(str(text)) < 11 else 0
    return number if is_id(number) else 0


def is_same_token(given, known):
    """Whether a stranger's token is the right one; any text may be given."""
    return bool(known) and str(given).isascii() and consteq(str(given), known)


def find_given(model, record_id):
    """The record with an id that a client gave; none where it isn't an id of one.

    :param model: empty recordset, in the environment to look in
    :param record_id: whatever was sent
    """
    return model.browse([record_id] if is_id(record_id) else []).exists()


def require_text(env, value, label):
    """Return ``value`` stripped; refuse an empty or endless one, naming ``label``.

    :raise UserError: nothing but blanks was given, or more than ``LONGEST`` characters
    """
    if isinstance(value, str) and len(value) > LONGEST:
        raise UserError(env._("Too long: %s", label))
    text = clean_text(value)
    if not text:
        raise UserError(env._("%(label)s is required.", label=label))
    return text


def optional_text(env, value, label):
    """Return ``value`` stripped, "" where nothing is said; refuse what is no text.

    :raise UserError: another kind of value, or more than ``LONGEST`` characters
    """
    return require_text(env, value, label) if value not in (None, False, "") else ""


def clean_text(value, longest=LONGEST):
    """Return what a stranger typed, as the database can keep it: no NUL, not endless.

    :param longest: characters that are kept
    :return: text without blanks around it, empty when nothing or no text was given
    """
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "").strip()[:longest]


def check_lengths(model, vals):
    """Refuse texts of a record that are longer than ``LONGEST`` characters.

    :param model: recordset whose fields ``vals`` names
    :raise UserError: names every field that is too long
    """
    too_long = [
        model._fields[name]._description_string(model.env)
        for name, value in vals.items()
        if isinstance(value, str)
        and len(value) > LONGEST
        and model._fields[name].type in ("char", "text")
    ]
    if too_long:
        raise UserError(model.env._("Too long: %s", ", ".join(too_long)))


def find_records(model, ids, label):
    """Return the records whose ids a client sent.

    :param model: model of the records; with ``sudo()`` to know only: are they there
    :param ids: list of ids
    :param label: what they are, for the error
    :raise UserError: no list of ids, an empty one, or a record isn't there
    """
    usable = isinstance(ids, list | tuple) and all(map(is_id, ids))
    records = model.browse(set(ids) if usable else ()).exists()
    if not records or len(records) != len(set(ids)):
        raise UserError(
            model.env._("Unknown: %(label)s %(ids)s", label=label, ids=str(ids)[:80])
        )
    return records


def check_values(model, vals):
    """Refuse values of a client that don't fit their fields, before they are kept.

    :param model: recordset whose fields ``vals`` names; lists of records aren't looked
        at
    :raise UserError: names the field and the value
    """
    for name, value in vals.items():
        field = model._fields[name]
        if value not in (None, False) and not _fits(model, field, value):
            raise UserError(
                model.env._(
                    "%(label)s: “%(value)s” is not possible.",
                    label=field._description_string(model.env),
                    value=str(value)[:80],
                )
            )


def _fits(model, field, value):
    if field.type in ("char", "text"):
        return isinstance(value, str) and "\0" not in value and len(value) <= LONGEST
    if field.type == "selection":
        return isinstance(value, str) and value in field.get_values(model.env)
    if field.type == "many2one":
        there = model.env[field.comodel_name].sudo()  # only: is it there
        return is_id(value) and bool(there.browse(value).exists())
    if field.type in ("date", "datetime"):
        return is_time(value)
    return True


def is_time(value):
    """Whether a client's value is a date or time: naive, or a string of it."""
    try:
        return bool(fields.Datetime.to_datetime(value))
    except (TypeError, ValueError):
        return False


def prepare_files(record, files):
    """Values of the attachments of one record, made of what a client sent.

    :param files: list of dict(name, data in base64)
    :return: list of dicts for ``ir.attachment``
    :raise UserError: not such a list, or a file is no base64
    """
    env = record.env
    try:
        return [
            {
                "name": require_text(env, file["name"], env._("Name")),
                "raw": base64.b64decode(file["data"], validate=True),
                "res_model": record._name,
                "res_id": record.id,
            }
            for file in files
        ]
    except (KeyError, TypeError, ValueError):
        raise UserError(env._("Files are a list of name and data (base64).")) from None


def check_signature(env, signature):
    """Return a drawn signature; refuse what is no picture.

    :param signature: picture in base64
    :raise UserError: empty, not base64, not a picture or larger than 2 MB
    """
    try:
        picture = base64.b64decode(signature or "", validate=True)
        if not 0 < len(picture) <= LARGEST_SIGNATURE:
            raise ValueError
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > LARGEST_PICTURE:
                raise ValueError
            image.verify()
    except UNREADABLE:
        raise UserError(
            env._("The signature is not a picture of at most 2 MB.")
        ) from None
    return signature


def check_keys(env, vals, known):
    """Return ``vals`` as a dict of its own; refuse keys that aren't known.

    :raise UserError: not a dict, or it names the unknown keys
    """
    if not isinstance(vals or {}, dict):
        raise UserError(env._("Values are needed: %s", ", ".join(known)))
    unknown = sorted(map(str, set(vals or {}) - set(known)))
    if unknown:
        raise UserError(env._("Unknown values: %s", ", ".join(unknown)))
    return dict(vals or {})
