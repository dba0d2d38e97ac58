from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools import (
    act_on,
    act_time,
    check_keys,
    check_signature,
    check_values,
    require_text,
)

CALL_POINTS = ("address_ok", "phone_ok", "name_ok", "time_ok", "product_ok")
COMPLETION = ("outcome", "report", "signature", "signed_by", "rating", "at")


class AftersalesVisit(models.Model):
    """What technicians and planners do with a visit; each act has its time."""

    _inherit = "aftersales.visit"

    def _act(self, *states):
        """The visits with the right to record an act on them.

        :param states: states in which the act is possible
        :raise UserError: a visit is in another state
        """
        return act_on(self, states)

    def _get_settled_at(self):
        over = self.state in ("done", "failed", "cancelled")
        return over and (self.completed_at or self.write_date)

    def _is_supervisor(self):
        return self.env.user._is_aftersales("supervisor")

    def action_record_call(self, vals):
        """Record the call before the visit with its five points (R-D02).

        :param vals: dict of address_ok, phone_ok, name_ok, time_ok, product_ok, note
        :return: dict(id, state, call_ok)
        """
        vals = check_keys(self.env, vals, (*CALL_POINTS, "note"))
        visits = self._act("draft", "confirmed")
        self.env["aftersales.visit.call"].sudo().create(
            [dict(vals, visit_id=v.id, user_id=self.env.uid) for v in visits]
        )
        visits.filtered("call_ok")._sla_event("called")
        return self._get_facts() | {"call_ok": all(visits.mapped("call_ok"))}

    def action_override_call(self, reason):
        """Let a visit start without its call; supervisors only (R-D02).

        :param reason: why; required
        :return: dict(id, state)
        """
        if not self._is_supervisor():
            raise AccessError(self.env._("Only a supervisor may skip the call."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self._act("confirmed")
        visits.write({"override_reason": f"{self.env.user.name}: {reason}"})
        visits._sla_cancel_code("call", reason)
        return self._get_facts()

    def _sla_cancel_code(self, code, reason):
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda c: c.code == code)._cancel(reason)

    def action_depart(self, at=None):
        """The team is on its way (R-D02: only after the call).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        visits = self._act("confirmed")
        for visit in visits:
            if visit.mode == "onsite" and not (visit.call_ok or visit.override_reason):
                raise UserError(self.env._("%s: call the customer first.", visit.name))
            moment = act_time(
                self.env, at, visit.confirmed_at, self.env._("confirmation")
            )
            visit.write({"state": "en_route", "departed_at": moment})
            visit._sla_event("departed", moment)
        return self._get_facts()

    def action_arrive(self, at=None):
        """The team is at the customer's place (R-D01).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        """
        visits = self._act("en_route")
        for visit in visits:
            moment = act_time(self.env, at, visit.departed_at, self.env._("departure"))
            visit.write({"state": "on_site", "arrived_at": moment})
            visit._sla_event("arrived", moment)
        return self._get_facts()

    def action_complete(self, vals=None):
        """The work is done, checked and, where wanted, signed (R-D08, R-D10).

        :param vals: dict of outcome, report, signature (base64), signed_by, at,
            rating ("1" bad, "3" fair, "5" good)
        :return: dict(id, state)
        :raise UserError: mandatory items open, or goods that never left the warehouse
        """
        vals = check_keys(self.env, vals, COMPLETION)
        if vals.get("rating"):
            self._check_planner()
        at = vals.pop("at", None)
        check_values(self, vals)
        phone = all(visit.mode == "phone" for visit in self)
        visits = self._act("on_site", *(("draft", "confirmed") if phone else ()))
        for visit in visits:
            visit._check_completion()
            visit._check_signed(vals)
            visit._deliver_goods()
            moment = act_time(self.env, at, visit.arrived_at, self.env._("arrival"))
            signed = {"signed_on": moment} if vals.get("signature") else {}
            visit.write(vals | signed | {"state": "done", "completed_at": moment})
            visit._sla_event("completed", moment)
            visit._on_completed()
        return self._get_facts()

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

    def action_file_proof(self, at=None):
        """The signed proof is back at after-sales; the guide is told (R-D09).

        :param at: UTC time, empty for now
        :return: dict(id, state)
        :raise UserError: neither signature with a name nor a photo of the signed sheet
        """
        visits = self._act("done")
        for visit in visits:
            if not visit._has_proof():
                raise UserError(
                    self.env._(
                        "%s: the proof is the customer's signature with a name, or a"
                        " photo of the signed sheet.",
                        visit.name,
                    )
                )
            moment = act_time(
                self.env, at, visit.completed_at, self.env._("completion")
            )
            visit.write({"proof_filed_at": moment})
            visit._sla_event("proof_filed", moment)
            visit._get_guides()._aftersales_notify(
                self.env._("Delivery complete"), [visit.order_id.name, visit.summary]
            )
        return self._get_facts()

    def _has_proof(self):
        """Whether the customer's word is there; a phone call leaves none to file.

        Other rooms know what else the customer signed on the visit.
        """
        signed = self.signature and self.signed_by
        return bool(self.mode == "phone" or signed or self.photo_ids)

    def action_fail(self, reason):
        """The work could not go on; another time must be agreed (R-D13).

        :param reason: why; required
        :return: dict(id, state, next_visit_id)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        visits = self._act("confirmed", "en_route", "on_site")
        following = self.browse()
        for visit in visits:
            visit.write({"state": "failed", "outcome": reason})
            visit._sla_cancel(reason)
            visit._drop_appointment()
            following = visit.copy({"origin_visit_id": visit.id})
            visit._sla_recipients("supervisor")._aftersales_assign(
                following, lambda v, env: env._("Agree another time")
            )
        return self._get_facts() | {"next_visit_id": following.id}

    def _get_guides(self):
        """Who sold what the visit is about."""
        return self.order_id._get_guide() if self.order_id else self.env["res.users"]

    def _get_facts(self):
        visit = self[-1:]
        return {"id": visit.id, "state": visit.state}
