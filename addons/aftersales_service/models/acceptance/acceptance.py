from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import refuse_acts

SIGNED = ("accepted", "accepted_with_remarks", "rejected")
VOID = ("rejected", "cancelled")  # the deliveries wait for another acceptance
ACT_FIELDS = {
    "state",
    "signed_by",
    "signer_role",
    "signed_on",
    "signature",
    "accepted_on",
    "content_hash",
    "remarks",
    "self_inspected_at",
    "self_inspected_by_id",
    "offered_at",
    "offer_valid_until",
    "completed_on",
}
# What mail and portal keep on any record, signed or not
TECHNICAL = {"access_token", "message_follower_ids", "activity_ids", "message_ids"}
# What happens to the defects after the signature isn't part of what was signed
LATER = {"completed_on"}


class AftersalesAcceptance(models.Model):
    """The customer's signed word that goods and installation are right (R-A01)."""

    _name = "aftersales.acceptance"
    _description = "Acceptance"
    _inherit = [
        "aftersales.portal.fields",
        "aftersales.numbered.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, check_company=True, portal=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        store=True,
        index=True,
        string="Customer",
        portal=True,
    )
    visit_id = fields.Many2one(
        "aftersales.visit", check_company=True, index="btree_not_null"
    )
    picking_ids = fields.Many2many("stock.picking", check_company=True)
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
    is_intact = fields.Boolean(
        compute="_compute_is_intact", compute_sudo=True, portal=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id", portal=True)
    balance_due = fields.Monetary(
        related="order_id.aftersales_balance", string="Still to Pay", portal=True
    )

    @api.depends("content_hash", "line_ids", "signed_by", "state")
    def _compute_is_intact(self):
        # a form asks for sizes instead of pictures: never for the seal
        whole = {"bin_size": False, "bin_size_signature": False}
        for acceptance in self.sudo().with_context(**whole):
            seal = acceptance.content_hash
            # older seals don't know the result
            seals = (acceptance._get_seal(acceptance.state), acceptance._get_seal(None))
            acceptance.is_intact = bool(seal) and seal in seals

    @api.model_create_multi
    def create(self, vals_list):
        """Numbered; without the results of acts, for every client (R-A02)."""
        refuse_acts(self, ACT_FIELDS, *vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Acts are recorded by their methods; what is signed stays (R-A02)."""
        if set(vals) - TECHNICAL - LATER:
            self._ensure_unsigned()
        refuse_acts(self, ACT_FIELDS, vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(acceptance.state != "draft" for acceptance in self):
            raise UserError(self.env._("An acceptance is proof and can't be deleted."))

    def _ensure_unsigned(self):
        signed = self.filtered(lambda acceptance: acceptance.state in SIGNED)
        if signed:
            raise UserError(
                self.env._("%s is signed and can't be changed.", signed[0].name)
            )

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
