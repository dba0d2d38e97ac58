from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .schedule import find_slots

TERM = ("draft",)  # what was promised stays once the plan runs


class AftersalesVisitPlan(models.Model):
    """Visits that a customer was promised at regular times (R-V01 to R-V06).

    Dates come from the start and an index (see ``schedule``); a scheduled action makes
    the visits that are due, each ``(plan, index)`` once.
    """

    _name = "aftersales.visit.plan"
    _description = "Visit Plan"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.portal.fields",
        "aftersales.units.mixin",
        "aftersales.numbered.mixin",
        "aftersales.sla.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "next_date, id"
    _check_company_auto = True
    _locked_states = ("ended",)

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        editable=TERM,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        portal=True,
        editable=TERM,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
        editable=TERM,
    )
    lot_names = fields.Char(portal=True)
    template_id = fields.Many2one(
        "aftersales.visit.plan.template",
        string="Kind of Plan",
        required=True,
        index=True,
        check_company=True,
        portal=True,
        editable=TERM,
    )
    start_date = fields.Date(
        string="Starts On",
        required=True,
        default=fields.Date.context_today,
        help="All dates are counted from this day.",
        editable=TERM,
    )
    lead_days = fields.Integer(
        string="Planned Ahead (Days)",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        editable=TERM,
    )
    grace_days = fields.Integer(
        string="Grace (Days)",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        editable=TERM,
    )
    report_required = fields.Boolean(
        string="Written Report",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    phase_ids = fields.One2many(
        "aftersales.visit.plan.phase",
        "plan_id",
        string="Phases",
        copy=True,
        editable=TERM,
    )
    next_index = fields.Integer(string="Next Number", readonly=True, copy=False)
    next_date = fields.Date(string="Next Visit", readonly=True, copy=False, portal=True)
    generate_on = fields.Date(
        compute="_compute_generate_on",
        store=True,
        help="When the next visit is put into the list to be agreed.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("suspended", "Suspended"),
            ("ended", "Ended"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        portal=True,
    )
    suspension_ids = fields.One2many(
        "aftersales.visit.plan.suspension", "plan_id", string="Suspensions"
    )
    ended_on = fields.Date(readonly=True, copy=False)
    end_reason = fields.Char(string="Ended Because", readonly=True, copy=False)
    visit_ids = fields.One2many("aftersales.visit", "plan_id", string="Visits")

    _due_idx = models.Index("(generate_on) WHERE state = 'running'")
    _order_uniq = models.UniqueIndex(
        "(order_id, template_id) WHERE state <> 'ended' AND order_id IS NOT NULL",
        "This order has such a plan already.",
    )
    _days_positive = models.Constraint(
        "CHECK (lead_days >= 0 AND grace_days >= 0)", "Days can't be negative."
    )

    @api.depends("order_id")
    def _compute_partner_id(self):
        for plan in self:
            plan.partner_id = plan.order_id.partner_id or plan.partner_id

    @api.depends("template_id")
    def _compute_terms(self):
        for plan in self:
            plan.lead_days = plan.template_id.lead_days
            plan.grace_days = plan.template_id.grace_days
            plan.report_required = plan.template_id.report_required

    @api.depends("next_date", "lead_days")
    def _compute_generate_on(self):
        for plan in self:
            day = plan.next_date
            plan.generate_on = day and day - timedelta(days=plan.lead_days)

    @api.depends("name", "template_id", "partner_id")
    def _compute_display_name(self):
        for plan in self:
            names = (plan.name, plan.template_id.name, plan.partner_id.name)
            plan.display_name = " ".join(filter(None, names))

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._copy_phases()
        plans._set_untils()
        return plans

    def _copy_phases(self):
        """The template's phases, where none were given."""
        self.env["aftersales.visit.plan.phase"].sudo().create(
            [
                phase._prepare_phase_vals() | {"plan_id": plan.id}
                for plan in self.filtered(lambda p: not p.phase_ids)
                for phase in plan.template_id.sudo().phase_ids
            ]
        )

    def write(self, vals):
        """Other terms, other last days of the phases."""
        result = super().write(vals)
        known = self._fields
        if any(getattr(known[n], "editable", None) for n in vals if n in known):
            self._set_untils()
        return result

    def _get_lock_refusal(self):
        return self.env._(
            "%s has started: its terms are promised. End it and start another.",
            self.name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(self.env._("A plan that started is ended, not deleted."))

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    def _get_warranty_end(self):
        """When the warranty of each plan's units ends; other addons know it better.

        Called before visits are made and whenever ``_update_warranty_end`` is. By
        default the template says how long it lasts from the plan's start.

        :return: dict of plan → date
        """
        return {
            plan: plan.start_date
            + relativedelta(months=plan.template_id.warranty_months)
            for plan in self.sudo()  # not everybody may read templates
        }

    def _set_untils(self):
        """Fix the last days of the phases; those that visits crossed stay (R-V03)."""
        ends = self._get_warranty_end()
        for plan in self:
            last = plan.next_index > 1 and plan._find_slot(plan.next_index - 1)
            phases = plan._get_sorted_phases()
            for phase in phases[last.phase if last else 0 :]:
                until = phase._get_until(ends[plan])
                if until and last:  # what is planned already belongs to its phase
                    until = max(until, last.day)
                if phase.until_date != until:
                    phase.sudo().until_date = until

    def _get_sorted_phases(self):
        return self.phase_ids.sorted(lambda phase: (phase.sequence, phase.id))

    def _get_phases(self):
        """Intervals and last days, as ``schedule`` wants them."""
        return [
            (phase.interval_months, phase.until_date or None)
            for phase in self._get_sorted_phases()
        ]

    def _find_slots(self, index=1, day=None, count=1):
        """The first promised dates from an index and a date on."""
        return find_slots(self.start_date, self._get_phases(), index, day, count)

    def _find_slot(self, index=1, day=None):
        """The first promised date from an index and a date on, or None."""
        return next(iter(self._find_slots(index, day)), None)

    def _today(self):
        return self.company_id._aftersales_now_local().date()
