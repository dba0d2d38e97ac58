from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...tools import LONGEST
from .request import CLOSED


class AftersalesRequest(models.Model):
    """Who calls, about which unit, and whether it is known already (R-S01)."""

    _inherit = "aftersales.request"

    duplicate_ids = fields.Many2many(
        "aftersales.request",
        string="Open Already",
        compute="_compute_duplicate_ids",
        help="Open requests of the same unit, customer or phone number.",
    )
    duplicate_count = fields.Integer(compute="_compute_duplicate_ids")

    @api.model
    def _find_caller(self, contact):
        """Customer, unit and order behind a phone or serial number.

        :param contact: text
        :return: dict of partner_id, lot_id, order_id as far as they are known
        """
        company = Domain("company_id", "in", (False, self.env.company.id))
        # whoever takes a call may look a number up
        lot = self.env["stock.lot"].sudo()
        lot = lot.search(company & Domain("name", "=", contact), limit=2)
        if len(lot) == 1:
            owner = lot._get_aftersales_owners()[lot]
            order = lot._get_aftersales_sales()[lot]
            found = {"lot_id": lot, "order_id": order, "partner_id": owner}
        else:
            found = {"partner_id": self._find_customer(contact)}
        return {name: record.id for name, record in found.items() if record}

    @api.model
    def _find_customer(self, contact):
        """The customer with a phone number or exact name; nobody when several have."""
        partners = self.env["res.partner"].sudo()
        if not contact:
            return partners
        digits = "".join(filter(str.isdigit, contact)).lstrip("0")
        domain = Domain("name", "=", contact)
        if len(digits) >= 7:
            # the last digits: with or without country code, trunk zero, dashes, blanks
            domain |= Domain("phone_sanitized", "=like", f"%{digits[-11:]}")
        company = Domain("company_id", "in", (False, self.env.company.id))
        found = partners.search(company & domain, limit=2)
        return found if len(found) == 1 else partners

    @api.model
    def _check_own_unit(self, serial, partner):
        """A serial number is no key to somebody else's contract.

        :param serial: what a customer entered
        :param partner: that customer
        :raise UserError: as if the number weren't known
        """
        units = self.env["stock.lot"].sudo().search([("name", "=", serial)])
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
            owner = lot._get_aftersales_owners().get(lot)
            known = self.order_id.partner_id or owner
            partner = known or self._find_customer(self.phone)
            vals |= {"partner_id": partner.id} if partner else {}
        return vals

    @api.depends("lot_id", "partner_id", "phone")
    def _compute_duplicate_ids(self):
        for request in self:
            known = {
                "lot_id": request.lot_id._origin.id,
                "partner_id": request.partner_id._origin.id,
                "phone": request.phone,
            }
            domain = Domain.OR(
                Domain(name, "=", value) for name, value in known.items() if value
            )
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

    # ------------------------------------------------------------------
    # E-mail
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """An e-mail becomes a request; missing facts are asked for (R-S01)."""
        body = html2plaintext(msg_dict.get("body") or "").strip()
        subject = (msg_dict.get("subject") or "").strip()
        text = "\n".join(filter(None, (subject, body)))[:LONGEST]
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        request = super().message_new(
            msg_dict | {"subject": ""},  # Odoo would name the request after it
            {
                "channel": "email",
                "problem": text or self.env._("(empty e-mail)"),
                "partner_id": author.id,
                "contact_name": author.name or msg_dict.get("email_from"),
                **(custom_values or {}),
            },
        )
        request._ask_missing(msg_dict.get("email_from"))
        return request

    def _ask_missing(self, email):
        """Reply with the facts that the register still needs."""
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        names = [
            self._fields[name]._description_string(env)
            for name in ("phone", "address", "product_id")
            if not self[name]
        ]
        if names:
            self.message_post(
                body=env._(
                    "We have registered your report as %(name)s. Please tell us, too:"
                    " %(facts)s",
                    name=self.name,
                    facts=", ".join(names),
                ),
                subject=self.name,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partner_id.ids,
                outgoing_email_to=False if self.partner_id else email,
                author_id=self.company_id.partner_id.id,
            )
