from odoo import models
from odoo.exceptions import UserError

from ...tools import check_keys, check_signature, check_values, require_text
from ..act.declaration import act

CALL_POINTS = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok")
COMPLETION = ("outcome", "report", "signature", "signed_by", "rating", "at")


class AftersalesVisit(models.Model):
    """What technicians and planners do with a visit; each act has its time."""

    _inherit = "aftersales.visit"

    def _get_settled_at(self):
        over = self.state in ("done", "failed", "cancelled")
        return over and (self.completed_at or self.write_date)

    def _is_supervisor(self):
        return self.env.user._is_aftersales("supervisor")

    @act("call", states=("draft", "confirmed"))
    def action_record_call(self, vals, ref=None):
        """Record the call before the visit with its five points (R-D02).

        :param vals: dict of address_ok, phone_ok, name_ok, time_ok, product_ok, note
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, call_ok)
        """
        vals = check_keys(self.env, vals, (*CALL_POINTS, "note"))
        visits = self.sudo()
        self.env["aftersales.visit.call"].sudo().create(
            [dict(vals, visit_id=v.id, user_id=self.env.uid) for v in visits]
        )
        visits.filtered("call_ok")._sla_event("called")
        return {"call_ok": all(visits.mapped("call_ok"))}

    @act("override_call", states=("confirmed",), role="supervisor")
    def action_override_call(self, reason, ref=None):
        """Let a visit start without its call; supervisors only (R-D02).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self.sudo()
        visits.write({"override_reason": f"{self.env.user.name}: {reason}"})
        visits._sla_cancel_code("call", reason)

    def _sla_cancel_code(self, code, reason):
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda c: c.code == code)._cancel(reason)

    @act(
        "depart",
        states=("confirmed",),
        to="en_route",
        stamp="departed_at",
        after="confirmed_at",
        event="departed",
    )
    def action_depart(self, at=None, ref=None):
        """The team is on its way (R-D02: only after the call).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, departed_at)
        """

    def _check_depart(self, values):
        """The customer was called, or a supervisor let the team go without."""
        for visit in self.sudo().filtered(lambda v: v.mode == "onsite"):
            if not (visit.call_ok or visit.override_reason):
                raise UserError(self.env._("%s: call the customer first.", visit.name))

    @act(
        "arrive",
        states=("en_route",),
        to="on_site",
        stamp="arrived_at",
        after="departed_at",
        event="arrived",
    )
    def action_arrive(self, at=None, ref=None):
        """The team is at the customer's place (R-D01).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, arrived_at)
        """

    def _after_arrive(self, values):
        """What waits for the team; other rooms extend this hook."""

    @act(
        "complete",
        states=("draft", "confirmed", "on_site"),
        to="done",
        stamp="completed_at",
        after="arrived_at",
        event="completed",
    )
    def action_complete(self, vals=None, ref=None):
        """The work is done, checked and, where wanted, signed (R-D08, R-D10).

        :param vals: dict of outcome, report, signature (base64), signed_by, at,
            rating ("1" bad, "3" fair, "5" good)
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, completed_at)
        :raise UserError: mandatory items open, or goods that never left the warehouse
        """
        vals = check_keys(self.env, vals, COMPLETION)
        vals.pop("at", None)
        for visit in self.sudo():
            visit._deliver_goods()
            signed = {"signed_on": visit._act_at()} if vals.get("signature") else {}
            visit.write(vals | signed)

    def _check_complete(self, values):
        """A call is completed from anywhere, other work where it was done."""
        vals = check_keys(self.env, values["vals"], COMPLETION)
        if vals.get("rating"):
            self._check_planner()
        vals.pop("at", None)
        check_values(self, vals)
        visits = self.sudo()
        onsite = visits.filtered(lambda visit: visit.mode == "onsite")
        onsite._act_check_states(("on_site",))
        for visit in visits:
            visit._check_completion()
            visit._check_signed(vals)

    def _after_complete(self, values):
        """One by one: what follows depends on the customer of each."""
        for visit in self.sudo():
            visit._on_completed()

    def _check_completion(self):
        todo = self.checklist_line_ids.filtered(lambda x: x.mandatory and not x.done)
        if todo:
            raise UserError(
                self.env._("Still to do: %s", ", ".join(todo.mapped("name")))
            )

    def _check_signed(self, vals):
        """A signature belongs to a name (R-D08)."""
        signature = vals.get("signature")
        if signature:
            check_signature(self.env, signature)
        if signature or self.signature:
            name = vals.get("signed_by") or self.signed_by
            require_text(self.env, name, self.env._("Signed By"))

    def _on_completed(self):
        """What follows a completed visit; other rooms extend this hook."""

    @act(
        "file_proof",
        states=("done",),
        stamp="proof_filed_at",
        after="completed_at",
        event="proof_filed",
    )
    def action_file_proof(self, at=None, ref=None):
        """The signed proof is back at after-sales; the guide is told (R-D09).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, proof_filed_at)
        :raise UserError: neither signature with a name nor a photo of the signed sheet
        """
        for visit in self.sudo():
            visit._get_guides()._aftersales_notify(
                self.env._("Delivery complete"), [visit.order_id.name, visit.summary]
            )

    def _check_file_proof(self, values):
        """The customer's word is there."""
        for visit in self.sudo():
            if not visit._has_proof():
                raise UserError(
                    self.env._(
                        "%s: the proof is the customer's signature with a name, or a"
                        " photo of the signed sheet.",
                        visit.name,
                    )
                )

    def _has_proof(self):
        """Whether the customer's word is there; a phone call leaves none to file.

        Other rooms know what else the customer signed on the visit.
        """
        signed = self.signature and self.signed_by
        return bool(self.mode == "phone" or signed or self.photo_ids)

    @act("fail", states=("confirmed", "en_route", "on_site"), to="failed")
    def action_fail(self, reason, ref=None):
        """The work could not go on; another time must be agreed (R-D13).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_visit_id)
        """
        visits = self.sudo()
        visits.outcome = require_text(self.env, reason, self.env._("Reason"))
        following = visits.browse()
        for visit in visits:
            following = visit.copy({"origin_visit_id": visit.id})
            visit._sla_recipients("supervisor")._aftersales_assign(
                following, lambda v, env: env._("Agree another time")
            )
        return {"next_visit_id": following.id}

    def _after_fail(self, values):
        """The promises end and the customer is told."""
        for visit in self.sudo():
            visit._sla_cancel(visit.outcome)
            visit._drop_appointment()

    def _get_guides(self):
        """Who sold what the visit is about."""
        return self.order_id._get_guide() if self.order_id else self.env["res.users"]
