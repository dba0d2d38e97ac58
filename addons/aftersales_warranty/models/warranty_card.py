import base64
from io import BytesIO

import qrcode
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

EXPIRING_DAYS = 30
ACT_FIELDS = {"start_date", "end_date", "is_void", "lot_id", "product_id"}


def last_day(start, months):
    """Last day of a term that begins on ``start``; where its month has no such day,
    the last of that month.

    >>> from datetime import date
    >>> last_day(date(2026, 11, 23), 36)
    datetime.date(2029, 11, 22)
    >>> last_day(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    end = start + relativedelta(months=months)
    return end - relativedelta(days=1) if end.day == start.day else end


class AftersalesWarrantyCard(models.Model):
    """One delivered unit and what is promised for it until when (R-W02).

    The terms are copied when the card is made: a later change of the policy or the
    product changes nothing that was promised. ``state`` follows the calendar of the
    company by itself (R-W13).
    """

    _name = "aftersales.warranty.card"
    _description = "Warranty Card"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one(
        "stock.lot", string="Serial Number", index="btree_not_null"
    )
    quantity = fields.Float(default=1, digits="Product Unit")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True
    )
    order_line_id = fields.Many2one("sale.order.line", index="btree_not_null")
    order_id = fields.Many2one(
        related="order_line_id.order_id", store=True, index="btree_not_null"
    )
    policy_id = fields.Many2one("aftersales.warranty.policy", required=True)
    unit_months = fields.Integer(readonly=True)
    exchange_months = fields.Integer(readonly=True)
    service_life_months = fields.Integer(readonly=True)
    start_date = fields.Date(readonly=True, tracking=True)
    end_date = fields.Date(
        compute="_compute_end_date",
        store=True,
        help="Last day of the warranty of the whole unit.",
    )
    exchange_until = fields.Date(compute="_compute_end_date", store=True)
    service_life_until = fields.Date(compute="_compute_end_date", store=True)
    is_void = fields.Boolean(readonly=True, tracking=True)
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
    )
    component_ids = fields.One2many(
        "aftersales.warranty.component", "card_id", string="Key Components"
    )
    extension_ids = fields.One2many(
        "aftersales.warranty.extension", "card_id", string="Extensions"
    )

    _lot_uniq = models.UniqueIndex(
        "(lot_id) WHERE lot_id IS NOT NULL AND is_void IS NOT TRUE",
        "This unit has a valid warranty card already.",
    )

    @api.depends(
        "start_date",
        "unit_months",
        "exchange_months",
        "service_life_months",
        "extension_ids.months",
    )
    def _compute_end_date(self):
        for card in self:
            start = card.start_date
            extended = card.unit_months + sum(card.extension_ids.mapped("months"))
            card.end_date = start and last_day(start, extended)
            card.exchange_until = start and last_day(start, card.exchange_months)
            life = card.service_life_months
            card.service_life_until = start and last_day(start, life)

    def _get_today(self):
        company = self.company_id[:1] or self.env.company
        return company._aftersales_now_local().date()

    @api.depends("start_date", "end_date", "is_void")
    def _compute_state(self):
        for card in self:
            today = card._get_today()
            if card.is_void:
                card.state = "void"
            elif not card.start_date:
                card.state = "draft"
            elif card.end_date < today:
                card.state = "expired"
            else:
                warn = card.end_date - relativedelta(days=EXPIRING_DAYS)
                card.state = "expiring" if warn <= today else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_today()
        warn = today + relativedelta(days=EXPIRING_DAYS)
        valid = Domain("is_void", "!=", True)
        domains = {
            "void": Domain("is_void", "=", True),
            "draft": valid & Domain("start_date", "=", False),
            "expired": valid & Domain("end_date", "<", today),
            "expiring": valid
            & Domain("end_date", ">=", today)
            & Domain("end_date", "<=", warn),
            "active": valid & Domain("end_date", ">", warn),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Group and sort by the state of today."""
        if field_expr != "state":
            return super()._field_to_sql(alias, field_expr, query)
        today = self._get_today()
        return SQL(
            "CASE WHEN %(void)s THEN 'void' WHEN %(start)s IS NULL THEN 'draft'"
            " WHEN %(end)s < %(today)s THEN 'expired'"
            " WHEN %(end)s <= %(warn)s THEN 'expiring' ELSE 'active' END",
            void=self._field_to_sql(alias, "is_void", query),
            start=self._field_to_sql(alias, "start_date", query),
            end=self._field_to_sql(alias, "end_date", query),
            today=today,
            warn=today + relativedelta(days=EXPIRING_DAYS),
        )

    def write(self, vals):
        """Dates and units change by acts only; void cards not at all."""
        if not self.env.su and set(vals) & ACT_FIELDS:
            raise UserError(self.env._("A warranty card can't be edited."))
        return super().write(vals)

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

    # ------------------------------------------------------------------
    # From delivery to acceptance
    # ------------------------------------------------------------------

    @api.model
    def _create_for_moves(self, moves):
        """Draft cards for delivered goods: one for each serial number, one for each
        order line of untracked goods (R-W02).

        :param moves: done moves to customers, of sale order lines
        :return: the new cards
        """
        moves = moves.filtered(
            lambda m: m.product_id.is_storable and not m.product_id.warranty_excluded
        )
        lots = moves.move_line_ids.lot_id
        carded = self.search([("lot_id", "in", lots.ids), ("is_void", "!=", True)])
        carded._void_returned(moves)
        taken = carded.filtered(lambda card: not card.is_void).lot_id
        lines = self.search([("order_line_id", "in", moves.sale_line_id.ids)])
        done = lines.filtered(lambda card: not card.lot_id).order_line_id
        vals_list = []
        for company, group in moves.grouped("company_id").items():
            policies = self.env["aftersales.warranty.policy"]._get_for_products(
                group.product_id, company
            )
            for move in group:
                policy = policies[move.product_id]
                if policy:
                    vals_list += move._prepare_warranty_vals(policy, taken, done)
        return self.create(vals_list)

    def _void_returned(self, moves):
        """A unit that is sold again begins a new card; the old owner's ends."""
        sold_again = self.filtered(
            lambda card: card.order_line_id not in moves.sale_line_id
        )
        sold_again.write({"is_void": True})
        sold_again.flush_recordset()  # frees the place of the valid card

    @api.model
    def _prepare_card_vals(self, line, product, policy, lot=None, quantity=1):
        """Values of a draft card with the terms copied from its policy."""
        order = line.order_id
        name = lot.name if lot else f"{order.name}-{line.id}"
        return {
            "name": f"WC-{name}",
            "company_id": order.company_id.id,
            "product_id": product.id,
            "lot_id": lot and lot.id,
            "quantity": quantity,
            "partner_id": order.partner_id.id,
            "order_line_id": line.id,
            "policy_id": policy.id,
            "unit_months": policy.unit_months,
            "exchange_months": policy.exchange_months,
            "service_life_months": policy.service_life_months,
            "component_ids": [
                fields.Command.create(
                    {
                        "product_id": part.product_id.id,
                        "months": policy._get_component_months(part.product_id),
                    }
                )
                for part in product.warranty_component_ids
                for _number in range(part.quantity)
            ],
        }

    def _activate(self, day):
        """The warranty begins (R-A04).

        :param day: local date of the signed acceptance
        """
        draft = self.filtered(lambda card: not card.start_date and not card.is_void)
        draft.write({"start_date": day})
        draft.component_ids.write({"start_date": day})

    def _get_qr_code(self):
        """PNG (base64) of a QR code that leads to this card in the portal."""
        url = self.get_base_url() + self.get_portal_url()
        stream = BytesIO()
        qrcode.make(url, box_size=6, border=2).save(stream, "PNG")
        return base64.b64encode(stream.getvalue())
