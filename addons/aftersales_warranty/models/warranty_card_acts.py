from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import find_given, require_text

from .warranty_card import COPIED_TERMS

STARTED = ("active", "expiring", "expired")
VALID = ("draft", *STARTED)
LONGEST_EXTENSION = 120  # months


class AftersalesWarrantyCard(models.Model):
    """What happens to a card in its life; each act leaves its row of history."""

    _inherit = "aftersales.warranty.card"

    # ------------------------------------------------------------------
    # Start
    # ------------------------------------------------------------------

    def _activate(self, day, source="acceptance", reason=None):
        """The warranty begins (R-A04).

        :param day: local date, the first of the term
        :param source: what started it, see ``start_source``
        :param reason: translated text kept on the card
        :return: the cards that began
        """
        draft = self.filtered(lambda card: not card.start_date and not card.is_void)
        reason = reason or self.env._("Signed acceptance")
        draft.write({"start_date": day, "start_source": source, "start_reason": reason})
        draft.component_ids.write({"start_date": day})
        self.env["aftersales.warranty.event"]._log(draft, "activated", reason)
        draft._follow_plans()
        return draft

    def _take_quantity(self, quantity):
        """Set apart so many of goods without numbers.

        :param quantity: accepted, in the product's unit
        :return: dict of the cards that hold them → how many more they held
        """
        rests = {}
        for card in self.sorted("id"):
            taken = min(quantity, card.quantity)
            quantity -= taken
            if taken:
                rests[card] = card.quantity - taken
            if taken and rests[card]:
                card._set_quantity(taken)
        return rests

    def _copy_waiting(self, quantity):
        """A card of goods that were delivered with these and aren't accepted yet."""
        rows = self.component_ids.filtered(lambda row: not row.closed_on)
        share = quantity / self.quantity
        return self.copy(
            {
                "quantity": quantity,
                "start_date": False,
                "start_source": False,
                "start_reason": False,
                "component_ids": [
                    Command.create(
                        {
                            "product_id": row.product_id.id,
                            "months": row.months,
                            "quantity": row.quantity * share,
                        }
                    )
                    for row in rows
                ],
            }
        )

    # ------------------------------------------------------------------
    # Public acts
    # ------------------------------------------------------------------

    @act("void", states=VALID, role="supervisor", access="read")
    def action_void(self, reason, ref=None):
        """The card is not valid any more; its history stays (R-W14).

        :param reason: why; required; only a supervisor may
        :param ref: the caller's own reference of this act, for a retry
        :return: dict as in ``find``
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.sudo()._end("void", reason)
        return self[-1:]._get_facts()

    @act("transfer", states=VALID, role="user", access="read")
    def action_transfer(self, partner_id, reason, ref=None):
        """The units belong to somebody else from now on (R-W14).

        The former owner's links end; the code on the unit stays.

        :param partner_id: id of the new owner
        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict as in ``find``
        :raise UserError: unknown or present owner, or a card is void
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        partner = find_given(self.env["res.partner"], partner_id)
        if not partner:
            raise UserError(self.env._("Unknown customer: %s", partner_id))
        partner.check_access("read")
        cards = self.sudo()
        for card in cards:
            card._check_new_owner(partner)
        self.env["aftersales.warranty.event"]._log(
            cards,
            "transferred",
            lambda card: self.env._(
                "From %(old)s to %(new)s: %(reason)s",
                old=card.partner_id.display_name,
                new=partner.display_name,
                reason=reason,
            ),
        )
        cards.message_unsubscribe(cards.partner_id.ids)
        cards.write({"partner_id": partner.id, "access_token": False})
        return self[-1:]._get_facts()

    def _check_new_owner(self, partner):
        if partner == self.partner_id:
            raise UserError(
                self.env._(
                    "%(card)s belongs to %(owner)s already.",
                    card=self.name,
                    owner=partner.display_name,
                )
            )
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(
                self.env._("%s is a customer of another company.", partner.display_name)
            )

    @act("extend", states=STARTED, role="supervisor", access="read")
    def action_extend(self, months, reason, ref=None):
        """Lengthen the warranty of the whole unit, as goodwill (R-W05).

        :param months: 1 to 120
        :param reason: why; required; only a supervisor may
        :param ref: the caller's own reference of this act, for a retry
        :return: dict as in ``find``
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        if type(months) is not int or not 0 < months <= LONGEST_EXTENSION:
            raise UserError(self.env._("An extension lasts 1 to 120 months."))
        self.sudo()._extend(months, reason)
        return self[-1:]._get_facts()

    def _extend(self, months, reason, maintenance=None):
        """Add time and say why.

        :param maintenance: failed final maintenance that led to it
        """
        self.env["aftersales.warranty.extension"].sudo().create(
            [
                {
                    "card_id": card.id,
                    "months": months,
                    "reason": reason,
                    "date": card._get_today(),
                    "maintenance_id": maintenance and maintenance.id,
                }
                for card in self
            ]
        )
        self.env["aftersales.warranty.event"]._log(
            self,
            "extended",
            lambda card: self.env._(
                "%(months)s months, until %(end)s: %(reason)s",
                months=months,
                end=card.end_date,
                reason=reason,
            ),
        )
        self._follow_plans()

    # ------------------------------------------------------------------
    # Another unit
    # ------------------------------------------------------------------

    @api.model
    def _exchange(self, old_lot, new_lot, day, reason):
        """Another unit takes the place of one: the rest of its term, or a full new
        one, as the policy said when the card was made (R-W14).

        :param old_lot: stock.lot that came back
        :param new_lot: stock.lot that the customer has now
        :param day: local date of the exchange
        :param reason: translated text
        :return: the card of the new unit; empty where the old one had none
        """
        cards = self.sudo()  # whoever exchanges may not write cards
        old = cards.search([("lot_id", "=", old_lot.id)]).sorted("is_void")[:1]
        new = cards.search([("lot_id", "=", new_lot.id), ("is_void", "=", False)])
        if not old or old.replaced_by_id or not new_lot:
            return new
        ended_by_return = old.is_void
        old._end("exchanged", reason)
        if ended_by_return:
            old.void_reason = reason
            self.env["aftersales.warranty.event"]._log(old, "exchanged", reason)
        new = new or cards.create(old._prepare_exchange_vals(new_lot, day))
        old.replaced_by_id = new
        new._take_over(old, day, reason)
        return new

    def _prepare_exchange_vals(self, lot, day):
        """Values of the card of a unit that no delivery of an order brought."""
        policy, line = self.policy_id, self.order_line_id
        vals = self._prepare_card_vals(line, lot.product_id, policy, lot, 1)
        vals |= self._prepare_delivery_vals(self.company_id, day)
        parts = lot.product_id._get_key_components(self.company_id)
        return vals | {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "component_ids": [
                Command.create(part)
                for part in self._prepare_components(vals, policy, parts)
            ],
        }

    def _take_over(self, old, day, reason):
        """The new unit's terms: those promised for the old one."""
        terms = {name: old[name] for name in COPIED_TERMS}
        self.write({"partner_id": old.partner_id.id, **terms})
        if not old.start_date:
            return
        full = old.exchange_term == "full"
        self._activate(day if full else old.start_date, "exchange", reason)
        if not full:
            for extension in old.extension_ids:
                extension.copy({"card_id": self.id})
        self.env["aftersales.warranty.event"]._log(
            self, "exchanged", self.env._("Takes the place of %s", old.name)
        )

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
