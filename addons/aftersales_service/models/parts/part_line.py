from odoo import api, fields, models

OPEN_MOVE = ("done", "cancel")
WISH = ("requested",)  # what was decided stays: another part is asked for


class AftersalesPartLine(models.Model):
    """A part for a request or a visit, from the wish to the fitting (R-P03).

    What was issued, fitted and brought back is the sum of real stock moves; whoever
    validates one of them moves the line on.
    """

    _name = "aftersales.part.line"
    _description = "After-sales Part"
    _inherit = ["aftersales.portal.fields", "aftersales.act.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _locked_states = ("used", "returned", "refused")

    request_id = fields.Many2one(
        "aftersales.request",
        compute="_compute_request_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        parent=True,
        portal=True,
    )
    visit_id = fields.Many2one(
        "aftersales.visit", index="btree_not_null", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", portal=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_company_id",
        store=True,
        precompute=True,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        editable=WISH,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        check_company=True,
        editable=WISH,
        portal=True,
    )
    destination = fields.Char(
        string="For",
        compute="_compute_destination",
        help="Request, visit and technician, also for those who don't read them.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit of Measure", portal=True
    )
    quantity = fields.Float(
        default=1.0,
        required=True,
        digits="Product Unit",
        editable=WISH,
        portal=True,
    )
    kind = fields.Selection(
        [
            ("replacement", "Replacement"),
            ("supply", "Missing Part"),
            ("gift", "Gift"),
        ],
        default="replacement",
        required=True,
        editable=WISH,
    )
    is_drawing = fields.Boolean(
        string="Drawing Only",
        help="The customer gets the drawing instead of the part (R-W11).",
        editable=WISH,
        portal=True,
    )
    reason = fields.Char(
        help="Why it is needed; required for a missing part (R-P04).", editable=WISH
    )
    collect_old = fields.Boolean(
        string="Old Part Comes Back",
        compute="_compute_collect_old",
        store=True,
        readonly=False,
        precompute=True,
        help="The defective part is collected (R-P07).",
        editable=WISH,
    )
    decision = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        default="requested",
        required=True,
        readonly=True,
        copy=False,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    refusal_reason = fields.Char(readonly=True, copy=False)
    drawing_sent_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("reserved", "Reserved"),
            ("issued", "Issued"),
            ("used", "Used"),
            ("returned", "Returned"),
            ("refused", "Refused"),
        ],
        compute="_compute_progress",
        store=True,
        index=True,
        group_expand=True,
        portal=True,
    )
    move_ids = fields.One2many(
        "stock.move", "aftersales_part_line_id", string="Stock Moves", readonly=True
    )
    reserved_qty = fields.Float(
        string="Reserved", compute="_compute_progress", store=True
    )
    issued_qty = fields.Float(string="Issued", compute="_compute_progress", store=True)
    used_qty = fields.Float(string="Used", compute="_compute_progress", store=True)
    returned_qty = fields.Float(
        string="Returned", compute="_compute_progress", store=True
    )
    returning_qty = fields.Float(
        string="Coming Back",
        compute="_compute_progress",
        store=True,
        help="Given back by the technician, not yet received by the store.",
    )
    out_qty = fields.Float(
        string="With the Technician", compute="_compute_progress", store=True
    )
    shortage_qty = fields.Float(
        string="Short",
        compute="_compute_progress",
        store=True,
        help="Approved, but neither reserved nor issued.",
    )
    old_state = fields.Selection(
        [("waiting", "To Collect"), ("collected", "Collected")],
        string="Old Part",
        compute="_compute_progress",
        store=True,
    )
    lot_id = fields.Many2one(
        "stock.lot", string="New Serial Number", readonly=True, copy=False
    )
    replaced_lot_id = fields.Many2one(
        "stock.lot", string="Old Unit", check_company=True, copy=False
    )
    replaced_lot_name = fields.Char(string="Old Serial Number", copy=False)
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Charged On", readonly=True, copy=False, index=True
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a part must be more than 0."
    )
    _has_owner = models.Constraint(
        "CHECK (request_id IS NOT NULL OR visit_id IS NOT NULL)",
        "A part belongs to a request or a visit.",
    )

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    @api.depends("visit_id")
    def _compute_request_id(self):
        for line in self:
            line.request_id = line.request_id or line.visit_id.request_id

    @api.depends("request_id", "visit_id")
    def _compute_company_id(self):
        for line in self:
            owner = line.request_id or line.visit_id
            line.company_id = owner.company_id
            line.partner_id = owner.partner_id

    @api.depends("company_id", "request_id.order_id", "visit_id.order_id")
    def _compute_warehouse_id(self):
        # technicians don't read the warehouses
        warehouses = self.env["stock.warehouse"].sudo()
        found = warehouses.search([("company_id", "in", self.company_id.ids)])
        for line in self:
            order = (line.request_id.order_id or line.visit_id.order_id).sudo()
            line.warehouse_id = (
                line.warehouse_id
                or order.warehouse_id
                or found.filtered(lambda w, c=line.company_id: w.company_id == c)[:1]
            )

    @api.depends("kind", "is_drawing", "product_id")
    def _compute_collect_old(self):
        for line in self:
            line.collect_old = (
                line.kind == "replacement"
                and not line.is_drawing
                and line.product_id.categ_id.aftersales_store != "fitting"
            )

    @api.depends(
        "decision",
        "quantity",
        "drawing_sent_at",
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.aftersales_part_act",
    )
    def _compute_progress(self):
        for line in self:
            done, waiting = line._sum_moves()
            line.reserved_qty = waiting["issue"]
            line.issued_qty = done["issue"]
            line.used_qty = done["use"]
            line.returned_qty = done["return"]
            line.returning_qty = waiting["return"]
            line.out_qty = done["issue"] - done["use"] - done["return"]
            line.old_state = (waiting["collect"] and "waiting") or (
                done["collect"] and "collected"
            )
            line.state = line._get_state()
            short = line.quantity - line.reserved_qty - line.issued_qty
            wanted = line.state == "approved" and not line.is_drawing
            line.shortage_qty = max(short, 0) if wanted else 0

    def _sum_moves(self):
        """Quantities done and reserved for each act, in the part's unit."""
        done = dict.fromkeys(("issue", "use", "return", "collect"), 0.0)
        waiting = dict(done)
        for move in self.move_ids:
            if move.state == "done":
                done[move.aftersales_part_act] += move._get_moved()
            elif move.state != "cancel":
                waiting[move.aftersales_part_act] += move._get_moved()
        return done, waiting

    def _get_state(self):
        """Decided by people, then driven by the stock moves."""
        unit = self.product_id.uom_id
        if self.decision != "approved":
            return self.decision
        if self.drawing_sent_at:
            return "used"
        if self.issued_qty:
            if unit.compare(self.out_qty, 0) > 0 or self._get_open_moves("issue"):
                return "issued"
            return "used" if self.used_qty else "returned"
        full = unit.compare(self.reserved_qty, self.quantity) >= 0
        return "reserved" if full else "approved"

    def _get_open_moves(self, act):
        return self.move_ids.filtered(
            lambda m: m.aftersales_part_act == act and m.state not in OPEN_MOVE
        )

    @api.depends("request_id.name", "visit_id.summary", "partner_id.name")
    def _compute_destination(self):
        for line in self.sudo():
            names = (line.request_id.name, line.visit_id.summary, line.partner_id.name)
            line.destination = " · ".join(filter(None, names))

    @api.depends("product_id", "quantity")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.product_id.display_name} × {line.quantity:g}"
