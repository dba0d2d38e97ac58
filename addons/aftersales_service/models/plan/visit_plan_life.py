from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...concurrency import serialize
from ...tools import check_keys, check_values, find_records, require_text

STARTING = ("template_id", "partner_id", "order_id", "lot_ids", "start_date")


class AftersalesVisitPlan(models.Model):
    """How a plan starts, rests, goes on and ends; every step is explained."""

    _inherit = "aftersales.visit.plan"

    def _act(self, *states, role="user"):
        """The plans with the right to record an act on them.

        :raise AccessError: the user lacks the role
        :raise UserError: a plan is in another state
        """
        if not self.env.user._is_aftersales(role):
            raise AccessError(self.env._("You may not decide on visit plans."))
        self.check_access("write")
        serialize(self)
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "%(plan)s is “%(state)s”.",
                        plan=plan.name,
                        state=labels[plan.state],
                    )
                )
        return self.sudo()  # state and dates are readonly to clients

    @api.model
    def start_plan(self, vals):
        """Make a plan and start it in one call.

        :param vals: dict of template_id and partner_id or order_id (required), lot_ids
            (list of ids), start_date
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

    def action_start(self):
        """Start plans: the dates from today on are promised (R-V01).

        :return: dict(id, state, next_date)
        :raise UserError: no phases, phases that overlap, or no date left
        """
        self._act("draft")._start()
        return self._get_facts()

    def _start(self):
        for plan in self:
            plan._check_phases()
            # what lay before the plan was made wasn't promised by it
            plan._set_next(1, max(plan._today(), plan.start_date))
            if not plan.next_date:
                raise UserError(self.env._("%s has no date to come.", plan.name))
        self.write({"state": "running"})

    def _check_phases(self):
        if not self.phase_ids:
            raise UserError(self.env._("%s: how often? Add a phase.", self.name))
        self._get_sorted_phases()._check_order()

    def action_suspend(self, reason=None):
        """Let plans rest; visits that aren't under way are cancelled. Supervisors only.

        :param reason: why; required
        :return: dict(id, state, next_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self._act("running", role="supervisor")._suspend(reason)
        return self._get_facts()

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

    def action_resume(self):
        """Go on with plans; dates stay counted from the start. Supervisors only.

        Visits that were cancelled by the suspension and are still to come are planned
        again; dates that passed meanwhile are left out and shown as suspended.

        :return: dict(id, state, next_date)
        """
        for plan in self._act("suspended", role="supervisor"):
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
        return self._get_facts()

    def action_end(self, reason=None):
        """End plans for good; visits that aren't under way are cancelled.

        Supervisors only.

        :param reason: why; required
        :return: dict(id, state, next_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self._act("draft", "running", "suspended", role="supervisor")._end(reason)
        return self._get_facts()

    def _end(self, reason):
        for plan in self.filtered(lambda p: p.state != "ended"):
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
                plan._end(self.env._("All visits of the plan took place."))

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
                plan._end(text)
            plan._tell_supervisors(text)

    def _tell_supervisors(self, text):
        """A task for the supervisor on each of these plans."""
        for plan in self:
            plan._sla_recipients("supervisor")._aftersales_assign(
                plan,
                lambda p, env: env._("Look at the visit plan"),
                lambda p, env: text,
            )

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
