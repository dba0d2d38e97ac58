from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...identity import name_key, read_phones
from .request import CLOSED


class AftersalesRequest(models.Model):
    """Who calls, about which unit, and whether it is known already (R-S01, R-N09)."""

    _inherit = "aftersales.request"

    possible_partner_ids = fields.Many2many(
        "res.partner",
        string="Who May Be Calling",
        compute="_compute_possible_partner_ids",
        help="Customers with this phone number, or one that ends alike: choose.",
    )
    duplicate_ids = fields.Many2many(
        "aftersales.request",
        string="Open Already",
        compute="_compute_duplicate_ids",
        help="Open requests of the same unit, customer or phone number.",
    )
    duplicate_count = fields.Integer(compute="_compute_duplicate_ids")

    @api.model
    def _find_caller(self, contact):
        """Customer, unit and order behind a phone, serial number or name.

        :param contact: text
        :return: dict of partner_id, lot_id, order_id as far as they are known
        """
        unit = self.env["stock.lot"]._aftersales_find(contact)
        if len(unit) == 1:
            owner = unit._get_aftersales_owners()[unit]
            order = unit._get_aftersales_sales()[unit]
            found = {"lot_id": unit, "order_id": order, "partner_id": owner}
        else:
            # whoever takes a call may look a customer up
            partners = self.env["res.partner"].sudo()
            named = partners._aftersales_find_by_name(contact)._aftersales_the_one()
            partner = named or self._find_caller_of({"phone": contact})[0]
            found = {"partner_id": partner}
        return {name: record.id for name, record in found.items() if record}

    @api.model
    def _find_caller_of(self, vals):
        """The customer behind a phone number, for sure, and else who it may be.

        Of several with one number it is the one with the name that was given, too.

        :param vals: dict of phone, contact_name
        :return: (partner, possible): res.partner (sudo); where it is sure who calls
            nobody else is possible
        """
        partners = self.env["res.partner"].sudo()  # whoever takes a call looks it up
        certain, possible = partners._aftersales_find_by_phone(vals.get("phone"))
        key = name_key(vals.get("contact_name") or vals.get("phone"))
        named = certain.filtered(
            lambda p: p.aftersales_name_key and p.aftersales_name_key in key
        )
        partner = certain._aftersales_the_one() or named._aftersales_the_one()
        return partner, partners if partner else certain | possible

    @api.depends("phone", "partner_id", "contact_name")
    def _compute_possible_partner_ids(self):
        for request in self:
            possible = request.browse().possible_partner_ids
            if request.phone and not request.partner_id and request.state not in CLOSED:
                vals = {"phone": request.phone, "contact_name": request.contact_name}
                possible = request._find_caller_of(vals)[1]
            request.possible_partner_ids = possible.sudo(False)

    @api.model
    def _check_own_unit(self, serial, partner):
        """A serial number is no key to somebody else's contract.

        :param serial: what a customer entered
        :param partner: that customer
        :raise UserError: as if the number weren't known
        """
        units = self.env["stock.lot"]._aftersales_find(serial)
        owners = {
            owner.commercial_partner_id
            for owner in units._get_aftersales_owners().values()
            if owner
        }
        if owners and partner.sudo().commercial_partner_id not in owners:
            raise UserError(self.env._("Serial number %s is unknown.", serial))

    @api.onchange("phone", "lot_id")
    def _onchange_caller(self):
        """Show them while the call lasts; ``create`` finds them in any case."""
        self.update(self._get_caller_vals())

    def _complete_caller(self):
        """The unit tells order and customer, the phone number the customer."""
        for request in self:
            vals = request._get_caller_vals()
            if vals:
                request.sudo().write(vals)  # guides can't read lots

    def _get_caller_vals(self):
        self.ensure_one()
        vals = {}
        lot = self.lot_id._origin.sudo()
        order = self.order_id or lot._get_aftersales_sales().get(lot, self.order_id)
        if order != self.order_id and order.company_id == self.company_id:
            vals["order_id"] = order.id
        if not self.partner_id:
            known = self.order_id.partner_id or lot._get_aftersales_owners().get(lot)
            caller = {"phone": self.phone, "contact_name": self.contact_name}
            partner = known or self._find_caller_of(caller)[0]
            vals |= {"partner_id": partner.id} if partner else {}
        return vals

    def _get_phone_country(self):
        return self.company_id.country_id or super()._get_phone_country()

    @api.depends("lot_id", "partner_id", "phone")
    def _compute_duplicate_ids(self):
        for request in self:
            known = {
                "lot_id": request.lot_id._origin.id,
                "partner_id": request.partner_id._origin.id,
            }
            phones = read_phones(request.phone, request._get_phone_country().code)
            domain = Domain.OR(
                Domain(name, "=", value) for name, value in known.items() if value
            ) | self._get_phone_domain(phone.number for phone in phones)
            domain &= Domain("id", "!=", request._origin.id)
            found = self.search(domain & Domain("state", "not in", CLOSED), limit=20)
            open_now = request.state not in CLOSED
            request.duplicate_ids = found if open_now else self.browse()
            request.duplicate_count = len(request.duplicate_ids)

    def action_view_duplicates(self):
        """Open what is open already for this unit or customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.request_action"
        )
        return action | {"domain": [("id", "in", self.duplicate_ids.ids)]}

    def _get_customer(self):
        """The customer; whoever isn't known yet becomes one, never our own company.

        :return: res.partner (sudo)
        """
        self.ensure_one()
        request = self.sudo()  # whoever sends somebody need not edit customers
        if not request.partner_id:
            known = request.order_id.partner_id
            request.partner_id = known or known.create(
                {
                    "name": request.contact_name or request.phone or request.name,
                    "phone": request.phone,
                    "email": request.email_from,
                    "street": request.address,
                    "company_id": request.company_id.id,
                    "lang": request.company_id.partner_id.lang,
                }
            )
        return request.partner_id
