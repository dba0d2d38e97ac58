from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import check_keys, require_text
from ..act.declaration import act
from .request_acts import OPEN

CLOSING = (
    "resolution",
    "quality_class",
    "cause_id",
    "cause_note",
    "responsible_department_id",
    "responsible_employee_id",
    "customer_confirmed",
    "unconfirmed_reason",
)
REPORT_FACTS = ("reported_at", "arrived_at", "cause_note", "measures", "restored_at")


class AftersalesRequest(models.Model):
    """How a request ends: report, close or cancel."""

    _inherit = "aftersales.request"

    @act(
        "report",
        states=("restored", "reported"),
        to="reported",
        stamp="report_sent_at",
        after="restored_at",
        event="report_sent",
    )
    def action_send_report(self, at=None, ref=None):
        """Send the repair report with its five facts to the customer (R-S09).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        :raise UserError: names the facts that are missing
        """
        template = self.env.ref("aftersales_service.mail_template_repair_report")
        for request in self.sudo():
            request._check_report_facts()
            request.report_sent_at = request._act_at()  # the report says it
            if request.partner_id.email:
                request.message_post_with_source(
                    template, subtype_xmlid="mail.mt_comment"
                )

    def _check_report_facts(self):
        nobody_went = self.by_phone or (self.repair_ids and not self.dispatched_at)
        needed = [n for n in REPORT_FACTS if not (nobody_went and n == "arrived_at")]
        missing = [
            self._fields[name]._description_string(self.env)
            for name in needed
            if not self[name]
        ]
        if missing:
            raise UserError(self.env._("The report needs: %s", ", ".join(missing)))

    @act("close", states=("new", "assigned", "replied", "restored", "reported"))
    def action_close(self, vals=None, ref=None):
        """Close what is resolved; from then on it is unchangeable (R-C02, R-C08).

        :param vals: dict of resolution (required), quality_class, cause_id,
            cause_note, responsible_department_id, responsible_employee_id and, for a
            complaint, customer_confirmed or a supervisor's unconfirmed_reason
        :return: dict(id, state)
        """
        vals = check_keys(self.env, vals, CLOSING)
        for request in self.sudo():
            request._check_closing(vals)
            now = fields.Datetime.now()
            request.write(dict(vals, state="closed", closed_at=now))
            request._sla_event("resolved", now)
            request._sla_give_up(self.env._("Closed"))
            request.activity_ids.filtered(
                lambda a: not a.sla_clock_id
            ).action_feedback()
            request._on_closed()
        return self._get_facts("closed_at")

    def _on_closed(self):
        """A request was closed or cancelled; other rooms go on from here."""

    def _after_cancel(self, values):
        """A request was cancelled; other rooms end what it had begun.

        :param values: dict(reason)
        """

    def _check_closing(self, vals):
        require_text(
            self.env,
            vals.get("resolution") or self.resolution,
            self.env._("Resolution"),
        )
        if self.type == "fault" and not self.report_sent_at:
            raise UserError(self.env._("%s: send the repair report first.", self.name))
        if self.emergency and self.type == "fault" and not self.planned_at:
            raise UserError(self.env._("%s: record the repair plan first.", self.name))
        complaint = ("quality_class", "cause_note", "responsible_department_id")
        missing = [
            self._fields[name]._description_string(self.env)
            for name in complaint
            if self.type == "complaint" and not (vals.get(name) or self[name])
        ]
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))
        if self.type == "complaint":
            self._check_confirmation(vals)
        self._check_receipts()

    @act("cancel", states=OPEN)
    def action_cancel(self, reason=None, ref=None):
        """Cancel what needs no work after all; it stays in the register.

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for request in self.sudo():
            request._check_receipts()
            request.activity_ids.unlink()
            request.write({"state": "cancelled", "resolution": reason})
            request._sla_give_up(reason)
            request.visit_ids.filtered(
                lambda v: v.state not in ("done", "failed")
            )._cancel(reason)
            request._on_closed()
