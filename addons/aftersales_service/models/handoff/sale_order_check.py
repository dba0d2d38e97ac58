from odoo import api, fields, models

from ...identity import read_phones
from ..act.declaration import act


def is_phone(text):
    """Whether there is a telephone number in it, of 7 digits at least."""
    return any(len(phone.number.lstrip("+")) >= 7 for phone in read_phones(text))


class SaleOrder(models.Model):
    """What a contract must say before the clerk takes it (R-H02, R-H08)."""

    _inherit = "sale.order"

    delivery_contact_name = fields.Char(
        compute="_compute_delivery_contact",
        store=True,
        readonly=False,
        precompute=True,
    )
    delivery_contact_phone = fields.Char(
        compute="_compute_delivery_contact",
        store=True,
        readonly=False,
        precompute=True,
    )
    special_requests = fields.Text(help="What this customer wants besides.")
    no_special_requests = fields.Boolean(
        help="The customer was asked and wants nothing special."
    )
    installation_required = fields.Boolean(
        compute="_compute_installation_required",
        store=True,
        readonly=False,
        precompute=True,
    )
    installation_datetime = fields.Datetime(
        string="Wished Installation Time", copy=False
    )
    installation_requirements = fields.Text(
        help="Floor, lift, power supply, walls, drawings…"
    )
    handoff_return_reason = fields.Char(
        string="Returned by the Clerk", readonly=True, copy=False
    )
    is_handoff_complete = fields.Boolean(
        string="Complete for Hand-off",
        compute="_compute_is_handoff_complete",
        store=True,
    )
    handoff_issues = fields.Text(
        string="Missing for Hand-off",
        compute="_compute_handoff_issues",
        help="One missing or implausible item on each line.",
    )

    @api.depends("partner_shipping_id")
    def _compute_delivery_contact(self):
        for order in self:
            address = order.partner_shipping_id
            order.delivery_contact_name = address.name or address.parent_id.name
            order.delivery_contact_phone = (
                address.phone or address.commercial_partner_id.phone
            )

    @api.depends("order_line.product_id.aftersales_installation")
    def _compute_installation_required(self):
        for order in self:
            order.installation_required = any(
                order.order_line.product_id.mapped("aftersales_installation")
            )

    @api.depends(lambda self: self._get_handoff_fields())
    def _compute_is_handoff_complete(self):
        for order in self:
            order.is_handoff_complete = not order._get_handoff_issues()

    @api.depends(lambda self: self._get_handoff_fields())
    @api.depends_context("lang")
    def _compute_handoff_issues(self):
        for order in self:
            order.handoff_issues = "\n".join(order._get_handoff_issues())

    def _get_handoff_fields(self):
        """Fields that the check reads."""
        line = ("product_id", "product_uom_qty", "price_unit", "discount")
        return [
            "delivery_contact_name",
            "delivery_contact_phone",
            "partner_shipping_id.street",
            "partner_shipping_id.city",
            "date_order",
            "commitment_date",
            "user_id",
            "special_requests",
            "no_special_requests",
            "installation_required",
            "installation_datetime",
            "installation_requirements",
            "handoff_return_reason",
            "aftersales_goods",
            "order_line.product_id.default_code",
            *(f"order_line.{name}" for name in line),
        ]

    def aftersales_check_handoff(self):
        """What is missing or implausible before the hand-off (R-H02).

        :return: list of texts in the reader's language; empty when complete
        """
        self.ensure_one()
        self.check_access("read")
        return self._get_handoff_issues()

    def _get_handoff_issues(self):
        """Texts of what is missing; other addons may add theirs."""
        self.ensure_one()
        if self.order_line.product_id and not self.aftersales_goods:
            return []  # services, or what a repair needs: nobody hands that off
        issues = self._get_handoff_head_issues()
        goods = self.order_line.filtered(
            lambda line: not line.display_type and line.product_id.type == "consu"
        )
        if not goods:
            issues.append(self.env._("No product is ordered"))
        for number, line in enumerate(goods, 1):
            issues += line._get_handoff_issues(number)
        return issues

    def _get_handoff_head_issues(self):
        env, address = self.env, self.partner_shipping_id
        phone, company = self.delivery_contact_phone, self._sla_company()
        early = self.commitment_date and self.commitment_date < (
            self.date_order or self.commitment_date
        )
        checks = (
            (not self.delivery_contact_name, env._("Customer name")),
            (not phone, env._("Customer phone")),
            (phone and not is_phone(phone), env._("Phone is implausible: %s", phone)),
            (not (address.street and address.city), env._("Delivery address")),
            (not self.date_order, env._("Order date")),
            (not self.commitment_date, env._("Delivery date")),
            (early, env._("The delivery date is before the order date")),
            (
                company.aftersales_require_salesperson and not self.user_id,
                env._("Salesperson"),
            ),
            (
                not (self.no_special_requests or (self.special_requests or "").strip()),
                env._("Special requests, or that there are none"),
            ),
            (
                self.handoff_return_reason,
                env._("Returned by the clerk: %s", self.handoff_return_reason),
            ),
        )
        missing = [text for missing, text in checks if missing]
        return missing + self._get_installation_issues()

    def _get_installation_issues(self):
        """What the customer hasn't been asked about the installation (R-H08)."""
        if not self.installation_required:
            return []
        checks = (
            (self.installation_datetime, self.env._("Wished installation time")),
            (self.installation_requirements, self.env._("Installation requirements")),
        )
        return [text for known, text in checks if not known]

    @act("handoff_resubmit", states=("sale",), access="read")
    def action_handoff_resubmit(self, ref=None):
        """The guide has mended what the clerk returned (R-H02).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, aftersales_state)
        """
        self._check_may_follow().handoff_return_reason = False
