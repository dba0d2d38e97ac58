from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import check_keys, check_values, find_records, require_text
from ..act.declaration import act

STARTING = ("template_id", "partner_id", "order_id", "lot_ids", "start_date")


class AftersalesVisitPlan(models.Model):
    """How a plan starts, rests, goes on and ends; every step is explained."""

    _inherit = "aftersales.visit.plan"

    @api.model
    @act("start_plan", creates=True, role="user")
    def start_plan(self, vals, ref=None):
        """Make a plan and start it in one call.

        :param vals: dict of template_id and partner_id or order_id (required), lot_ids
            (list of ids), start_date
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date)
        :raise UserError: names what is missing, unknown or impossible
        """
        vals = check_keys(self.env, vals, STARTING)
        for name, label in (
            ("template_id", self.env._("Kind of Plan")),
            ("partner_id", self.env._("Customer")),
        ):
            if not vals.get(name) and not (
                name == "partner_id" and vals.get("order_id")
            ):
                raise UserError(self.env._("%(label)s is required.", label=label))
        lot_ids = vals.pop("lot_ids", None)
        lots = self.env["stock.lot"]
        lots = lot_ids and find_records(lots, lot_ids, self.env._("Units"))
        check_values(self, vals)
        vals = {name: value for name, value in vals.items() if value}
        lots = fields.Command.set(lots.ids if lots else [])
        return self.create(vals | {"lot_ids": [lots]}).action_start()

    @act("start", states=("draft",), to="running", role="user")
    def action_start(self, ref=None):
        """Start plans: the dates from today on are promised (R-V01).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date)
        :raise UserError: no phases, phases that overlap, or no date left
        """
        self.sudo()._set_first()

    def _start(self):
        """Start plans that nobody starts by hand."""
        self._set_first()
        self.write({"state": "running"})
        self._act_log("start")

    def _set_first(self):
        for plan in self:
            plan._check_phases()
            # what lay before the plan was made wasn't promised by it
            plan._set_next(1, max(plan._today(), plan.start_date))
            if not plan.next_date:
                raise UserError(self.env._("%s has no date to come.", plan.name))

    def _check_phases(self):
        if not self.phase_ids:
            raise UserError(self.env._("%s: how often? Add a phase.", self.name))
        self._get_sorted_phases()._check_order()

    @act("suspend", states=("running",), role="supervisor")
    def action_suspend(self, reason=None, ref=None):
        """Let plans rest; visits that aren't under way are cancelled. Supervisors only.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.sudo()._suspend(reason)

    def _suspend(self, reason):
        self.env["aftersales.visit.plan.suspension"].sudo().create(
            [
                {
                    "plan_id": plan.id,
                    "start_date": plan._today(),
                    "reason": reason,
                    "user_id": self.env.uid,
                }
                for plan in self
            ]
        )
        self.write({"state": "suspended"})
        self._release_visits(self.env._("Suspended: %s", reason))

    @act("resume", states=("suspended",), role="supervisor")
    def action_resume(self, ref=None):
        """Go on with plans; dates stay counted from the start. Supervisors only.

        Visits that were cancelled by the suspension and are still to come are planned
        again; dates that passed meanwhile are left out and shown as suspended.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date)
        """
        for plan in self.sudo():
            today = plan._today()
            plan.suspension_ids.filtered(lambda s: not s.end_date).write(
                {"end_date": today, "resumed_by_id": self.env.uid}
            )
            plan._update_warranty_end()
            plan.write({"state": "running"})
            plan._set_next(plan.next_index, today)
            plan.visit_ids.filtered(
                lambda v, today=today: v.plan_released and v.planned_date >= today
            )._restore()

    @act("end", states=("draft", "running", "suspended"), role="supervisor")
    def action_end(self, reason=None, ref=None):
        """End plans for good; visits that aren't under way are cancelled.

        Supervisors only.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.sudo()._end(reason)

    def _conclude(self, reason):
        """End plans that nobody ends by hand, and log it."""
        going = self.filtered(lambda plan: plan.state != "ended")
        going._end(reason)
        going._act_log("end", {"reason": reason})

    def _end(self, reason):
        for plan in self:
            plan.suspension_ids.filtered(lambda s: not s.end_date).write(
                {"end_date": plan._today()}
            )
            plan._release_visits(self.env._("Plan ended: %s", reason))
            plan.write(
                {
                    "state": "ended",
                    "end_reason": reason,
                    "ended_on": plan._today(),
                    "next_date": False,
                }
            )
            plan._message_log(body=self.env._("Ended: %s", reason))

    def _release_visits(self, reason):
        """Visits that aren't under way are no longer promised."""
        visits = self.visit_ids.filtered(lambda v: v.state in ("draft", "confirmed"))
        visits._cancel(reason)
        visits.write({"plan_released": True})

    def _end_when_complete(self):
        """A plan without dates to come ends with its last visit."""
        for plan in self:
            states = set(plan.visit_ids.mapped("state"))
            if (
                plan.state == "running"
                and not plan.next_date
                and states <= {"done", "failed", "cancelled"}
            ):
                plan._conclude(self.env._("All visits of the plan took place."))

    def _drop_units(self, lots, reason):
        """Units that the customer no longer has leave the plan (R-V06).

        The plan ends with its last unit; the supervisor is told.
        """
        for plan in self:
            gone = plan.lot_ids & lots
            open_visits = plan.visit_ids.filtered(
                lambda v: v.state in ("draft", "confirmed")
            )
            for record in (plan, *open_visits):
                record.lot_ids -= gone
            text = f"{', '.join(gone.mapped('name'))}: {reason}"
            plan._message_log(body=text)
            if not plan.lot_ids:
                plan._conclude(text)
            plan._tell_supervisors(text)

    def _tell_supervisors(self, text):
        """A task for the supervisor on each of these plans."""
        for plan in self:
            plan._sla_recipients("supervisor")._aftersales_assign(
                plan,
                lambda p, env: env._("Look at the visit plan"),
                lambda p, env: text,
            )

    def _act_answer(self, act):
        return super()._act_answer(act) | self.sudo()._get_facts()

    def _get_facts(self):
        plan = self[-1:]
        return {
            "id": plan.id,
            "state": plan.state,
            "next_date": fields.Date.to_string(plan.next_date),
        }

    @api.model
    def _start_from(self, templates, vals):
        """Plans of templates that start by themselves.

        :param templates: aftersales.visit.plan.template
        :param vals: values of the plans: partner_id, company_id, start_date …
        :return: the running plans
        """
        plans = self.sudo().create(
            [vals | {"template_id": template.id} for template in templates]
        )
        plans._start()
        return plans

    def _tell_duplicates(self):
        """After a merge a customer may have two plans of a kind: a person decides."""
        for plan in self:
            same = self.search(
                [
                    ("partner_id", "=", plan.partner_id.id),
                    ("template_id", "=", plan.template_id.id),
                    ("state", "!=", "ended"),
                    ("id", "!=", plan.id),
                ]
            )
            text = self.env._("The customer was merged")
            if same:
                names = ", ".join(same.mapped("name"))
                text = self.env._("Merged customer: %s promises the same", names)
            plan._tell_supervisors(text)
