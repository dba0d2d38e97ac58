from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import AftersalesPortal


class ComplaintPortal(AftersalesPortal):
    """The customer says whether a complaint is settled (R-C02)."""

    @http.route(
        "/my/requests/<int:request_id>/confirm",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_confirm(
        self, request_id, access_token=None, settled=None, note=None, **_kw
    ):
        """Record the customer's word; refusals are shown on the page."""
        # who has the link may say so
        record = self._open_document("aftersales.request", request_id, access_token)
        query = ""
        try:
            with request.env.cr.savepoint():
                record.sudo().action_customer_confirm(settled == "yes", note)
        except UserError:
            query = "&refused=1"
        return request.redirect(record.get_portal_url(query_string=query))
