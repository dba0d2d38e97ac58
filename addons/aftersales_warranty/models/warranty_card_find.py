from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.tools import require_text

MISUSE = "misuse"


class AftersalesWarrantyCard(models.Model):
    """Questions that people and programs ask a warranty card."""

    _inherit = "aftersales.warranty.card"

    @api.model
    def find(self, serial=None, phone=None, order=None):
        """Look cards up (R-W12); only those that the caller may see.

        :param serial: serial number of the unit
        :param phone: phone of the customer, as written or digits only
        :param order: name of the sales order
        :return: list of dicts (id, name, serial, product, partner, order, start_date,
            end_date, state)
        :raise UserError: nothing to look for
        """
        if not (serial or phone or order):
            raise UserError(self.env._("Give a serial number, a phone or an order."))
        domain = []
        if serial:
            # guides don't read units, but may look a number up
            lots = self.env["stock.lot"].sudo().search([("name", "=", serial)])
            domain.append(("lot_id", "in", lots.ids))
        if order:
            domain.append(("order_id.name", "=", order))
        if phone:
            domain.append(("partner_id", "in", self._find_partners(phone).ids))
        return [card._get_facts() for card in self.search(domain)]

    def _find_partners(self, phone):
        """Customers with this phone, and those they belong to."""
        partners = self.env["res.partner"].search([("phone", "=", phone)])
        digits = "".join(filter(str.isdigit, phone))
        if not partners and len(digits) >= 7:
            pattern = "%".join(digits[-11:])
            partners = partners.search([("phone", "=like", f"%{pattern}")])
        return partners | partners.commercial_partner_id

    def _get_facts(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "serial": self.sudo().lot_id.name or "",
            "product": self.product_id.display_name,
            "partner": self.partner_id.display_name,
            "order": self.order_id.name or "",
            "start_date": fields.Date.to_string(self.start_date),
            "end_date": fields.Date.to_string(self.end_date),
            "state": self.state,
        }

    def get_coverage(self, product_id=None, cause_code=None, on_date=None):
        """Whether a fault of this unit is covered, and why (R-W08).

        :param product_id: id of the faulty component; empty for the whole unit
        :param cause_code: code of the cause; misuse is never covered
        :param on_date: local date, empty for today
        :return: dict(decision, reason, until, clause)
        """
        self.ensure_one()
        self.check_access("read")
        day = fields.Date.to_date(on_date) or self._get_today()
        until, clause = self._get_term(product_id, day)
        if self.is_void or not self.start_date:
            decision, reason = "unknown", self.env._("The card is not active.")
        elif cause_code == MISUSE:
            decision, reason = "chargeable", self.env._("Caused by misuse.")
        elif self.start_date <= day <= until:
            decision = "in_warranty"
            reason = self.env._("In warranty until %s.", until)
        else:
            decision = "chargeable"
            reason = self.env._("The warranty ended on %s.", until)
        return {
            "decision": decision,
            "reason": reason,
            "until": fields.Date.to_string(until),
            "clause": clause,
        }

    def _get_term(self, product_id, day):
        """Last day that counts: the component's own term when it is longer."""
        parts = self.component_ids.filtered(
            lambda part: part.product_id.id == product_id and not part.closed_on
        )
        ends = [end for end in parts.mapped("end_date") if end]
        until = max([*ends, self.end_date] if self.end_date else ends, default=False)
        return until, "R-W01"

    def replace_component(self, component_id, product_id, lot_name=None, on_date=None):
        """A replaced part gets a full new term from that day (R-W03).

        :param component_id: id of the component that was taken out
        :param product_id: id of the product that was fitted
        :param lot_name: number on the new part
        :param on_date: local date, empty for today
        :return: dict(id, start_date, end_date) of the new component
        :raise UserError: not a component of this card, replaced already, or a date
            that can't be
        """
        self.ensure_one()
        self.check_access("write")
        old = self.component_ids.filtered(lambda part: part.id == component_id)
        product = self.env["product.product"].browse(product_id).exists()
        day = fields.Date.to_date(on_date) or self._get_today()
        self._check_replacement(old, product, day)
        months = self.policy_id._get_component_months(product)
        new = old.sudo().create(
            {
                "card_id": self.id,
                "product_id": product.id,
                "lot_name": lot_name or False,
                "months": max(months, old.months)
                if product == old.product_id
                else months,
                "start_date": day,
            }
        )
        old.sudo().write({"closed_on": day, "replaced_by_id": new.id})
        return {
            "id": new.id,
            "start_date": fields.Date.to_string(new.start_date),
            "end_date": fields.Date.to_string(new.end_date),
        }

    def _check_replacement(self, old, product, day):
        if not old or old.closed_on:
            raise UserError(self.env._("This component is not fitted in the unit."))
        if not product:
            raise UserError(self.env._("Choose the product that was fitted."))
        if not self.start_date or not self.start_date <= day <= self._get_today():
            raise UserError(
                self.env._("%s is not between the start of the card and today.", day)
            )

    def action_void(self, reason):
        """The card is not valid any more; its history stays (R-W14).

        :param reason: why; required
        :return: dict as in ``find``
        """
        self.check_access("write")
        reason = require_text(self.env, reason, self.env._("Reason"))
        cards = self.sudo()  # the mark is readonly to clients
        cards.write({"is_void": True})
        for card in cards:
            card._message_log(body=self.env._("Void: %s", reason))
        return self[-1:]._get_facts()
