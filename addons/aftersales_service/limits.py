"""What our pages do for strangers and customers is limited, in this one place."""

from werkzeug.exceptions import NotFound, abort

from odoo.http import request

GUESS = "aftersales_service.guess"


def count_use(kind):
    """Count one use by the user who is logged in, else by the network address.

    :param kind: one of ``aftersales.hit._get_limits``
    :return: whether it is within the limit
    """
    user = request.env.user
    sender = _get_address() if user._is_public() else f"user-{user.id}"
    return _get_hits()._count(sender, kind)


def check_guesses():
    """End the request where an address has tried too many wrong links lately."""
    if not may_guess():
        refuse_flood()


def may_guess():
    """Whether links and tokens from this address are still looked at."""
    return not _get_hits()._is_over(_get_address(), GUESS)


def count_guess():
    """Count a wrong link, token or phone number for the address it came from."""
    _get_hits()._count(_get_address(), GUESS)


def refuse_guess():
    """Count a wrong link and end the request: there is no such page."""
    count_guess()
    check_guesses()
    raise NotFound


def refuse_flood():
    """End the request with the page that asks for patience."""
    end_with_page("busy_page", 429)


def end_with_page(template, status, **values):
    """End the request with one of our pages; nothing else of it is kept.

    :param template: name of a template of this addon
    :param values: what the template shows
    """
    response = request.render(
        f"aftersales_service.{template}", {"no_breadcrumbs": True, **values}
    )
    response.flatten()
    response.status_code = status
    response.headers["X-Robots-Tag"] = "noindex"
    abort(response)


def _get_hits():
    return request.env["aftersales.hit"].sudo()  # anybody is counted


def _get_address():
    return request.httprequest.remote_addr or ""
