from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 500  # plans in one committed step


class AftersalesVisitPlan(models.Model):
    """Makes the visits that are due (R-V01 to R-V06)."""

    _inherit = "aftersales.visit.plan"

    @api.model
    def _cron_generate_visits(self):
        """Make the due visits in committed steps of at most 500.

        Two schedulers don't make a visit twice: plans are locked, and ``(plan,
        index)`` is unique in the database. Whatever was committed before a process
        died stays, the rest is still due.
        """
        progress = self.env["ir.cron"]
        while plans := self._take_due():
            plans._generate_safely()
            remaining = self.search_count(self._get_due_domain(), limit=BATCH)
            if not progress._commit_progress(len(plans), remaining=remaining):
                break

    @api.model
    def _take_due(self):
        due = self.search(self._get_due_domain(), limit=BATCH, order="generate_on, id")
        return due.try_lock_for_update(allow_referencing=True)

    @api.model
    def _get_due_domain(self):
        # companies may be a day apart; a visit a day earlier in the list does no harm
        today = max(
            company._aftersales_now_local().date()
            for company in self.env["res.company"].sudo().search([])
        )
        return [("state", "=", "running"), ("generate_on", "<=", today)]

    def _generate_safely(self):
        """Make the visits; a plan that can't be carried out stops no other."""
        try:
            with self.env.cr.savepoint():
                self._generate()
        except (UserError, psycopg2.IntegrityError):
            for plan in self:
                plan._generate_alone()

    def _generate_alone(self):
        try:
            with self.env.cr.savepoint():
                self._generate()
        except (UserError, psycopg2.IntegrityError) as error:
            self.env.invalidate_all()
            reason = self.env._("The visit could not be planned: %s", error)
            self._suspend(reason)
            self._act_log("suspend", {"reason": reason})
            self._tell_supervisors(reason)

    def _generate(self):
        """Make the next visit of each of these plans and move on.

        :return: the new visits
        """
        self._update_warranty_end()
        slots = {
            plan: plan._find_slots(max(plan.next_index, 1), count=2) for plan in self
        }
        vals_list = [
            plan._prepare_visit_vals(found[0]) for plan, found in slots.items() if found
        ]
        visits = self.env["aftersales.visit"].sudo().with_context(lang=False)
        visits = visits.create(vals_list)
        self._move_on(slots)
        return visits

    def _move_on(self, slots):
        """Wait for the next date; plans that have the same are written together.

        :param slots: dict of plan → list of the slot that was used and the next one
        """
        together = {}
        for plan, found in slots.items():
            following = found[1] if len(found) > 1 else None
            index = following.index if following else plan.next_index + len(found)
            day = following.day if following else False
            together.setdefault((index, day), []).append(plan.id)
        for (index, day), ids in together.items():
            self.browse(ids).write({"next_index": index, "next_date": day})

    def _prepare_visit_vals(self, slot):
        """Values of the visit of a promised date."""
        phase = self._get_sorted_phases()[slot.phase]
        vals = {
            "kind": phase.kind,
            "mode": phase.mode,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "order_id": self.order_id.id,
            "lot_ids": [fields.Command.set(self.lot_ids.ids)],
            "plan_id": self.id,
            "plan_index": slot.index,
            "planned_date": slot.day,
            "plan_deadline": self._get_deadline(slot.day),
            "report_required": self.report_required,
        }
        return vals | self._prepare_call_vals(phase, slot.day)

    def _prepare_call_vals(self, phase, day):
        """A call needs no agreement: it is made in the morning of its day."""
        if phase.mode != "phone":
            return {}
        start = self.company_id._aftersales_at(day, 9)
        stop = start + timedelta(minutes=15)
        return {"scheduled_start": start, "scheduled_stop": stop}

    def _get_deadline(self, day):
        """Last second of the grace of a date: naive UTC (R-V06)."""
        company = self.company_id
        return company._aftersales_at(
            day + timedelta(days=self.grace_days + 1)
        ) - timedelta(seconds=1)

    def _set_next(self, index, day=None):
        """The next date to make a visit for, from an index and a date on."""
        slot = self._find_slot(max(index, 1), day)
        self.write(
            {
                "next_index": slot.index if slot else index,
                "next_date": slot.day if slot else False,
            }
        )

    def _update_warranty_end(self):
        """Follow the warranty: call it when the end of a warranty changed (R-V03).

        The phases that no visit has passed yet move, and with them the next date.
        """
        following = self.filtered(
            lambda plan: "warranty" in plan.phase_ids.mapped("until_kind")
        )
        before = {plan: plan._get_phases() for plan in following}
        following._set_untils()
        for plan, phases in before.items():
            if plan.state == "running" and plan._get_phases() != phases:
                plan._set_next(plan.next_index)
