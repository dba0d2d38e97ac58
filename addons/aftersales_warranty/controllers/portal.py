from odoo import http

from odoo.addons.aftersales_service.controllers.portal import AftersalesPortal

MODEL = "aftersales.warranty.card"


class WarrantyPortal(AftersalesPortal):
    """The customer's warranty cards (R-W12)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "warranty_card_count" in counters:
            values["warranty_card_count"] = self._count_documents(MODEL)
        return values

    @http.route(
        ["/my/warranty", "/my/warranty/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_warranty(self, page=1, **_kw):
        """List of the customer's cards."""
        return self._render_list(
            "aftersales_warranty.portal_my_warranty",
            MODEL,
            "/my/warranty",
            page,
            "cards",
            page_name="warranty",
        )

    @http.route("/my/warranty/<int:card_id>", type="http", auth="public", website=True)
    def portal_warranty(
        self, card_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """One card, to read and print."""
        card = self._open_document(MODEL, card_id, access_token)
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=card,
                report_type=report_type,
                report_ref="aftersales_warranty.action_report_warranty_card",
                download=download,
            )
        return self._render_document(
            "aftersales_warranty.portal_warranty",
            card,
            access_token,
            card=card,
            page_name="warranty",
        )
