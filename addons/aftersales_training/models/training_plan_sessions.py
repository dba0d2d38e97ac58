from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.models.act.declaration import act

from .training_plan import LIVE

MORNING = 9.0  # local hour at which sessions are proposed


class AftersalesTrainingPlan(models.Model):
    """Which sessions a plan has, and when they are proposed (R-T02, R-T03)."""

    _inherit = "aftersales.training.plan"

    @act("generate_sessions", states=LIVE)
    def action_generate_sessions(self, ref=None):
        """Propose the sessions whose dates are known; run again for the others.

        :param ref: the caller's own reference of this act, for a retry
        :return: list of ids of the plans' sessions
        """
        plans = self.sudo()
        plans._propose_sessions()
        return plans.event_ids.ids

    def _propose_sessions(self):
        """Make the sessions whose anchor is known, move those not decided yet."""
        templates = self.env["aftersales.training.template"].sudo()  # for everybody
        templates = templates.search([("active", "=", True)])
        vals_list = []
        for plan in self.sudo().filtered(lambda p: not p.is_cancelled):
            events = plan.with_context(active_test=False).event_ids
            planned = events.filtered(
                lambda e: (
                    not e.aftersales_make_up_of_id and e.aftersales_state != "cancelled"
                )
            )
            for event in planned.filtered(lambda e: e.aftersales_state == "proposed"):
                event._propose_at(plan._get_session_start(event.aftersales_template_id))
            for template in templates - planned.aftersales_template_id:
                start = plan._get_session_start(template)
                if start and template._fits(plan.order_id):
                    vals_list.append(plan._prepare_event_vals(template, start))
        events = self.env["event.event"].sudo().create(vals_list)
        events._register_liaison()
        events._prepare_materials()

    def _get_session_start(self, template):
        """When a session is proposed: its anchor moved by the template's offset.

        A month before a commissioning that is nearer than that is over: then the
        anchor itself is proposed, or tomorrow (R-T03).

        :return: naive UTC datetime; False while the anchor isn't known, and for what
            belongs to a commissioning that is over
        """
        anchor = self[template.anchor]
        if not anchor:
            return False
        company = self.company_id
        if template.anchor == "accepted_on":
            anchor = company._aftersales_to_local(anchor).date()
        day = anchor + relativedelta(
            months=template.offset_months, days=template.offset_days
        )
        tomorrow = company._aftersales_now_local().date() + timedelta(days=1)
        if day < tomorrow:
            day = max(anchor, tomorrow)
        over = self.commissioned_at and template.anchor == "commissioning_start"
        if over and day > self.commissioning_end:
            return False
        return company._aftersales_at(day, MORNING)

    def _prepare_event_vals(self, template, start):
        template = template.with_context(lang=self.company_id.partner_id.lang)
        return {
            "name": f"{self.order_id.name} {template.name}",
            "aftersales_plan_id": self.id,
            "aftersales_template_id": template.id,
            "aftersales_state": "proposed",
            "aftersales_counts": template.counts,
            "aftersales_content": template.content,
            "aftersales_survey_id": template.survey_id.id,
            "aftersales_pass_mark": template.pass_mark,
            "company_id": self.company_id.id,
            "organizer_id": self.company_id.partner_id.id,
            "user_id": self.user_id.id,
            "date_begin": start,
            "date_end": start + timedelta(hours=template.hours),
            "date_tz": self.company_id.aftersales_tz,
            "description": False,
            "seats_limited": True,
            "seats_max": self.headcount,
            "event_mail_ids": [fields.Command.clear()],  # people are told by hand
            "event_ticket_ids": [fields.Command.clear()],
            "question_ids": [fields.Command.clear()],
        }

    @act("commissioned", states=LIVE)
    def action_commissioned(self, at=None, ref=None):
        """Commissioning is done: the handover meeting is due in a week (R-T05).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, commissioning_end)
        """
        plans = self.sudo()
        for plan in plans:
            plan._commissioned(plan._act_at())
        end = plans[-1:].commissioning_end
        return {"commissioning_end": fields.Date.to_string(end)}

    @act("record_choice", states=LIVE)
    def action_record_customer_choice(
        self, event_id, start, stop, place, chosen_by, ref=None
    ):
        """The customer decides date and place of a session (R-T04).

        :param event_id: id of a session of this plan
        :param start: UTC time in the future
        :param stop: UTC time after it
        :param place: where; required
        :param chosen_by: who decided; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, date_begin, date_end, place, state)
        """
        self.ensure_one()
        event = self._get_session(event_id)
        event._record_choice(start, stop, place, chosen_by, "agent")
        return {
            "id": event.id,
            "date_begin": fields.Datetime.to_string(event.date_begin),
            "date_end": fields.Datetime.to_string(event.date_end),
            "place": event.aftersales_place,
            "state": event.aftersales_state,
        }

    def _get_session(self, event_id):
        """The session of this plan with an id (sudo).

        :raise UserError: it belongs to another plan
        """
        event = self.sudo().event_ids.filtered(lambda e: e.id == event_id)
        if not event:
            raise UserError(self.env._("Session %s is not of this plan.", event_id))
        return event

    @act("ask_choice", states=LIVE)
    def action_ask_choice(self, ref=None):
        """Send the customer the link to choose dates and places (R-T04).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, url)
        :raise UserError: nobody of the customer has an e-mail address
        """
        template = self.env.ref("aftersales_training.mail_template_choice")
        for plan in self.sudo():
            if not plan._get_contact().email:
                raise UserError(
                    self.env._("%s has no e-mail address.", plan._get_contact().name)
                )
            plan._portal_ensure_token()
            plan.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        return {"id": self[-1:].id, "url": self[-1:].get_portal_url()}

    def _get_contact(self):
        """Whom to ask and tell: the liaison, else the customer (R-T08)."""
        return self.liaison_id or self.partner_id

    @act("mark_attended", states=LIVE)
    def action_mark_attended(self, event_id=None, ref=None):
        """Everybody registered was there (R-T07).

        :param event_id: session; all that have begun when empty
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, trained_count, missing_count)
        """
        self.ensure_one()
        plan, now = self.sudo(), fields.Datetime.now()
        if event_id:
            events = plan._get_session(event_id)
        else:
            events = plan.event_ids.filtered(lambda e: e.date_begin <= now)
        if not events or any(event.date_begin > now for event in events):
            raise UserError(self.env._("No such session has begun."))
        people = events.registration_ids.filtered(lambda r: r.state == "open")
        people._attend("list")
        return self._get_people_facts()

    def _get_people_facts(self):
        return {
            "id": self.id,
            "trained_count": self.trained_count,
            "missing_count": self.missing_count,
        }

    def action_view_sessions(self):
        """Open the sessions of this plan."""
        return self._view("session_action")

    def action_view_people(self):
        """Open the training record of this plan's people."""
        return self._view("training_person_action", "plan_id")

    def action_view_certificates(self):
        """Open the certificates issued in this plan."""
        return self._view("training_certificate_action", "plan_id")

    def _view(self, xmlid, field="aftersales_plan_id"):
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"aftersales_training.{xmlid}")
        return action | {"domain": [(field, "=", self.id)], "context": {}}
