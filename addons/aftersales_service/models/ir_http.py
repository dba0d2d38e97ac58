from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import abort

from odoo import models
from odoo.http import SAFE_HTTP_METHODS, Response, request

from ..limits import count_use, refuse_flood
from ..tools import clean_text, is_id

OURS = "odoo.addons.aftersales_"
LONGEST = 4 * 1024 * 1024  # characters of one value: a drawn signature


class IrHttp(models.AbstractModel):
    """What strangers send to our pages is cleaned, and limited, in this one place."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if _is_ours(rule.endpoint) and rule.endpoint.routing["type"] == "jsonrpc":
            _check_json()
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _serve_fallback(cls):
        """Where nothing is found Odoo searches for a file with this address."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        if _is_ours(endpoint):
            request.params = _get_clean_params(endpoint.routing)
            if request.httprequest.method not in SAFE_HTTP_METHODS:
                _limit_posts(endpoint.routing)
        return super()._dispatch(endpoint)


def _is_ours(endpoint):
    """Whether a route is ours: not where we only extend one of Odoo's."""
    module = getattr(endpoint, "__module__", None) or ""
    original = getattr(endpoint, "original_routing", {})
    return module.startswith(OURS) and bool(original.get("routes"))


def _check_json():
    """Refuse what isn't a JSON object with named parameters; Odoo falls over it."""
    try:
        sent = request.get_json_data()
        params = sent.get("params", {})
    except (AttributeError, RecursionError, ValueError):
        params = None
    if not isinstance(params, dict):
        abort(Response("Invalid JSON-RPC data", status=400))


def _get_clean_params(routing):
    """The parameters of the request as our pages can use them.

    A form of Odoo's that posts JSON has the rest of its values in the link.
    """
    params = dict(request.params)
    if routing["type"] == "jsonrpc":
        params = {**request.httprequest.args, **params}
    files = routing.get("files", ())
    return {
        name: _clean(value)
        for name, value in params.items()
        # a method has its own "self"
        if name != "self" and isinstance(value, FileStorage) == (name in files)
    }


def _clean(value):
    """Text that the database can keep, a number that can be an id, or nothing."""
    if isinstance(value, str):
        # half of a surrogate pair can't be encoded
        return clean_text(value.encode("utf-8", "ignore").decode(), LONGEST)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if is_id(value) else 0
    return value if isinstance(value, bool | FileStorage) else None


def _limit_posts(routing):
    """Customers and strangers send so many forms, and no more."""
    if request.env.user._is_internal() or count_use("aftersales_service.post"):
        return
    if routing["type"] == "jsonrpc":
        abort(Response("Too many requests", status=429))
    refuse_flood()
