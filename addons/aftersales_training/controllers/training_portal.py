from datetime import datetime, timedelta

import pytz

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.aftersales_service.controllers.portal import AftersalesPortal
from odoo.addons.aftersales_service.tools import to_id

from ..tools import read_file, read_text

PLAN = "aftersales.training.plan"
HANDOVER = "aftersales.training.handover"
CERTIFICATE = "aftersales_training.action_report_certificate"


class TrainingPortal(AftersalesPortal):
    """The customer decides dates and places and names the people (R-T01, R-T04)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "training_count" in counters:
            values["training_count"] = self._count_documents(PLAN)
        return values

    @http.route(
        ["/my/trainings", "/my/trainings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_trainings(self, page=1, **_kw):
        """List of the customer's training plans."""
        return self._render_list(
            "aftersales_training.portal_my_trainings",
            PLAN,
            "/my/trainings",
            page,
            "plans",
            page_name="training",
        )

    @http.route("/my/trainings/<int:plan_id>", type="http", auth="public", website=True)
    def portal_training(
        self, plan_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """One plan: sessions to decide on, people, certificates, the record."""
        plan = self._open_document(PLAN, plan_id, access_token)
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=plan,
                report_type=report_type,
                report_ref="aftersales_training.action_report_record",
                download=download,
            )
        return self._render_training(plan, access_token)

    def _render_training(self, plan, access_token, error=None, text=None):
        plan = plan.sudo()  # the page shows sessions and people of this plan only
        sessions = plan.event_ids.filtered(lambda e: e.aftersales_state != "cancelled")
        return self._render_document(
            "aftersales_training.portal_training",
            plan,
            access_token,
            plan=plan,
            error=error,
            text=text,  # what was pasted isn't lost with a refusal
            page_name="training",
            sessions=sessions,
            people=plan.person_ids.filtered("is_booked"),
            certificates=plan.certificate_ids.filtered(lambda c: not c.revoked_at),
            to_local=plan.company_id._aftersales_to_local,
        )

    def _act_training(self, plan_id, access_token, act, text=None):
        """Do something for the customer; refusals are shown on the page.

        :param act: function of the plan (sudo)
        """
        plan = self._open_document(PLAN, plan_id, access_token).sudo()
        try:
            with request.env.cr.savepoint():
                act(plan)
        except UserError as refusal:
            return self._render_training(plan, access_token, str(refusal), text)
        return request.redirect(plan.get_portal_url())

    @http.route(
        "/my/trainings/<int:plan_id>/choose",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_training_choose(
        self,
        plan_id,
        access_token=None,
        event_id=None,
        start=None,
        hours=None,
        place=None,
        chosen_by=None,
        **_kw,
    ):
        """Agree to what is proposed, or propose another time and place (R-T04)."""

        def choose(plan):
            event = plan._get_session(to_id(event_id))
            begin, stop = event.date_begin, event.date_end
            if start:
                begin = _to_utc(plan, start)
                stop = begin + timedelta(hours=_hours(plan, hours))
            event._record_choice(begin, stop, place, chosen_by, "portal")

        return self._act_training(plan_id, access_token, choose)

    @http.route(
        "/my/trainings/<int:plan_id>/people",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        files=("file",),
    )
    def portal_training_people(
        self,
        plan_id,
        access_token=None,
        name=None,
        phone=None,
        role=None,
        text=None,
        file=None,
        **_kw,
    ):
        """Name one person, paste a list or send a file (R-T01, R-T07)."""

        def register(plan):
            if file:
                rows = read_file(plan.env, file.read(), file.filename)
            elif text:
                rows = read_text(text)
            else:
                rows = [{"name": name, "phone": phone, "role": role}]
            plan.import_attendees(rows)

        return self._act_training(plan_id, access_token, register, text)

    @http.route(
        "/my/trainings/<int:plan_id>/people/<int:person_id>/remove",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_training_remove(self, plan_id, person_id, access_token=None, **_kw):
        """Take a person off the lists to come."""

        def remove(plan):
            person = plan.person_ids.filtered(lambda p: p.id == person_id)
            plan.action_remove_attendee(person.person_key)

        return self._act_training(plan_id, access_token, remove)

    @http.route(
        "/my/trainings/<int:plan_id>/certificates",
        type="http",
        auth="public",
        website=True,
    )
    def portal_training_certificates(
        self, plan_id, access_token=None, certificate_id=None, lang=None, **_kw
    ):
        """Certificates of this plan as PDF, one or all (R-T07)."""
        plan = self._open_document(PLAN, plan_id, access_token).sudo()
        certificates = plan.certificate_ids.filtered(lambda c: not c.revoked_at)
        if certificate_id:
            wanted = to_id(certificate_id)
            certificates = certificates.filtered(lambda c: c.id == wanted)
        if not certificates:
            return request.redirect(plan.get_portal_url())
        report = CERTIFICATE + ("_en" if lang == "en" else "")
        pdf, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(report, certificates.ids)
        )
        return request.make_response(pdf, [("Content-Type", "application/pdf")])

    # ------------------------------------------------------------------
    # Handover meeting
    # ------------------------------------------------------------------

    @http.route(
        "/my/handovers/<int:handover_id>", type="http", auth="public", website=True
    )
    def portal_handover(
        self, handover_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """The minutes of the handover meeting, to read, sign and print (R-T05)."""
        handover = self._open_document(HANDOVER, handover_id, access_token)
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=handover,
                report_type=report_type,
                report_ref="aftersales_training.action_report_handover",
                download=download,
            )
        return self._render_document(
            "aftersales_training.portal_handover",
            handover,
            access_token,
            handover=handover.sudo(),
            page_name="handover",
        )

    @http.route(
        "/my/handovers/<int:handover_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_handover_sign(
        self,
        handover_id,
        access_token=None,
        name=None,
        signature=None,
        digest=None,
        **_kw,
    ):
        """Sign in the portal; refusals are shown beside the signature."""
        try:
            handover = self._document_check_access(HANDOVER, handover_id, access_token)
            handover.sudo().action_sign(
                name=name,
                signature_base64=signature,
                document_digest=digest,
            )
        except (AccessError, MissingError):
            return {"error": request.env._("This link is not valid.")}
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": handover.get_portal_url()}


def _to_utc(plan, text):
    """A local time typed by the customer → naive UTC datetime."""
    zone = pytz.timezone(plan.company_id.aftersales_tz)
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=None)
        if not 2000 <= local.year < 3000:
            raise ValueError  # neither zone nor length leads out of the calendar
    except ValueError:
        raise UserError(plan.env._("“%s” is not a date and time.", text)) from None
    return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def _hours(plan, text):
    try:
        hours = float(text or 3)
    except ValueError:
        hours = 0
    if not 0 < hours <= 12:
        raise UserError(plan.env._("How many hours? Between 0 and 12."))
    return hours
