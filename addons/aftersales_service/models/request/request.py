from odoo import api, fields, models

from ...tools import check_lengths

CLOSED = ("closed", "cancelled")


class AftersalesRequest(models.Model):
    """The register: every call, letter, visit and e-mail about a product (R-S01)."""

    _name = "aftersales.request"
    _description = "After-sales Request"
    _inherit = [
        "aftersales.portal.fields",
        "aftersales.act.mixin",
        "aftersales.numbered.mixin",
        "aftersales.sla.mixin",
        "aftersales.phone.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "reported_at desc, id desc"
    _check_company_auto = True
    _locked_states = CLOSED

    type = fields.Selection(
        [
            ("inquiry", "Inquiry"),
            ("suggestion", "Suggestion"),
            ("fault", "Fault"),
            ("complaint", "Complaint"),
            ("return", "Return"),
            ("exchange", "Exchange"),
            ("supply", "Parts Supply"),
        ],
        required=True,
        default="fault",
        index=True,
        tracking=True,
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("web", "Web"),
            ("store", "Store"),
            ("media", "Media"),
        ],
        required=True,
        default="phone",
    )
    client_ref = fields.Char(
        string="Caller's Reference",
        copy=False,
        fixed=True,
        help="Given by other programs; a retried call finds the same request.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        fixed=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        check_company=True,
        ondelete="restrict",
        portal=True,
    )
    contact_name = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        portal=True,
    )
    phone = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        portal=True,
    )
    address = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        portal=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        portal=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial Number",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        portal=True,
    )
    problem = fields.Text(required=True, editable="_filter_untold", portal=True)
    symptom = fields.Text()
    severity = fields.Selection(
        [("general", "General"), ("major", "Major")],
        default="general",
        required=True,
        fixed=True,
        tracking=True,
    )
    emergency = fields.Boolean(tracking=True)
    reported_at = fields.Datetime(
        required=True, default=fields.Datetime.now, fixed=True, index=True, portal=True
    )
    team_id = fields.Many2one(
        "aftersales.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", tracking=True, check_company=True
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Technicians",
        readonly=True,
        copy=False,
        check_company=True,
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("assigned", "Assigned"),
            ("replied", "Answered"),
            ("dispatched", "Dispatched"),
            ("on_site", "On Site"),
            ("restored", "Repaired"),
            ("reported", "Report Sent"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="new",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
        portal=True,
    )
    assigned_at = fields.Datetime(readonly=True, copy=False)
    replied_at = fields.Datetime(
        string="Answered On", readonly=True, copy=False, portal=True
    )
    planned_at = fields.Datetime(readonly=True, copy=False)
    dispatched_at = fields.Datetime(readonly=True, copy=False)
    arrived_at = fields.Datetime(readonly=True, copy=False, portal=True)
    restored_at = fields.Datetime(
        string="Repaired On", readonly=True, copy=False, portal=True
    )
    report_sent_at = fields.Datetime(readonly=True, copy=False, portal=True)
    closed_at = fields.Datetime(readonly=True, copy=False)
    plan_text = fields.Text(string="Repair Plan", readonly=True, copy=False)
    by_phone = fields.Boolean(string="Solved by Phone", readonly=True, copy=False)
    quality_class = fields.Selection(
        [
            ("product", "Product"),
            ("service", "Service"),
            ("packaging", "Packaging"),
            ("installation", "Installation"),
        ]
    )
    cause_id = fields.Many2one("aftersales.cause", string="Cause Class")
    cause_note = fields.Text(string="Cause", editable="_filter_untold")
    measures = fields.Text(editable="_filter_untold")
    resolution = fields.Text()
    responsible_department_id = fields.Many2one(
        "hr.department",
    )
    responsible_employee_id = fields.Many2one(
        "hr.employee", string="Responsible Person"
    )
    visit_ids = fields.One2many("aftersales.visit", "request_id", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")
    is_under_way = fields.Boolean(compute="_compute_is_under_way")

    _phone_idx = models.Index(
        "USING gin (string_to_array(aftersales_phone_key::text, ' '))"
    )
    _client_ref_uniq = models.UniqueIndex(
        "(company_id, client_ref)"
        " WHERE client_ref IS NOT NULL AND state != 'cancelled'",
        "This reference is registered already.",
    )

    @api.depends("partner_id")
    def _compute_contact(self):
        for request in self:
            partner = request.partner_id
            place = " ".join(filter(None, (partner.city, partner.street)))
            request.contact_name = request.contact_name or partner.name
            request.phone = request.phone or partner.phone
            request.address = request.address or place

    @api.depends("lot_id")
    def _compute_product_id(self):
        for request in self:
            request.product_id = request.lot_id.product_id or request.product_id

    @api.depends("company_id")
    def _compute_team_id(self):
        teams = (
            self.env["aftersales.team"]
            .sudo()
            .search([("company_id", "in", self.company_id.ids)])
        )
        for request in self:
            request.team_id = teams.filtered(
                lambda team, r=request: team.company_id == r.company_id
            )[:1]

    @api.depends("visit_ids.state")
    def _compute_is_under_way(self):
        for request in self:
            request.is_under_way = "en_route" in request.visit_ids.mapped("state")

    def _compute_visit_count(self):
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.visit_count = counts.get(request, 0)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for request in self:
            names = filter(None, (request.name, request.partner_id.name))
            request.display_name = " ".join(names)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]  # theirs stay as they are
        for vals in vals_list:
            check_lengths(self, vals)
            vals["reported_at"] = self._check_reported_at(vals.get("reported_at"))
            if not self.env.su:
                self._check_missing(vals)
        requests = super().create(vals_list)
        requests._complete_caller()
        requests._set_coverage()
        for at, group in requests.grouped("reported_at").items():
            group._sla_event("reported", at)
        requests._tell_team()
        requests.filtered("emergency")._tell_urgent()
        return requests

    def write(self, vals):
        """Acts are recorded by their methods; closed requests stay (R-C08)."""
        self._check_calming(vals)
        if not self.env.su:
            self._check_emptied(vals)
        check_lengths(self, vals)
        calmed = self._get_calmed(vals)
        result = super().write(vals)
        changed = self.browse()
        if vals.keys() & {"lot_id", "product_id", "cause_id"}:
            changed = self._set_coverage()
        if vals.keys() & {"type", "emergency"}:
            changed = self
        if changed:
            reason = self.env._("Reclassified by %s", self.env.user.name)
            changed._reevaluate(reason, calmed)
        if vals.get("emergency"):
            self._tell_urgent()
        return result

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/requests/{request.id}"
        return result

    def _get_settled_at(self):
        cancelled = self.state == "cancelled" and self.write_date
        return self.closed_at or cancelled

    def _get_report_base_filename(self):
        return self.env._("Repair report %s", self.name)

    def _tell_urgent(self):
        """What is urgent lies before the supervisor at once (R-C07)."""
        for request in self:
            request._sla_recipients("supervisor")._aftersales_assign(
                request, lambda r, env: env._("Urgent: %s", (r.problem or "")[:60])
            )

    def _tell_team(self):
        """After-sales is told at once of every report (R-S02)."""
        for team, requests in self.grouped("team_id").items():
            people = team.member_ids or requests[:1]._sla_recipients("supervisor")
            (people - self.env.user)._aftersales_notify(
                self.env._("New in the register"),
                [f"{r.display_name}: {(r.problem or '')[:80]}" for r in requests],
            )
