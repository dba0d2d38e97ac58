from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..limits import count_use
from .portal import AftersalesPortal

MODEL = "aftersales.request"


class RequestPortal(AftersalesPortal):
    """The customer follows requests and reports faults (R-S01)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "aftersales_request_count" in counters:
            values["aftersales_request_count"] = self._count_documents(MODEL)
        return values

    @http.route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_requests(self, page=1, **_kw):
        """List of the customer's requests."""
        return self._render_list(
            "aftersales_service.portal_my_requests",
            MODEL,
            "/my/requests",
            page,
            "requests",
            page_name="aftersales_request",
        )

    @http.route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_new_request(self, **post):
        """Form to report a fault; errors are shown above it."""
        error = ""
        if request.httprequest.method == "POST":
            try:
                self._check_flood()
                # portal users may not create; the values are fixed here
                register = request.env[MODEL].sudo().register
                request_id = register(vals=self._prepare_request_vals(post))
                return request.redirect(f"/my/requests/{request_id}")
            except UserError as refusal:
                request.env.cr.rollback()
                error = str(refusal)
        values = self._prepare_portal_layout_values() | {
            "error": error,
            "post": post,
            "page_name": "aftersales_request",
        }
        return request.render("aftersales_service.portal_new_request", values)

    def _check_flood(self):
        """Every fault alarms the team; who has more than a few calls us."""
        if not count_use("aftersales_service.report"):
            raise UserError(
                request.env._("You sent many reports just now: please call us.")
            )

    def _prepare_request_vals(self, post):
        partner = request.env.user.partner_id
        texts = ("contact_name", "phone", "address", "problem", "serial")
        given = {name: post[name] for name in texts if post.get(name)}
        if given.get("serial"):
            request.env[MODEL]._check_own_unit(given["serial"], partner)
        return {
            "type": "fault" if given.get("serial") else "inquiry",
            "channel": "web",
            "partner_id": partner.commercial_partner_id.id,
            **given,
        }

    @http.route(
        "/my/requests/<int:request_id>", type="http", auth="public", website=True
    )
    def portal_request(
        self, request_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """One request with its promises and, at the end, the repair report."""
        record = self._open_document(MODEL, request_id, access_token)
        if report_type in ("html", "pdf", "text") and record.report_sent_at:
            return self._show_report(
                model=record,
                report_type=report_type,
                report_ref="aftersales_service.action_report_repair",
                download=download,
            )
        return self._render_document(
            "aftersales_service.portal_request",
            record,
            access_token,
            record=record,
            page_name="aftersales_request",
        )
