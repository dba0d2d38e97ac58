from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MODEL = "aftersales.visit"


class VisitPortal(CustomerPortal):
    """The customer sees who comes when, confirms or moves the time (R-D01, R-D15)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "visit_count" in counters:
            visits = request.env[MODEL]  # counted by the customer's own rules
            allowed = visits.has_access("read")
            values["visit_count"] = visits.search_count([]) if allowed else 0
        return values

    @http.route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_visits(self, page=1, **_kw):
        """List of the customer's deliveries and visits."""
        visits = request.env[MODEL]
        total = visits.search_count([])
        pages = pager(url="/my/visits", total=total, page=page, step=20)
        values = self._prepare_visits_values() | {
            "visits": visits.search([], limit=20, offset=pages["offset"]),
            "pager": pages,
            "page_name": "visit",
        }
        return request.render("aftersales_service.portal_my_visits", values)

    def _prepare_visits_values(self):
        """What the list shows besides the visits; other rooms add to it."""
        return self._prepare_portal_layout_values()

    @http.route("/my/visits/<int:visit_id>", type="http", auth="public", website=True)
    def portal_visit(self, visit_id, access_token=None, error=None, **_kw):
        """One visit: time, team, goods; what the customer may do about it."""
        try:
            visit = self._document_check_access(MODEL, visit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._render_visit(visit, access_token, error)

    def _render_visit(self, visit, access_token, error=None):
        visit = visit.sudo()  # the page shows names and badges of the team
        movable = visit.mode == "onsite" and visit.state in ("draft", "confirmed")
        values = {
            "visit": visit,
            "error": error,
            "page_name": "visit",
            "movable": movable,
            "windows": visit._get_window_choices() if movable else [],
        }
        values = self._get_page_view_values(
            visit, access_token, values, "my_visits_history", False
        )
        return request.render("aftersales_service.portal_visit", values)

    @http.route(
        ["/my/visits/<int:visit_id>/confirm", "/my/visits/<int:visit_id>/choose"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_visit_answer(
        self, visit_id, access_token=None, start=None, reason=None, **_kw
    ):
        """Confirm the time, or choose another; refusals are shown on the page."""
        try:
            visit = self._document_check_access(MODEL, visit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        visit = visit.sudo()  # who has the link may answer
        try:
            with request.env.cr.savepoint():
                if start:
                    visit.action_choose_window(start=start, reason=reason)
                else:
                    visit.action_customer_confirm()
        except UserError as refusal:
            return self._render_visit(visit, access_token, str(refusal))
        return request.redirect(visit.get_portal_url())

    @http.route(
        "/my/visits/<int:visit_id>/calendar.ics",
        type="http",
        auth="public",
        website=True,
    )
    def portal_visit_ics(self, visit_id, access_token=None, **_kw):
        """The appointment as a file for the customer's calendar."""
        try:
            visit = self._document_check_access(MODEL, visit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not visit.scheduled_start:
            return request.redirect(visit.get_portal_url())
        return request.make_response(
            visit.sudo()._get_ics(),
            [
                ("Content-Type", "text/calendar"),
                ("Content-Disposition", content_disposition(f"{visit.name}.ics")),
            ],
        )
