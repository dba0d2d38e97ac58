from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import AftersalesPortal

MODEL = "aftersales.visit"


class VisitPortal(AftersalesPortal):
    """The customer sees who comes when, confirms or moves the time (R-D01, R-D15)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "visit_count" in counters:
            values["visit_count"] = self._count_documents(MODEL)
        return values

    @http.route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_visits(self, page=1, **_kw):
        """List of the customer's deliveries and visits."""
        return self._render_list(
            "aftersales_service.portal_my_visits",
            MODEL,
            "/my/visits",
            page,
            "visits",
            page_name="visit",
            **self._prepare_visits_values(),
        )

    def _prepare_visits_values(self):
        """What the list shows besides the visits; other rooms add to it."""
        return {}

    @http.route("/my/visits/<int:visit_id>", type="http", auth="public", website=True)
    def portal_visit(self, visit_id, access_token=None, error=None, **_kw):
        """One visit: time, team, goods; what the customer may do about it."""
        visit = self._open_document(MODEL, visit_id, access_token)
        return self._render_visit(visit, access_token, error)

    def _render_visit(self, visit, access_token, error=None):
        visit = visit.sudo()  # the page shows names and badges of the team
        movable = visit.mode == "onsite" and visit.state in ("draft", "confirmed")
        return self._render_document(
            "aftersales_service.portal_visit",
            visit,
            access_token,
            visit=visit,
            error=error,
            page_name="visit",
            movable=movable,
            windows=visit._get_window_choices() if movable else [],
        )

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
        visit = self._open_document(MODEL, visit_id, access_token)
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
        visit = self._open_document(MODEL, visit_id, access_token)
        if not visit.scheduled_start:
            return request.redirect(visit.get_portal_url())
        return request.make_response(
            visit.sudo()._get_ics(),
            [
                ("Content-Type", "text/calendar"),
                ("Content-Disposition", content_disposition(f"{visit.name}.ics")),
            ],
        )
