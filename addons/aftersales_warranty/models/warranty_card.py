import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .coverage import last_day

# What is copied from the policy when a card is made
COPIED_TERMS = (
    "unit_months",
    "repair_months",
    "exchange_months",
    "service_life_months",
    "extension_months",
    "final_maintenance_days",
    "reminder_days",
    "small_fitting_limit",
    "exchange_term",
)


class AftersalesWarrantyCard(models.Model):
    """One delivered unit and what is promised for it until when (R-W02).

    The terms are copied when the card is made: a later change of the policy or the
    product changes nothing that was promised. ``state`` follows the calendar of the
    company by itself (R-W13).
    """

    _name = "aftersales.warranty.card"
    _description = "Warranty Card"
    _inherit = [
        "aftersales.portal.fields",
        "aftersales.act.mixin",
        "aftersales.link",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, index="trigram", portal=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, portal=True
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial Number",
        readonly=True,
        index="btree_not_null",
        portal=True,
    )
    is_serial = fields.Boolean(
        string="Single Unit", readonly=True, help="The number belongs to one unit."
    )
    quantity = fields.Float(
        default=1, readonly=True, digits="Product Unit", portal=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        portal=True,
    )
    order_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null"
    )
    order_id = fields.Many2one(
        related="order_line_id.order_id",
        store=True,
        index="btree_not_null",
        portal=True,
    )
    policy_id = fields.Many2one(
        "aftersales.warranty.policy", required=True, readonly=True
    )
    unit_months = fields.Integer(readonly=True)
    repair_months = fields.Integer(readonly=True)
    exchange_months = fields.Integer(readonly=True)
    service_life_months = fields.Integer(readonly=True)
    extension_months = fields.Integer(readonly=True)
    final_maintenance_days = fields.Integer(readonly=True)
    reminder_days = fields.Integer(readonly=True)
    small_fitting_limit = fields.Float(readonly=True)
    exchange_term = fields.Selection(
        [("remaining", "The Rest of the Term"), ("full", "A Full New Term")],
        readonly=True,
    )
    delivered_on = fields.Date(readonly=True)
    fallback_on = fields.Date(
        string="Starts at the Latest",
        readonly=True,
        help="If nobody signs an acceptance before.",
    )
    start_date = fields.Date(readonly=True, tracking=True, portal=True)
    start_source = fields.Selection(
        [
            ("acceptance", "Signed Acceptance"),
            ("fallback", "Days after the Delivery"),
            ("exchange", "Exchange of the Unit"),
        ],
        string="Started By",
        readonly=True,
    )
    start_reason = fields.Char(readonly=True)
    end_date = fields.Date(
        compute="_compute_end_date",
        store=True,
        index="btree_not_null",
        help="Last day of the warranty of the whole unit.",
        portal=True,
    )
    expiring_from = fields.Date(compute="_compute_end_date", store=True)
    repair_until = fields.Date(
        string="Free Repair Until", compute="_compute_end_date", store=True, portal=True
    )
    exchange_until = fields.Date(compute="_compute_end_date", store=True, portal=True)
    service_life_until = fields.Date(
        compute="_compute_end_date", store=True, portal=True
    )
    is_void = fields.Boolean(readonly=True, tracking=True, portal=True)
    void_reason = fields.Char(readonly=True)
    ended_on = fields.Date(
        readonly=True,
        copy=False,
        help="Last day of a card whose unit was returned or exchanged: faults until"
        " then are still decided by it.",
    )
    replaced_by_id = fields.Many2one(
        "aftersales.warranty.card", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("draft", "Not Started"),
            ("active", "Active"),
            ("expiring", "Expiring"),
            ("expired", "Expired"),
            ("void", "Void"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="As of today in the company's time zone.",
        compute_sudo=True,
        portal=True,
    )
    component_ids = fields.One2many(
        "aftersales.warranty.component",
        "card_id",
        string="Key Components",
        readonly=True,
        portal=True,
    )
    extension_ids = fields.One2many(
        "aftersales.warranty.extension",
        "card_id",
        string="Extensions",
        readonly=True,
        portal=True,
    )
    event_ids = fields.One2many(
        "aftersales.warranty.event", "card_id", string="History", readonly=True
    )
    request_ids = fields.One2many(
        "aftersales.request", "warranty_card_id", string="Requests", readonly=True
    )
    request_count = fields.Integer(compute="_compute_request_count")
    maintenance_ids = fields.One2many(
        "aftersales.warranty.maintenance",
        "card_id",
        string="Final Maintenance",
        readonly=True,
    )
    reminded_until = fields.Date(
        readonly=True,
        copy=False,
        help="End of the term of which the customer was reminded.",
    )
    maintained_until = fields.Date(
        readonly=True,
        copy=False,
        help="End of the term whose final maintenance was planned.",
    )
    next_reminder_on = fields.Date(
        compute="_compute_next_days", store=True, index="btree_not_null"
    )
    next_maintenance_on = fields.Date(
        string="Final Maintenance From",
        compute="_compute_next_days",
        store=True,
        index="btree_not_null",
    )
    public_token = fields.Char(
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="aftersales_service.group_aftersales_user",
        help="Leads from the code on the unit to its public page.",
    )

    _serial_uniq = models.UniqueIndex(
        "(lot_id) WHERE is_serial AND lot_id IS NOT NULL AND is_void IS NOT TRUE",
        "This unit has a valid warranty card already.",
    )
    _draft_uniq = models.UniqueIndex(
        "(order_line_id, product_id, COALESCE(lot_id, 0)) WHERE is_serial IS NOT TRUE"
        " AND start_date IS NULL AND is_void IS NOT TRUE",
        "These goods have a card that hasn't started already.",
    )
    _token_uniq = models.UniqueIndex("(public_token)")
    _fallback_idx = models.Index(
        "(fallback_on) WHERE start_date IS NULL AND is_void IS NOT TRUE"
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "A card can't be for less than nothing."
    )

    @api.depends(
        "start_date",
        "unit_months",
        "repair_months",
        "exchange_months",
        "service_life_months",
        "reminder_days",
        "extension_ids.months",
    )
    def _compute_end_date(self):
        for card in self:
            start = card.start_date
            more = start and sum(card.extension_ids.mapped("months"))
            card.end_date = start and last_day(start, card.unit_months + more)
            warn = relativedelta(days=card.reminder_days)
            card.expiring_from = card.end_date and card.end_date - warn
            card.repair_until = start and last_day(start, card.repair_months)
            card.exchange_until = start and last_day(start, card.exchange_months)
            life = card.service_life_months
            card.service_life_until = start and last_day(start, life)

    @api.depends(
        "end_date",
        "reminder_days",
        "final_maintenance_days",
        "reminded_until",
        "maintained_until",
        "is_void",
    )
    def _compute_next_days(self):
        """What is still to be done before this term ends; empty when it is done."""
        for card in self:
            end = not card.is_void and card.end_date
            for name, days, done in (
                ("next_reminder_on", card.reminder_days, card.reminded_until),
                (
                    "next_maintenance_on",
                    card.final_maintenance_days,
                    card.maintained_until,
                ),
            ):
                due = end and days and done != end
                card[name] = due and end - relativedelta(days=days)

    @api.depends_context("uid")  # each user counts the own ones
    def _compute_request_count(self):
        requests = self.env["aftersales.request"]
        domain = [("warranty_card_id", "in", self.ids)]
        counts = dict(requests._read_group(domain, ["warranty_card_id"], ["__count"]))
        for card in self:
            card.request_count = counts.get(card, 0)

    # ------------------------------------------------------------------
    # Proof
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("Warranty cards are made void, not deleted."))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for card in self:
            card.access_url = f"/my/warranty/{card.id}"
        return result

    def _get_report_base_filename(self):
        return self.env._("Warranty card %s", self.name)
