from odoo import api, fields, models
from odoo.exceptions import UserError

SIGNED = ("accepted", "accepted_with_remarks", "rejected")
VOID = ("rejected", "cancelled")  # the deliveries wait for another acceptance
CLOSED = (*SIGNED, "cancelled")


class AftersalesAcceptance(models.Model):
    """The customer's signed word that goods and installation are right (R-A01).

    It is closed while it lies before the customer, and for ever once it is signed.
    """

    _name = "aftersales.acceptance"
    _description = "Acceptance"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.portal.fields",
        "aftersales.numbered.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _locked_states = ("offered", *CLOSED)

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        fixed=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        check_company=True,
        fixed=True,
        portal=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index=True,
        portal=True,
        help="Of the order, until it is signed.",
    )
    visit_id = fields.Many2one(
        "aftersales.visit", check_company=True, index="btree_not_null", fixed=True
    )
    picking_ids = fields.Many2many("stock.picking", check_company=True, fixed=True)
    line_ids = fields.One2many(
        "aftersales.acceptance.line", "acceptance_id", portal=True
    )
    document_line_ids = fields.One2many(
        "aftersales.acceptance.document",
        "acceptance_id",
        string="Documents",
        portal=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("self_inspected", "Self-inspected"),
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("accepted_with_remarks", "Accepted with Remarks"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        portal=True,
    )
    self_inspected_at = fields.Datetime(readonly=True, copy=False)
    self_inspected_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    offered_at = fields.Datetime(readonly=True, copy=False)
    offer_valid_until = fields.Date(
        string="Link Valid Until",
        readonly=True,
        copy=False,
        help="Afterwards the customer's link shows the acceptance, but can't sign.",
    )
    completed_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="Accepted, and the last defect is cured (R-A03).",
    )
    signature_ids = fields.One2many(
        "aftersales.acceptance.signature",
        "acceptance_id",
        string="Further Signers",
        portal=True,
    )
    signed_by = fields.Char(readonly=True, copy=False, portal=True)
    signer_role = fields.Char(readonly=True, copy=False, portal=True)
    signed_on = fields.Datetime(readonly=True, copy=False, portal=True)
    signature = fields.Image(
        attachment=True,
        max_width=1024,
        max_height=1024,
        readonly=True,
        copy=False,
        portal=True,
    )
    remarks = fields.Text(readonly=True, copy=False, portal=True)
    accepted_on = fields.Datetime(readonly=True, copy=False)
    content_hash = fields.Char(
        string="Seal",
        readonly=True,
        copy=False,
        help="SHA-256 over what was signed: lines, serial numbers, signer and time.",
        portal=True,
    )
    currency_id = fields.Many2one(related="order_id.currency_id", portal=True)
    balance_due = fields.Monetary(
        related="order_id.aftersales_balance", string="Still to Pay", portal=True
    )

    @api.depends("order_id.partner_id")
    def _compute_partner_id(self):
        for acceptance in self:
            signed = acceptance.state in SIGNED and acceptance.partner_id
            acceptance.partner_id = signed or acceptance.order_id.partner_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(acceptance.state != "draft" for acceptance in self):
            raise UserError(self.env._("An acceptance is proof and can't be deleted."))

    def _get_lock_refusal(self):
        if self.state == "offered":
            return self.env._(
                "%s lies before the customer: take it back first.", self.name
            )
        if self.state in SIGNED:
            return self.env._("%s is signed and can't be changed.", self.name)
        return super()._get_lock_refusal()

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for acceptance in self:
            acceptance.access_url = f"/my/acceptances/{acceptance.id}"
        return result

    def _get_settled_at(self):
        cancelled = self.state == "cancelled" and self.write_date
        return self.signed_on or cancelled

    def _get_report_base_filename(self):
        return self.env._("Acceptance %s", self.name)

    def _on_accepted(self):
        """The customer accepted: what starts from now (R-A04).

        Called once for each acceptance, after it was signed; other addons start
        warranty, training and plans here.
        """
        for order in self.order_id:
            done = order.acceptance_ids.filtered(lambda a: a.accepted_on)
            valid = order.acceptance_ids.filtered(lambda a: a.state not in VOID)
            if order.delivery_status == "full" and done == valid:
                order._on_accepted(max(done.mapped("accepted_on")))
