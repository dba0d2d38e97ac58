from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..limits import check_guesses, count_guess
from ..models.care.feedback import NPS
from ..tools import clean_text


class FeedbackPages(http.Controller):
    """Pages on which customers rate without login (R-V11)."""

    @http.route("/feedback/<string:token>", type="http", auth="public", website=True)
    def feedback_page(self, token, csat=None, nps=None, remarks=None, **_kw):
        """The form to rate one visit or repair; a POST keeps the answer once."""
        check_guesses()
        rating, source = self._find_rating(token)
        if not source:
            return self._render("invalid")
        source = self._speak(source)
        state = self._get_rating_state(rating, source)
        if state == "form" and request.httprequest.method == "POST":
            post = {"csat": csat, "nps": nps, "remarks": remarks}
            return self._keep_rating(rating, source, post)
        return self._render(state, source=source)

    def _find_rating(self, token):
        """The rating of a link and its visit or request, as superuser."""
        # who has the link may rate
        rating = request.env["rating.rating"].sudo()
        rating = rating.search([("access_token", "=", clean_text(token))], limit=1)
        model = rating.res_model and request.env[rating.res_model].sudo()
        if model is None or not rating or not hasattr(model, "_is_link_expired"):
            return rating, None
        return rating, model.browse(rating.res_id).exists()

    def _get_rating_state(self, rating, source):
        if rating.consumed:
            return "answered"
        return "expired" if source._is_link_expired(rating) else "form"

    def _keep_rating(self, rating, source, post):
        try:
            with request.env.cr.savepoint():
                source.rating_apply(
                    post["csat"],
                    rating=rating,
                    feedback=post["remarks"],
                    nps=post["nps"],
                )
        except UserError as refusal:
            return self._render("form", source=source, error=str(refusal), post=post)
        return self._render("thanks", source=source)

    @http.route(
        "/feedback/yearly/<string:token>", type="http", auth="public", website=True
    )
    def survey_page(self, token, **post):
        """The form of the yearly survey; a POST keeps the answers once."""
        check_guesses()
        # who has the link may answer
        invitation = request.env["aftersales.survey.invitation"].sudo()
        invitation = invitation.search(
            [("access_token", "=", clean_text(token))], limit=1
        )
        if not invitation:
            return self._render("invalid")
        invitation = self._speak(invitation)
        state = invitation._get_refusal() or "form"
        if state == "form" and request.httprequest.method == "POST":
            return self._keep_survey(invitation, post)
        return self._render(state, invitation=invitation)

    def _keep_survey(self, invitation, post):
        values = {
            question.id: post.get(f"question_{question.id}")
            for question in invitation.survey_id.question_ids
        }
        channel = "phone" if request.env.user._is_internal() else "survey"
        try:
            with request.env.cr.savepoint():
                invitation._answer(values, channel)
        except UserError as refusal:
            return self._render(
                "form", invitation=invitation, error=str(refusal), post=post
            )
        return self._render("thanks", invitation=invitation)

    def _speak(self, record):
        """The record, and the page, in the customer's language."""
        if record.partner_id.lang:
            request.update_context(lang=record.partner_id.lang)
        return record.with_env(request.env).sudo()

    def _render(self, state, source=None, invitation=None, error=None, post=None):
        record = source or invitation
        company = record.company_id if record else request.env.company
        values = {
            "state": state,
            "source": source,
            "invitation": invitation,
            "survey": invitation and invitation.survey_id,
            "company": company.sudo(),
            "error": error,
            "post": post or {},
            "scores": request.env["aftersales.feedback"]
            ._fields["csat"]
            ._description_selection(request.env),
            "recommendations": [key for key, _label in NPS],
        }
        response = request.render("aftersales_service.feedback_page", values)
        if state == "invalid":
            count_guess()
            response.status_code = 404
        return response
