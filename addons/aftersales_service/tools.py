"""Small helpers shared by all rooms of the after-sales addons."""

import base64
import binascii
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from odoo import fields
from odoo.exceptions import UserError

LARGEST_SIGNATURE = 2 * 1024 * 1024


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


def require_text(env, value, label):
    """Return ``value`` stripped; refuse an empty one, naming ``label``.

    :raise UserError: when nothing but blanks was given
    """
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise UserError(env._("%(label)s is required.", label=label))
    return text


def check_signature(env, signature):
    """Return a drawn signature; refuse what is no picture.

    :param signature: picture in base64
    :raise UserError: empty, not base64, not a picture or larger than 2 MB
    """
    try:
        picture = base64.b64decode(signature or "", validate=True)
        if not 0 < len(picture) <= LARGEST_SIGNATURE:
            raise ValueError
        Image.open(BytesIO(picture)).verify()
    except (binascii.Error, TypeError, ValueError, UnidentifiedImageError, OSError):
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
    unknown = sorted(set(vals or {}) - set(known))
    if unknown:
        raise UserError(env._("Unknown values: %s", ", ".join(unknown)))
    return dict(vals or {})


def act_on(records, states):
    """The records with the right to record an act on them, for the system to write.

    :param records: records with a ``state`` that is readonly to clients
    :param states: states in which the act is possible
    :raise UserError: a record is in another state
    """
    records.check_access("write")
    labels = dict(records._fields["state"]._description_selection(records.env))
    for record in records:
        if record.state not in states:
            raise UserError(
                records.env._(
                    "%(record)s is “%(state)s”; this needs: %(states)s.",
                    record=record.name,
                    state=labels[record.state],
                    states=", ".join(labels[state] for state in states),
                )
            )
    return records.sudo()
