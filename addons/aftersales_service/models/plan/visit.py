from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act

OPEN = ("draft", "confirmed")
EARLIEST = timedelta(days=7)  # before the planned date, for the customer to choose


class AftersalesVisit(models.Model):
    """A visit that a plan promised: its date, its grace and what became of it."""

    _inherit = "aftersales.visit"

    plan_id = fields.Many2one(
        "aftersales.visit.plan",
        string="Visit Plan",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
    )
    plan_index = fields.Integer(string="Number in the Plan", readonly=True, copy=False)
    planned_date = fields.Date(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The date that was promised; it stays when the appointment is moved.",
        portal=True,
    )
    plan_deadline = fields.Datetime(
        string="Latest",
        readonly=True,
        copy=False,
        help="The end of the grace; what isn't completed by then is missed (R-V06).",
    )
    plan_released = fields.Boolean(
        string="No Longer Promised",
        readonly=True,
        copy=False,
        help="Cancelled because its plan was suspended or ended.",
    )
    report_required = fields.Boolean(string="Written Report", readonly=True, copy=False)
    carried_to_id = fields.Many2one(
        "aftersales.visit", string="Carried Over To", readonly=True, copy=False
    )

    _plan_index_uniq = models.UniqueIndex(
        "(plan_id, plan_index) WHERE plan_index > 0 AND origin_visit_id IS NULL",
        "The plan has this visit already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits.filtered("plan_deadline")._announce_due()
        return visits

    def _announce_due(self):
        """The promise of each planned visit begins (R-V06).

        What follows a visit whose promise is broken already breaks it no second time.
        """
        now = fields.Datetime.now()
        due = self.filtered(lambda v: not v.origin_visit_id or v.plan_deadline > now)
        due._sla_event("due", now)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(visit.plan_index for visit in self):
            raise UserError(self.env._("A promised visit is cancelled, not deleted."))

    def copy_data(self, default=None):
        """What follows a failed visit keeps the date that was promised."""
        vals_list = super().copy_data(default)
        if default and default.get("origin_visit_id"):
            for visit, vals in zip(self, vals_list, strict=True):
                vals.update(visit._prepare_follow_up_vals())
        return vals_list

    def _prepare_follow_up_vals(self):
        if not self.plan_index:
            return {}
        return {
            "plan_id": self.plan_id.id,
            "plan_index": self.plan_index,
            "planned_date": self.planned_date,
            "plan_deadline": self.plan_deadline,
            "report_required": self.report_required,
        }

    def _get_first_window(self):
        """A planned visit is agreed around its date, not weeks before it."""
        first = super()._get_first_window()
        if not self.planned_date:
            return first
        return max(first, self.company_id._aftersales_at(self.planned_date - EARLIEST))

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def _check_complete(self, values):
        """A plan may ask for a report in writing."""
        result = super()._check_complete(values)
        vals = values["vals"] or {}
        for visit in self:
            written = vals.get("report") or visit.report
            if visit.report_required and not str(written or "").strip():
                raise UserError(
                    self.env._("%s: the written report is missing.", visit.name)
                )
        return result

    def _on_completed(self):
        result = super()._on_completed()
        self.plan_id.sudo()._end_when_complete()  # technicians only read plans
        return result

    @act("carry_over", states=OPEN, to="cancelled", role="supervisor")
    def action_carry_over(self, reason=None, ref=None):
        """Do the work of planned visits together with the next one of their plan.

        The visit stays in the books as missed or given up, with the visit that it was
        carried over to. Supervisors only.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_visit_id)
        :raise UserError: not of a plan, under way already, or no visit follows
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for visit in self.sudo():
            following = visit._get_following()
            visit.carried_to_id = following
            text = self.env._("Carried over to %s:", following.name)
            visit._cancel(f"{text} {reason}")
            following._message_log(
                body=self.env._("Takes over %(visit)s", visit=visit.summary)
            )
        return {"next_visit_id": self[-1:].carried_to_id.id}

    def _get_following(self):
        """The next open visit of the plan, made early where it isn't there yet."""
        plan = self.plan_id
        following = plan.visit_ids.filtered(
            lambda v: v.state in OPEN and v.plan_index > self.plan_index
        ).sorted("plan_index")[:1]
        if not following and plan.state == "running" and plan.next_date:
            following = plan._generate()
        if not following:
            raise UserError(self.env._("%s: no visit of a plan follows.", self.name))
        return following

    def _restore(self):
        """Visits that were cancelled with a suspension are promised again."""
        self.assignment_ids.unlink()
        onsite = self.filtered(lambda visit: visit.mode == "onsite")
        onsite.write({"scheduled_start": False, "scheduled_stop": False})
        self.write(
            {
                "state": "draft",
                "outcome": False,
                "plan_released": False,
                "confirmed_at": False,
            }
        )
        self._announce_due()
