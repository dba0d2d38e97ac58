from odoo import http
from odoo.http import request

from .portal import AftersalesPortal


class HandoffPortal(AftersalesPortal):
    """The customer follows an order and reads its documents (R-H10, R-H12)."""

    @http.route(
        "/my/orders/<int:order_id>/documents/<int:document_id>",
        type="http",
        auth="public",
        website=True,
    )
    def portal_order_document(self, order_id, document_id, access_token=None, **_kw):
        """Download a document of an order that is shown to its customer."""
        order = self._open_document("sale.order", order_id, access_token)
        document = order.document_ids.filtered(
            lambda d: d.id == document_id and d.shown_to_customer
        )
        if not document:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            document, "file", filename=document.filename or document.name
        )
        return stream.get_response(as_attachment=True)
