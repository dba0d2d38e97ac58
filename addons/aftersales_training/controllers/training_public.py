import io

import xlsxwriter

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.aftersales_service.limits import (
    check_guesses,
    count_guess,
    end_with_page,
    refuse_guess,
)
from odoo.addons.aftersales_service.tools import is_same_token

RATINGS = ("1", "3", "5")


class TrainingPublic(http.Controller):
    """Pages without login: signing in, the own page, verifying a certificate."""

    def _open_by_token(self, model_name, record_id, token):
        """The record of a training that a code leads to (sudo), or no page."""
        check_guesses()
        # who has the code may
        record = request.env[model_name].sudo().browse(record_id).exists()
        if not record.aftersales_plan_id or not is_same_token(
            token, record._get_token()
        ):
            refuse_guess()
        return record

    def _check_open(self, event):
        """Codes of a session end some time after it, as all links do."""
        company = event.company_id
        if event._is_link_over() and not request.env.user._is_internal():
            end_with_page("expired_page", 410, company=company)

    # ------------------------------------------------------------------
    # A session: its QR code hangs in the room
    # ------------------------------------------------------------------

    @http.route(
        "/training/session/<int:event_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def training_sign_in(self, event_id, token, contact=None, **_kw):
        """People sign in by the phone number they were registered with (R-T07)."""
        event = self._open_by_token("event.event", event_id, token)
        self._check_open(event)
        values = {"event": event, "contact": contact, "error": None}
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    person = event._sign_in(contact)
                return request.redirect(person._get_personal_url())
            except UserError as refusal:
                count_guess()
                values["error"] = str(refusal)
        return request.render("aftersales_training.sign_in_page", values)

    # ------------------------------------------------------------------
    # A person's own page
    # ------------------------------------------------------------------

    @http.route(
        "/training/person/<int:person_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def training_person(self, person_id, token, **_kw):
        """Session, attendance, test, rating of the trainer, certificate."""
        person = self._open_by_token("event.registration", person_id, token)
        self._check_open(person.event_id)
        certificate = person.aftersales_plan_id.certificate_ids.filtered(
            lambda c: c.person_key == person.aftersales_person_key and not c.revoked_at
        )
        values = {
            "person": person,
            "event": person.event_id,
            "certificate": certificate,
            "begun": person.event_id._get_attendance_start() <= fields.Datetime.now(),
            "may_mark": request.env.user._is_aftersales("technician"),
        }
        return request.render("aftersales_training.person_page", values)

    @http.route(
        "/training/person/<int:person_id>/<string:token>/<any(test,rate,present):act>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def training_person_act(self, person_id, token, act, rating=None, note=None, **_kw):
        """Take the test, rate the trainer; the trainer marks who is there (R-T07)."""
        person = self._open_by_token("event.registration", person_id, token)
        self._check_open(person.event_id)
        target = person._get_personal_url()
        if act == "test":
            target = person.event_id._get_start_test_url(person) or target
        elif act == "present":
            person.sudo(False).with_user(request.env.user).action_mark_present()
        elif person.state == "done" and rating in RATINGS:
            person.write(
                {
                    "aftersales_rating": rating,
                    "aftersales_rating_note": (note or "")[:500] or False,
                }
            )
        return request.redirect(target)

    # ------------------------------------------------------------------
    # Certificates
    # ------------------------------------------------------------------

    @http.route(
        "/training/certificate/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def training_certificate(self, token, **_kw):
        """Whether a certificate is genuine and valid; anybody may ask (R-T07)."""
        check_guesses()
        # anybody may ask
        certificates = request.env["aftersales.training.certificate"].sudo()
        certificate = certificates.search([("token", "=", token or "-")])
        response = request.render(
            "aftersales_training.verify_page", {"certificate": certificate}
        )
        if not certificate:
            count_guess()
            response.status_code = 404
        return response

    @http.route("/training/people.xlsx", type="http", auth="public", sitemap=False)
    def training_people_template(self, **_kw):
        """An empty list of people to fill in and import (R-T07)."""
        env = request.env
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True, "bg_color": "#D9EAD3"})
            text = book.add_format({"num_format": "@"})
            sheet.set_column(0, 3, 22, text)
            heads = (
                env._("Full name"),
                env._("Mobile"),
                env._("Role"),
                env._("ID number"),
            )
            sheet.write_row(0, 0, heads, bold)
            roles = [env._("Operator"), env._("Maintainer"), env._("Liaison")]
            sheet.data_validation(1, 2, 5000, 2, {"validate": "list", "source": roles})
        headers = [
            (
                "Content-Type",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            ("Content-Disposition", content_disposition(env._("People.xlsx"))),
        ]
        return request.make_response(stream.getvalue(), headers)
