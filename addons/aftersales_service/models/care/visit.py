from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...readers import TECHNICIAN
from ...tools import act_time, check_keys
from ..act.declaration import act
from ..visit.visit_revisit import WITH_REVISIT
from .feedback import CSAT, NPS, check_score

ANSWER = ("csat", "nps", "remarks", "at")


class AftersalesVisit(models.Model):
    """Revisit calls: a list, a script, one form; ratings by link (R-D14, R-V11)."""

    _name = "aftersales.visit"
    _inherit = ["aftersales.feedback.mixin", "aftersales.visit"]

    rating = fields.Selection(selection_add=CSAT)
    nps = fields.Selection(NPS, string="Recommendation", readonly=True, copy=False)
    call_attempts = fields.Integer(
        string="Not Reached",
        readonly=True,
        copy=False,
        help="How often the customer was called in vain.",
    )
    last_attempt_at = fields.Datetime(string="Last Attempt", readonly=True, copy=False)
    revisit_script = fields.Text(
        string="Script", compute="_compute_revisit_script", groups=TECHNICIAN
    )
    asked_about = fields.Char(compute="_compute_asked_about")

    @api.depends("origin_visit_id", "revisited_request_id")
    def _compute_asked_about(self):
        for visit in self:
            source = visit._get_asked_source()
            visit.asked_about = source.display_name if source != visit else False

    @api.depends("origin_visit_id", "partner_id")
    def _compute_revisit_script(self):
        scripts = self.env["aftersales.revisit.script"].search([("active", "=", True)])
        by_kind = {script.kind: script for script in reversed(scripts)}
        for visit in self:
            kind = visit.origin_visit_id.kind
            kind = kind or (visit.revisited_request_id and "repair")
            script = by_kind.get(kind) or by_kind.get(False, scripts.browse())
            lang = visit.partner_id.lang or self.env.lang
            script = script.with_context(lang=lang)
            visit.revisit_script = script._fill(visit._get_script_facts(lang, kind))

    def _get_script_facts(self, lang, kind):
        visit = self.with_context(lang=lang)
        kinds = dict(self._fields["kind"]._description_selection(visit.env))
        done = visit.origin_visit_id.completed_at or visit.create_date
        technician = visit.sudo()._get_asked_source()._get_rated_employee()
        return {
            "customer": visit.contact_name,
            "technician": technician.name,
            "work": kinds.get(kind, kinds.get("revisit")),
            "date": done and format_date(visit.env, done.date()),
            "company": visit.company_id.name,
        }

    # ------------------------------------------------------------------
    # Who and what is rated
    # ------------------------------------------------------------------

    def _get_asked_source(self):
        """The visit or request that a revisit asks about; else the visit itself."""
        self.ensure_one()
        return self.origin_visit_id or self.revisited_request_id or self

    def _get_rated_employee(self):
        return (self.origin_visit_id or self).lead_employee_id

    def _get_rated_unit(self):
        lots = self.lot_ids or self.request_id.lot_id
        return lots if len(lots) == 1 else lots.browse()

    def _get_rated_product(self):
        products = self.lot_ids.product_id or self.request_id.product_id
        products = products or self.order_id.order_line.product_id.filtered(
            lambda product: product.type == "consu"
        )
        return products if len(products) == 1 else products.browse()

    # ------------------------------------------------------------------
    # The call
    # ------------------------------------------------------------------

    def _check_revisits(self):
        other = self.filtered(lambda visit: visit.kind != "revisit")
        if other:
            raise UserError(self.env._("%s is no revisit.", other[0].name))

    # Made by after-sales, not by whom the call rates (R-D14).
    @act("record_revisit", states=("draft", "confirmed", "on_site"), role="user")
    def action_record_revisit(self, vals, ref=None):
        """The customer was reached: keep rating and remarks (R-D14, R-S14).

        A low score opens a complaint with its promises.

        :param vals: dict of csat (1 to 5, required), nps (0 to 10), remarks, at (UTC
            time, empty for now)
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, feedback_id, complaint_id)
        :raise UserError: a score out of range, or the call was made already
        """
        vals = check_keys(self.env, vals, ANSWER)
        self._check_revisits()
        csat = check_score(self.env, vals.get("csat"), CSAT, self.env._("Rating"))
        nps = check_score(self.env, vals.get("nps"), NPS, self.env._("Recommendation"))
        if not csat:
            raise UserError(self.env._("Rating is required."))
        answer = {"rating": csat, "outcome": vals.get("remarks"), "at": vals.get("at")}
        self.sudo().nps = nps
        result = self.action_complete(answer)
        feedback = self[-1:].sudo()._get_answer()
        return result | {
            "feedback_id": feedback.id,
            "complaint_id": feedback.complaint_id.id,
        }

    def _get_answer(self):
        """The feedback that came of this call."""
        source = self._get_asked_source()
        return source.feedback_ids.filtered(lambda f: f.channel == "phone")

    @act("try_again", states=("draft", "confirmed"), role="user", dated=False)
    def action_try_again(self, at=None, note=None, ref=None):
        """The customer was not reached: call again later (R-D14).

        :param at: UTC time of the next attempt, in the future; by default the same
            hour tomorrow
        :param note: what happened, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, call_attempts)
        :raise UserError: the time is past or no time
        """
        self._check_revisits()
        now = fields.Datetime.now()
        at = self._check_next_attempt(at) if at else now + timedelta(days=1)
        for visit in self.sudo():
            visit.write(
                {
                    "call_attempts": visit.call_attempts + 1,
                    "last_attempt_at": now,
                    "scheduled_start": at,
                    "scheduled_stop": at + timedelta(minutes=15),
                }
            )
            visit._message_log(body=self.env._("Not reached. %s", note or ""))
        return {"call_attempts": self[-1:].call_attempts}

    def _check_next_attempt(self, at):
        try:
            moment = fields.Datetime.to_datetime(at).replace(microsecond=0)
        except (AttributeError, TypeError, ValueError):
            return act_time(self.env, at)  # says what a time looks like
        if moment <= fields.Datetime.now():
            raise UserError(self.env._("The next attempt must be in the future."))
        return moment

    def action_open_revisit(self):
        """Open the form of the call."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.revisit_wizard_action"
        )
        return action | {"context": {"default_visit_id": self.id}}

    def _on_completed(self):
        """Ratings on the phone are kept; others are asked for by link (R-V11)."""
        result = super()._on_completed()
        if self.kind == "revisit" and self.rating:
            self._record_phone_answer()
        if self.kind in WITH_REVISIT:
            self._send_feedback_request()
        return result

    def _record_phone_answer(self):
        source = self._get_asked_source()
        vals = source._prepare_feedback_vals() | {
            "partner_id": self.partner_id.id,
            "channel": "phone",
            "csat": self.rating,
            "nps": self.nps,
            "remarks": self.outcome or self.report,
            "answered_at": self.completed_at,
        }
        self.env["aftersales.feedback"]._record_answer(source, vals)
