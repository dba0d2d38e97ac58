from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.aftersales_service.readers import (
    TEAM_AND_CUSTOMERS,
    TECHNICIAN,
    USER,
    USERS_AND_CUSTOMERS,
)

LIVE = ("draft", "planned", "running", "done")


class AftersalesTrainingPlan(models.Model):
    """The training promised in a contract: 35 people, proved (R-T01)."""

    _name = "aftersales.training.plan"
    _description = "Training Plan"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.portal.fields",
        "aftersales.act.mixin",
        "aftersales.sla.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, portal=True)
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        check_company=True,
        ondelete="restrict",
        fixed=True,
        portal=True,
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        store=True,
        string="Customer",
        index=True,
        portal=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        fixed=True,
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    headcount = fields.Integer(
        string="Promised",
        required=True,
        default=35,
        tracking=True,
        role="supervisor",
        portal=True,
    )
    training_days = fields.Integer(
        string="Days to Train Them",
        required=True,
        default=90,
        tracking=True,
        role="supervisor",
    )
    commissioning_start = fields.Date(tracking=True)
    commissioning_end = fields.Date(tracking=True)
    commissioned_at = fields.Datetime(readonly=True, copy=False)
    accepted_on = fields.Datetime(readonly=True, copy=False)
    period_end = fields.Datetime(
        string="To Be Trained By",
        compute="_compute_period_end",
        store=True,
        help="End of the contract's training period.",
        portal=True,
    )
    shortfall_raised_at = fields.Datetime(readonly=True, copy=False)
    liaison_id = fields.Many2one(
        "res.partner",
        string="Customer's Liaison",
        tracking=True,
        help="Follows from commissioning to operation (R-T08).",
        portal=True,
    )
    event_ids = fields.One2many("event.event", "aftersales_plan_id", string="Sessions")
    event_count = fields.Integer(compute="_compute_event_count")
    person_ids = fields.One2many(
        "aftersales.training.person", "plan_id", groups=TECHNICIAN
    )
    material_ids = fields.One2many(
        "aftersales.training.material", "plan_id", groups=TECHNICIAN
    )
    certificate_ids = fields.One2many(
        "aftersales.training.certificate",
        "plan_id",
        portal=True,
        groups=USERS_AND_CUSTOMERS,
    )
    certificate_count = fields.Integer(
        compute="_compute_certificate_count", groups=USER
    )
    handover_ids = fields.One2many(
        "aftersales.training.handover",
        "plan_id",
        portal=True,
        groups=TEAM_AND_CUSTOMERS,
    )
    handover_held_at = fields.Datetime(
        related="handover_ids.held_at", string="Handover Meeting Held"
    )
    booked_count = fields.Integer(
        string="On the List",
        compute="_compute_people",
        store=True,
        help="Distinct people who are registered for training.",
    )
    trained_count = fields.Integer(
        string="Trained",
        compute="_compute_people",
        store=True,
        help="Distinct people who attended and passed the test where there is one.",
        portal=True,
    )
    missing_count = fields.Integer(
        string="Missing", compute="_compute_people", store=True, portal=True
    )
    progress = fields.Float(compute="_compute_progress", compute_sudo=True, portal=True)
    is_cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "To Plan"),
            ("planned", "Planned"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        portal=True,
    )

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "The order has its training plan already."
    )
    _headcount_positive = models.Constraint(
        "CHECK (headcount BETWEEN 1 AND 10000)", "Between 1 and 10000 people."
    )
    _training_days_positive = models.Constraint(
        "CHECK (training_days > 0)", "The period needs at least one day."
    )
    # Two clients that register people at once both change this row: one of them
    # starts again and sees the other's people (R-T01)
    _not_overbooked = models.Constraint(
        "CHECK (booked_count <= headcount)",
        "More people are on the list than the contract promises to train.",
    )
    _dates_check = models.Constraint(
        "CHECK (commissioning_end >= commissioning_start)",
        "Commissioning can't end before it starts.",
    )
    _period_idx = models.Index(
        "(period_end) WHERE shortfall_raised_at IS NULL AND period_end IS NOT NULL"
    )

    @api.depends("order_id.name")
    def _compute_name(self):
        for plan in self:
            plan.name = f"T-{plan.order_id.name}"

    @api.depends("accepted_on", "training_days", "company_id")
    def _compute_period_end(self):
        for plan in self:
            plan.period_end = plan.accepted_on and plan.company_id._aftersales_day_end(
                plan.accepted_on, plan.training_days
            )

    @api.depends(
        "headcount",
        "event_ids.aftersales_counts",
        "event_ids.registration_ids.active",
        "event_ids.registration_ids.state",
        "event_ids.registration_ids.aftersales_person_key",
        "event_ids.registration_ids.aftersales_result",
    )
    def _compute_people(self):
        """Count people, not seats: each once, by phone (R-T01)."""
        people = self.env["aftersales.training.person"]
        booked, trained = people._count_by_plan(self.ids)
        for plan in self:
            plan.booked_count = booked.get(plan._origin.id, 0)
            plan.trained_count = trained.get(plan._origin.id, 0)
            plan.missing_count = max(0, plan.headcount - plan.trained_count)

    @api.depends("trained_count", "headcount")
    def _compute_progress(self):
        for plan in self:
            plan.progress = 100 * plan.trained_count / (plan.headcount or 1)

    @api.depends("event_ids")
    def _compute_event_count(self):
        for plan in self:
            plan.event_count = len(plan.sudo().event_ids)  # shown to guides, too

    def _compute_certificate_count(self):
        certificates = self.env["aftersales.training.certificate"]
        domain = [("plan_id", "in", self.ids)]
        counts = dict(certificates._read_group(domain, ["plan_id"], ["__count"]))
        for plan in self:
            plan.certificate_count = counts.get(plan, 0)

    @api.depends(
        "is_cancelled", "event_ids", "booked_count", "trained_count", "headcount"
    )
    def _compute_state(self):
        for plan in self:
            if plan.is_cancelled:
                plan.state = "cancelled"
            elif plan.trained_count >= plan.headcount:
                plan.state = "done"
            elif plan.trained_count:
                plan.state = "running"
            elif plan.booked_count or plan.event_ids:
                plan.state = "planned"
            else:
                plan.state = "draft"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for plan in self:
            plan.access_url = f"/my/trainings/{plan.id}"
        return result

    def _get_settled_at(self):
        return self.state in ("done", "cancelled") and self.write_date

    def _get_report_base_filename(self):
        return self.env._("Training Record %s", self.name)

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._propose_sessions()
        plans.filtered("liaison_id")._follow_liaison()
        plans.sudo()._follow_acceptance()  # whoever plans may not know the acceptance
        return plans

    def write(self, vals):
        """Sessions and clocks follow the dates of the commissioning (R-T03, R-T05)."""
        before = {plan: plan.liaison_id for plan in self}
        result = super().write(vals)
        if {"commissioning_start", "commissioning_end"} & set(vals):
            self._recommission()
            self._propose_sessions()
        if "liaison_id" in vals:
            self._follow_liaison(before)
        if "headcount" in vals:
            events = self.sudo().event_ids  # events belong to another app
            events.write({"seats_max": self[:1].headcount})
            self._check_all_trained()
        if "training_days" in vals:
            reason = self.env._("The training period changed")
            for plan in self:
                plan._sla_reevaluate(reason, {"accepted": plan.accepted_on})
        return result

    @api.constrains("liaison_id", "order_id")
    def _check_liaison(self):
        """The liaison is one of the customer's people (R-T08)."""
        for plan in self.filtered("liaison_id"):
            liaison, customer = plan.liaison_id, plan.partner_id.commercial_partner_id
            group = liaison.commercial_partner_id
            foreign = liaison.company_id and liaison.company_id != plan.company_id
            if foreign or (
                group != customer and (group != liaison or group.is_company)
            ):
                raise ValidationError(
                    self.env._(
                        "%(who)s doesn't belong to %(customer)s: choose one of its"
                        " contacts.",
                        who=liaison.name,
                        customer=customer.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promise(self):
        raise UserError(self.env._("A promised training is cancelled, not deleted."))
