from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MODEL = "aftersales.warranty.card"


class WarrantyPortal(CustomerPortal):
    """The customer's warranty cards (R-W12)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "warranty_card_count" in counters:
            cards = request.env[MODEL]  # counted by the customer's own rules
            allowed = cards.has_access("read")
            values["warranty_card_count"] = cards.search_count([]) if allowed else 0
        return values

    @http.route(
        ["/my/warranty", "/my/warranty/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_warranty(self, page=1, **_kw):
        """List of the customer's cards."""
        cards = request.env[MODEL]
        total = cards.search_count([])
        pages = pager(url="/my/warranty", total=total, page=page, step=20)
        values = self._prepare_portal_layout_values() | {
            "cards": cards.search([], limit=20, offset=pages["offset"]),
            "pager": pages,
            "page_name": "warranty",
        }
        return request.render("aftersales_warranty.portal_my_warranty", values)

    @http.route("/my/warranty/<int:card_id>", type="http", auth="public", website=True)
    def portal_warranty(
        self, card_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """One card, to read and print."""
        try:
            card = self._document_check_access(MODEL, card_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=card,
                report_type=report_type,
                report_ref="aftersales_warranty.action_report_warranty_card",
                download=download,
            )
        values = self._get_page_view_values(
            card,
            access_token,
            {"card": card, "page_name": "warranty"},
            "my_warranty_history",
            False,
        )
        return request.render("aftersales_warranty.portal_warranty", values)
