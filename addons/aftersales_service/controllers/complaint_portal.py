from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

MODEL = "aftersales.request"


class ComplaintPortal(CustomerPortal):
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
        try:
            record = self._document_check_access(MODEL, request_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        record = record.sudo()  # who has the link may say so
        query = ""
        try:
            with request.env.cr.savepoint():
                record.action_customer_confirm(settled == "yes", note)
        except UserError:
            query = "&refused=1"
        return request.redirect(record.get_portal_url(query_string=query))
