from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

FINISHED = ("done", "failed", "cancelled")


class AftersalesVisit(models.Model):
    """An appointment kept at the customer's place or on the phone (R-D01)."""

    _name = "aftersales.visit"
    _description = "After-sales Visit"
    _inherit = [
        "aftersales.portal.fields",
        "aftersales.units.mixin",
        "aftersales.numbered.mixin",
        "aftersales.act.mixin",
        "aftersales.sla.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "scheduled_start desc, id desc"
    _check_company_auto = True
    _locked_states = FINISHED

    kind = fields.Selection(
        [
            ("delivery", "Delivery"),
            ("installation", "Installation"),
            ("commissioning", "Commissioning"),
            ("repair", "Repair"),
            ("inspection", "Inspection"),
            ("maintenance", "Maintenance"),
            ("revisit", "Revisit"),
            ("survey", "Site Survey"),
            ("handover", "Handover Meeting"),
        ],
        required=True,
        default="installation",
        portal=True,
        editable=("draft",),
        role="user",
    )
    mode = fields.Selection(
        [("onsite", "On Site"), ("phone", "By Phone")],
        required=True,
        default="onsite",
        portal=True,
        editable=("draft",),
        role="user",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        editable=("draft",),
        role="user",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        portal=True,
        editable=("draft",),
        role="user",
    )
    address_id = fields.Many2one(
        "res.partner",
        compute="_compute_address_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    contact_name = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        portal=True,
    )
    contact_phone = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        portal=True,
    )
    address = fields.Char(
        string="Street and City",
        compute="_compute_address",
        compute_sudo=True,
        portal=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
        editable=("draft",),
        role="user",
    )
    special_requests = fields.Text(related="order_id.special_requests")
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", check_company=True, role="user"
    )
    scheduled_start = fields.Datetime(
        string="From",
        copy=False,
        index=True,
        tracking=True,
        portal=True,
        editable="_filter_unagreed",
    )
    scheduled_stop = fields.Datetime(
        string="Until",
        copy=False,
        tracking=True,
        portal=True,
        editable="_filter_unagreed",
    )
    assignment_ids = fields.One2many(
        "aftersales.visit.assignment", "visit_id", string="Team"
    )
    lead_employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        compute="_compute_lead",
        store=True,
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", compute="_compute_lead", store=True
    )
    state = fields.Selection(
        [
            ("draft", "To Plan"),
            ("confirmed", "Confirmed"),
            ("en_route", "On the Way"),
            ("on_site", "On Site"),
            ("done", "Done"),
            ("failed", "Could Not Complete"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        portal=True,
    )
    call_ids = fields.One2many(
        "aftersales.visit.call", "visit_id", string="Calls Before"
    )
    call_ok = fields.Boolean(
        string="Called", compute="_compute_call_ok", help="All five points confirmed."
    )
    override_reason = fields.Char(
        string="Started without Call", readonly=True, copy=False
    )
    reschedule_ids = fields.One2many(
        "aftersales.visit.reschedule", "visit_id", string="Changed Appointments"
    )
    checklist_line_ids = fields.One2many(
        "aftersales.visit.checklist.line", "visit_id", string="Check-list"
    )
    is_quiet = fields.Boolean(
        string="In Rest Hours",
        compute="_compute_is_quiet",
        help="Begins or ends in the customer's rest or meal times.",
    )
    quiet_reason = fields.Char(
        string="Wanted So By",
        copy=False,
        role="user",
        help="Who wanted a visit in rest or meal times, and why (R-D05).",
    )
    duration = fields.Float(
        string="Hours", compute="_compute_duration", store=True, aggregator="sum"
    )
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    departed_at = fields.Datetime(readonly=True, copy=False)
    arrived_at = fields.Datetime(readonly=True, copy=False)
    completed_at = fields.Datetime(readonly=True, copy=False)
    proof_filed_at = fields.Datetime(readonly=True, copy=False)
    missed_at = fields.Datetime(
        string="Agreed Time Missed",
        readonly=True,
        copy=False,
        help="Nobody came at the agreed time and the customer was not told (R-D01).",
    )
    outcome = fields.Char(copy=False)
    report = fields.Text(copy=False, editable="_filter_unfiled")
    signature = fields.Image(
        attachment=True, max_width=1024, max_height=1024, copy=False
    )
    signed_by = fields.Char(copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    photo_ids = fields.Many2many(
        "ir.attachment", string="Photos", copy=False, editable="_filter_unfiled"
    )
    origin_visit_id = fields.Many2one(
        "aftersales.visit", string="Follows", index="btree_not_null", readonly=True
    )
    summary = fields.Char(compute="_compute_summary")

    _revisit_uniq = models.UniqueIndex(
        "(origin_visit_id) WHERE kind = 'revisit' AND origin_visit_id IS NOT NULL",
        "This visit has its revisit already.",
    )

    @api.model
    def _get_kinds(self):
        """Kinds of visits in the user's language, for models that repeat them."""
        return self._fields["kind"]._description_selection(self.env)

    @api.depends("order_id", "partner_id")
    def _compute_address_id(self):
        for visit in self:
            visit.address_id = visit.order_id.partner_shipping_id or visit.partner_id

    @api.depends("address_id")
    def _compute_contact(self):
        for visit in self:
            partner = visit.address_id or visit.partner_id
            visit.contact_name = partner.name or visit.partner_id.name
            visit.contact_phone = partner.phone or visit.partner_id.phone

    @api.depends("address_id.street", "address_id.city")
    def _compute_address(self):
        for visit in self:
            place = visit.address_id
            visit.address = " ".join(filter(None, (place.city, place.street)))

    @api.depends("assignment_ids.employee_id", "assignment_ids.role")
    def _compute_lead(self):
        for visit in self:
            lead = visit.assignment_ids.filtered(lambda a: a.role == "lead")[:1]
            visit.lead_employee_id = lead.employee_id
            visit.user_id = lead.employee_id.user_id

    @api.depends("call_ids.is_ok")
    def _compute_call_ok(self):
        for visit in self:
            visit.call_ok = any(visit.call_ids.mapped("is_ok"))

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for visit in self:
            names = filter(None, (visit.name, visit.partner_id.name))
            visit.display_name = " ".join(names)

    @api.depends("name", "scheduled_start", "lead_employee_id")
    def _compute_summary(self):
        for visit in self:
            when = visit.scheduled_start and format_datetime(
                self.env,
                visit.scheduled_start,
                tz=visit.company_id.aftersales_tz,
                dt_format="short",
            )
            who = visit.lead_employee_id.name
            visit.summary = " · ".join(filter(None, (visit.name, when, who)))

    @api.depends("scheduled_start", "scheduled_stop", "company_id")
    def _compute_is_quiet(self):
        for visit in self:
            window = (visit.scheduled_start, visit.scheduled_stop)
            visit.is_quiet = all(window) and visit.company_id._aftersales_is_quiet(
                *window
            )

    @api.depends("scheduled_start", "scheduled_stop")
    def _compute_duration(self):
        for visit in self:
            start, stop = visit.scheduled_start, visit.scheduled_stop
            visit.duration = (stop - start).total_seconds() / 3600 if start else 0

    @api.constrains("scheduled_start", "scheduled_stop")
    def _check_window(self):
        for visit in self:
            start, stop = visit.scheduled_start, visit.scheduled_stop
            if bool(start) != bool(stop) or (start and stop <= start):
                raise ValidationError(self.env._("The visit must end after it starts."))

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """With its check-list (R-D08)."""
        visits = super().create(vals_list)
        visits._fill_checklist()
        return visits

    def _filter_unagreed(self):
        """Those without an agreed time; an agreed one is rescheduled with a reason."""
        return self.filtered(lambda v: v.state not in FINISHED and not v._is_agreed())

    def _filter_unfiled(self):
        """Those whose proof isn't filed yet: it may still be completed (R-D09)."""
        return self.filtered(lambda visit: not visit.proof_filed_at)

    def _get_lock_refusal(self):
        return self.env._("%s is finished and can't be changed.", self.name)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        if any(visit.state != "draft" for visit in self):
            raise UserError(self.env._("A planned visit is cancelled, not deleted."))

    def _fill_checklist(self):
        """Copy the items of the check-list for each kind (R-D10)."""
        templates = self.env["aftersales.checklist.template"].sudo()
        items = templates.search([("kind", "in", self.mapped("kind"))])
        by_kind = items.grouped("kind")
        self.env["aftersales.visit.checklist.line"].sudo().create(
            [
                {"visit_id": visit.id, "template_id": item.id}
                for visit in self
                for item in by_kind.get(visit.kind, ())
            ]
        )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for visit in self:
            visit.access_url = f"/my/visits/{visit.id}"
        return result

    def _prepare_sla_clock_vals(self):
        return super()._prepare_sla_clock_vals() | {
            "user_id": self.user_id.id,
            "employee_id": self.lead_employee_id.id,
        }

    def _sla_breached(self, clocks):
        """Nobody came at the agreed time: recorded against the visit (R-D01)."""
        result = super()._sla_breached(clocks)
        missed = clocks.filtered(lambda clock: clock.code == "on_time")
        for visit in self.filtered(lambda v: v.id in missed.mapped("res_id")):
            visit.missed_at = visit.missed_at or visit.scheduled_start
        return result
