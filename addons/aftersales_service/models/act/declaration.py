"""``@act``: what an act is, declared once on its public method."""

import functools
import inspect
from contextvars import ContextVar
from dataclasses import dataclass, field

from odoo import fields as odoo_fields
from odoo.http import request
from odoo.models import BaseModel

from . import seal

_current = ContextVar("aftersales_act", default=None)
LONGEST_VALUE = 2000  # characters of one argument that a row keeps


@dataclass(frozen=True)
class Act:
    """The declaration of an act.

    :param code: its name in rows, buttons and hooks
    :param states: states of the record in which it is possible; None for all
    :param to: state that it leads to
    :param stamp: field that takes the moment at which it happened
    :param after: field with the moment of the preceding fact; it can't be earlier
    :param event: what the promise ledger is told
    :param role: who may do it, see ``res.users._is_aftersales``
    :param access: right on the records that it takes; None where the act itself asks
    :param creates: its answer is, or has, the id of the record that it makes
    """

    code: str
    states: tuple | None = None
    to: str | None = None
    stamp: str | None = None
    after: str | None = None
    event: str | None = None
    role: str | None = None
    access: str | None = "write"
    creates: bool = False
    method: str | None = None


@dataclass
class Frame:
    """One act under way; the outermost one writes the rows of all."""

    cr: object
    outer: "Frame | None"
    rows: list = field(default_factory=list)
    own: list = field(default_factory=list)  # the rows of the act itself
    moments: dict = field(default_factory=dict)  # record id → when it happened


def act(code, **declared):
    """Declare a public method to be an act, see :class:`Act` for the arguments.

    From the declaration follow, in this order: the same call made before is answered
    again (``ref``); right, role, state and order of times are checked; the method does
    what is special about it; fact and state are written; the promise ledger is told;
    ``_after_<code>()`` runs, where addons go on; a row is added to the log.

    The method belongs to one class and is final: other classes extend
    ``_check_<code>(values)`` and ``_after_<code>(values)``, with ``super()``.

    The answer is a dict of id, state and the stamped time of the last record, with what
    the method answers itself; an answer that is no dict is given as it is.
    """

    def decorate(function):
        signature = inspect.signature(function)
        if "ref" not in signature.parameters:
            raise TypeError(f"{function.__qualname__}: an act takes “ref=None”")
        declaration = Act(code, method=function.__name__, **declared)

        @functools.wraps(function)
        def wrapper(self, *args, **kwargs):
            bound = signature.bind(self, *args, **kwargs)
            bound.apply_defaults()
            values = dict(list(bound.arguments.items())[1:])  # without self
            return _perform(self, declaration, function, values)

        wrapper.aftersales_act = declaration
        return wrapper

    return decorate


def _perform(records, declaration, function, values):
    """Do an act, once for each reference."""
    ref, at = values.pop("ref"), values.get("at")
    outer = _current.get()
    outer = outer if outer and outer.cr is records.env.cr else None
    records._act_check_rights(declaration)
    calls = records.env["aftersales.act.call"].sudo()
    calls._check_ref(ref)
    call = None if outer else _get_call(records, function.__name__, ref, values)
    if ref and not outer:
        found = calls._find_answer(call)
        if found:
            return found[0]
    records._act_check(declaration, values)
    frame = Frame(records.env.cr, outer, moments=records._act_moments(declaration, at))
    token = _current.set(frame)
    try:
        if not declaration.creates:
            records._act_log(declaration.code, values, frame.moments, own=True)
        arguments = values | {"ref": None}
        answer = function(records, **arguments)
        if declaration.creates:
            made = answer["id"] if isinstance(answer, dict) else answer
            records.browse(made)._act_log(declaration.code, values, own=True)
        else:
            answer = records._act_finish(declaration, values, frame.moments, answer)
    finally:
        _current.reset(token)
    if outer:
        outer.rows += frame.rows
        return answer
    _write(records, frame, calls._record(call, answer))
    return answer


def _get_call(records, method, ref, values):
    return {
        "user_id": records.env.uid,
        "res_model": records._name,
        "method": method,
        "ref": ref or None,
        "arguments": seal.salted("", seal.canonical([records.ids, plain(values)])),
    }


def _write(records, frame, call_id):
    for row in frame.rows:
        row["call_id"] = call_id
    if frame.rows:
        records.env["aftersales.act"].sudo()._write_rows(frame.rows)


def add_rows(records, rows, own=False):
    """Add rows to the act under way; without one they are written at once.

    :param rows: see ``aftersales.act._write_rows``, without call and parent
    :param own: they are the act itself, not something that it led to
    """
    frame = _current.get()
    if not frame or frame.cr is not records.env.cr:
        rows = [row | {"call_id": None, "parent": None} for row in rows]
        records.env["aftersales.act"].sudo()._write_rows(rows)
        return
    within = frame.outer if own else frame
    for row in rows:
        row["parent"] = within.own[0] if within and within.own else None
    frame.rows += rows
    if own:
        frame.own += rows


def moment_of(record):
    """When the act under way happened to a record: naive UTC; None outside of one."""
    frame = _current.get()
    return frame and frame.moments.get(record.id)


def get_origin(env):
    """From where a call came, for the log."""
    if not request:
        return "scheduler"
    path = request.httprequest.path
    if path.startswith(("/xmlrpc", "/jsonrpc", "/json/")):
        return "rpc"
    if path.startswith("/field"):
        return "field"
    return "ui" if path.startswith(("/web", "/odoo")) else "portal"


def plain(value):
    """A value as the log keeps it: no records, no endless texts, no files."""
    if isinstance(value, BaseModel):
        return value.ids
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(part) for part in value]
    if isinstance(value, bytes | str) and len(value) > LONGEST_VALUE:
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        return {"length": len(value), "sha256": seal.salted("", text)}
    if hasattr(value, "strftime"):
        return odoo_fields.Datetime.to_string(value)
    return value
