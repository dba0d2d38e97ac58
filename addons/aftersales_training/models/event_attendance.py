from datetime import timedelta

from odoo import fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.identity import name_key
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import check_keys

from ..tools import normalise_phone
from .qr import qr_code


class EventEvent(models.Model):
    """Who was there, what they scored, what was handed out (R-T06, R-T07)."""

    _inherit = "event.event"

    def _get_attendance_start(self):
        """From when people may sign in: a little before the session begins."""
        early = self.company_id.aftersales_training_early_minutes
        return self.date_begin - timedelta(minutes=early)

    @act("check_in", access="read")
    def action_check_in(self, barcode, ref=None):
        """A person's code was scanned at the door (R-T07).

        :param barcode: the person's barcode, or the link of the person's QR code
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, name, state, already): the registration
        :raise UserError: unknown code, another session, or it has not begun
        """
        self.ensure_one()
        event = self.sudo()
        code = str(barcode or "").strip()
        person = event.registration_ids.filtered(
            lambda r: code == r.barcode or code.endswith(r._get_personal_url())
        )
        if not person or person.state == "cancel":
            raise UserError(
                self.env._("This code is not on the list of %s.", event.name)
            )
        already = person.state == "done"
        if not already:
            person._attend("code")
        return {
            "id": person.id,
            "name": person.name,
            "state": person.state,
            "already": already,
        }

    def _check_check_in(self, values):
        self._ensure_session()

    def _sign_in(self, contact):
        """A person signs in on the own phone, by phone number or name (R-T07).

        :param contact: what the person typed
        :return: registration (sudo)
        :raise UserError: not on the list, or the session isn't on
        """
        event, now = self.sudo(), fields.Datetime.now()
        ends = event.date_end + timedelta(
            minutes=event.company_id.aftersales_training_early_minutes
        )
        if event.aftersales_state == "cancelled" or event.aftersales_closed_at:
            raise UserError(self.env._("%s is over already.", event.name))
        if now > ends:
            raise UserError(self.env._("%s is over already.", event.name))
        person = event._find_person(contact)
        if len(person) > 1:
            raise UserError(
                self.env._("Several people are listed so: enter name and phone number.")
            )
        if not person:
            raise UserError(
                self.env._("You are not on the list: please ask the trainer.")
            )
        if person.state != "done":
            person._attend("self")
        return person

    def _find_person(self, contact):
        """Who of the list it is, by phone number, by name, or by both.

        :return: registrations; several where the one can't be told
        """
        listed = self.registration_ids.filtered(lambda r: r.state != "cancel")
        phone, name = normalise_phone(self.company_id, contact), name_key(contact)
        called = listed.filtered(
            lambda r: phone and normalise_phone(r.company_id, r.phone) == phone
        )
        named = called.filtered(lambda r: name_key(r.name) in name)
        if len(called) > 1:
            return named or called
        return called or listed.filtered(lambda r: name_key(r.name) == name)

    @act("record_scores", access="read")
    def action_record_scores(self, scores, ref=None):
        """Enter the results of a written test (R-T07).

        :param scores: list of dict(id, score): registration and percentage
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(passed, failed): numbers of people of this session
        :raise UserError: somebody did not attend, or isn't of this session
        """
        self.ensure_one()
        event = self.sudo()
        if not isinstance(scores, list) or not scores:
            raise UserError(self.env._("There are no rows."))
        people = {person.id: person for person in event.registration_ids}
        for row in scores:
            row = check_keys(self.env, row, ("id", "score"))
            person, score = people.get(row.get("id")), row.get("score")
            number = isinstance(score, (int, float)) and not isinstance(score, bool)
            if not person or not number:
                raise UserError(
                    self.env._("No person of this session, or no score: %s", row)
                )
            person.write({"aftersales_score": score})
        results = event.registration_ids.mapped("aftersales_result")
        return {"passed": results.count("passed"), "failed": results.count("failed")}

    def _check_record_scores(self, values):
        self._ensure_session()

    def _get_start_test_url(self, person):
        """The survey of the session for one person who attended it (R-T07).

        :return: path; False when there is no test to take
        """
        survey = self.sudo().aftersales_survey_id
        if not survey or person.state != "done":
            return False
        if not person.aftersales_answer_id:
            answer = survey._create_answer(
                email=person.email, check_attempts=False, nickname=person.name
            )
            person.write({"aftersales_answer_id": answer.id})
        return person.aftersales_answer_id.get_start_url()

    def _get_token(self):
        """What opens the sign-in page of the session without login."""
        self.ensure_one()
        env = self.env(su=True)
        return tools.hmac(env, "aftersales-training-session", self.id)

    def _is_link_over(self):
        """Whether the codes of the session and of its people have expired."""
        return self.company_id._aftersales_is_link_over(self.date_end)

    def _get_sign_in_url(self):
        return f"{self.get_base_url()}/training/session/{self.id}/{self._get_token()}"

    def _get_sign_in_code(self):
        """QR code (PNG, base64) that people scan to sign in."""
        return qr_code(self._get_sign_in_url())

    def _get_sheet_people(self):
        """Who is on the attendance sheet, in the order of their names."""
        people = self.registration_ids.filtered(lambda r: r.state in ("open", "done"))
        return people.sorted(lambda r: (r.aftersales_role or "", r.name or ""))

    def _get_report_base_filename(self):
        return self.env._("Attendance %s", self.name)

    # ------------------------------------------------------------------
    # Preparing
    # ------------------------------------------------------------------

    def _register_liaison(self):
        """The liaison is invited to what comes, from the observation on (R-T08)."""
        now = fields.Datetime.now()
        vals_list = []
        for event in self.sudo().filtered(lambda e: not e.aftersales_counts):
            liaison = event.aftersales_plan_id.liaison_id
            open_ = event.aftersales_state in ("proposed", "chosen", "confirmed")
            if not open_ or event.date_begin < now:
                continue
            listed = event.registration_ids.filtered(
                lambda r: r.aftersales_role == "liaison" and r.state == "open"
            )
            others = listed.filtered(lambda r, who=liaison: r.partner_id != who)
            others.write({"state": "cancel"})
            if liaison and not (listed - others):
                vals_list.append(
                    {
                        "event_id": event.id,
                        "partner_id": liaison.id,
                        "name": liaison.name,
                        "phone": liaison.phone,
                        "email": liaison.email,
                        "aftersales_role": "liaison",
                    }
                )
        self.env["event.registration"].sudo().create(vals_list)

    def _prepare_materials(self):
        """What each session hands out, as its template says (R-T06)."""
        vals_list = []
        for event in self:
            lang = event.company_id.partner_id.lang
            template = event.aftersales_template_id.with_context(lang=lang)
            names = (template.material or "").splitlines()
            vals_list += [
                {
                    "plan_id": event.aftersales_plan_id.id,
                    "event_id": event.id,
                    "name": name.strip(),
                }
                for name in names
                if name.strip()
            ]
        self.env["aftersales.training.material"].sudo().create(vals_list)

    def action_view_attendance(self):
        """Open the list of people, to tick them on a phone."""
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id("aftersales_training.attendance_action")
        return action | {
            "domain": [("event_id", "=", self.id)],
            "context": {"default_event_id": self.id},
        }
