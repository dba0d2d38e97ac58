from itertools import islice

from odoo import api, fields, models

from .schedule import iter_slots

COMING = 6  # dates shown that no visit was made for yet


class AftersalesVisitPlan(models.Model):
    """Every date of a plan, past and coming, with what became of it (R-V06)."""

    _inherit = "aftersales.visit.plan"

    commitment_ids = fields.One2many(
        "aftersales.visit.commitment", "plan_id", string="Promised Visits"
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)
    phase_id = fields.Many2one(
        "aftersales.visit.plan.phase",
        string="Current Phase",
        compute="_compute_phase_id",
    )
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    missed_count = fields.Integer(string="Missed", compute="_compute_counts")
    promised_count = fields.Integer(string="Promised", compute="_compute_counts")

    @api.depends("visit_ids.state", "visit_ids.plan_released")
    def _compute_counts(self):
        rows = self.env["aftersales.visit.commitment"]._read_group(
            [("plan_id", "in", self.ids)],
            ["plan_id"],
            ["promised:sum", "done:sum", "missed:sum"],
        )
        sums = {plan: numbers for plan, *numbers in rows}
        for plan in self:
            numbers = sums.get(plan, (0, 0, 0))
            plan.promised_count, plan.done_count, plan.missed_count = numbers

    @api.depends("next_index", "phase_ids.until_date")
    def _compute_phase_id(self):
        for plan in self:
            slot = plan.next_date and plan._find_slot(plan.next_index)
            phases = plan._get_sorted_phases()
            plan.phase_id = phases[slot.phase] if slot else phases[:0]

    @api.depends(
        "next_index",
        "start_date",
        "phase_ids.until_date",
        "phase_ids.interval_months",
        "visit_ids.state",
        "suspension_ids",
    )
    def _compute_timeline(self):
        render = self.env["ir.qweb"]._render
        for plan in self:
            plan.timeline = render(
                "aftersales_service.visit_plan_timeline", {"dates": plan.get_dates()}
            )

    def get_dates(self):
        """Every date of the plan up to six coming ones, in order.

        :return: list of dict(index, date, result, label, visit_id, visit, note);
            result is that of the promised visit, or "planned" (no visit made yet),
            "suspended", "before" (the plan began later)
        """
        self.ensure_one()
        self.check_access("read")
        if not self.start_date or any(m < 1 for m, _until in self._get_phases()):
            return []
        rows = self.env["aftersales.visit.commitment"]
        made = {r.plan_index: r for r in rows.search([("plan_id", "=", self.id)])}
        slots = islice(
            iter_slots(self.start_date, self._get_phases()),
            max(self.next_index - 1, 0) + COMING * (self.state != "ended"),
        )
        return [self._get_date(slot, made.get(slot.index)) for slot in slots]

    def _get_date(self, slot, row):
        result = row.result if row else self._get_unmade(slot)
        return {
            "index": slot.index,
            "date": fields.Date.to_string(slot.day),
            "result": result,
            "label": self._get_result_labels()[result],
            "visit_id": row.visit_id.id if row else False,
            "visit": row.visit_id.name if row else "",
            "note": (row.outcome or "") if row else "",
        }

    def _get_unmade(self, slot):
        """Why a date has no visit."""
        resting = self.suspension_ids.filtered(
            lambda s: (
                s.start_date <= slot.day and (not s.end_date or slot.day < s.end_date)
            )
        )
        if resting:
            return "suspended"
        return "before" if slot.index < self.next_index else "planned"

    def _get_result_labels(self):
        rows = self.env["aftersales.visit.commitment"]
        labels = dict(rows._fields["result"]._description_selection(self.env))
        return labels | {
            "planned": self.env._("Planned"),
            "suspended": self.env._("Suspended"),
            "before": self.env._("Before the plan began"),
        }

    def action_view_visits(self):
        """Open the visits of these plans."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_planned_action"
        )
        return action | {"domain": [("plan_id", "in", self.ids)], "context": {}}
