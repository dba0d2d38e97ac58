from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.identity import serial_key
from odoo.addons.aftersales_service.tools import (
    find_readable,
    optional_text,
)

from .coverage import Fault, Terms, decide


def _are_texts(values):
    """Whether a client sent a list of texts that the database can look for."""
    return isinstance(values, list | tuple) and all(
        isinstance(value, str) and "\0" not in value for value in values
    )


class AftersalesWarrantyCard(models.Model):
    """Whether a fault is covered: terms and words around the pure function (R-W08)."""

    _inherit = "aftersales.warranty.card"

    def get_coverage(self, product_id=None, cause_code=None, on_date=None):
        """Whether a fault of this unit is covered, and why (R-W08).

        :param product_id: id of the faulty component; empty for the whole unit
        :param cause_code: code of the cause; misuse is never covered
        :param on_date: local date, empty for today
        :return: dict(decision, reason, until, clause, price_basis): decision is
            in_warranty, replace, chargeable or unknown; price_basis says what material
            costs the customer: free, cost (cost price; labour is free) or open
        :raise UserError: unknown cause or product, or not a date
        """
        self.ensure_one()
        self.check_access("read")
        fault = self._prepare_fault(self._get_cause(cause_code), self._to_day(on_date))
        product = find_readable(self.env["product.product"], product_id).sudo()
        if product_id and not product:
            raise UserError(self.env._("Unknown product: %s", product_id))
        return self.sudo()._get_answer(fault, product)

    @api.model
    def get_coverages(self, serials, cause_code=None, on_date=None):
        """The same for many units at once; only those that the caller may see.

        :param serials: list of serial numbers
        :return: dict of serial number, as it was given → dict as in ``get_coverage``
        :raise UserError: not a list, unknown cause, or not a date
        """
        if not _are_texts(serials):
            raise UserError(self.env._("Give a list of serial numbers."))
        serials = [serial for serial in serials if isinstance(serial, str)]
        lots = self.env["stock.lot"]
        lots = lots._aftersales_find(*serials, companies=self.env.companies)
        domain = [("lot_id", "in", lots.ids), ("is_serial", "=", True)]
        cards = self.search([*domain, ("is_void", "=", False)]).sudo()
        cause, day = self._get_cause(cause_code), on_date
        answers = {
            card.lot_id.aftersales_serial_key: card._get_answer(
                self._prepare_fault(cause, card._to_day(day))
            )
            for card in cards
        }
        keys = {serial: serial_key(serial) for serial in serials}
        return {s: answers[key] for s, key in keys.items() if key in answers}

    @api.model
    def _get_cause(self, code):
        """Cause by its code, archived ones too.

        :raise UserError: no such cause
        """
        code = optional_text(self.env, code, self.env._("Cause"))
        causes = self.env["aftersales.cause"].sudo().with_context(active_test=False)
        cause = causes.search([("code", "=", code)]) if code else causes
        if code and not cause:
            raise UserError(self.env._("Unknown cause: %s", code))
        return cause

    @api.model
    def _prepare_fault(self, cause, day, misuse=None, unrepairable=False):
        """What the pure function needs to know of a fault.

        :param cause: aftersales.cause, may be empty
        :param misuse: whether misuse is proven; None: as the cause says
        """
        human = bool(cause.warranty_misuse)
        return Fault(
            day=day,
            misuse=human if misuse is None else misuse,
            cause_known=bool(cause) and not human,
            exchange_cause=bool(cause.warranty_exchange),
            unrepairable=unrepairable,
        )

    def _get_answer(self, fault, product=None):
        """Decision with its words.

        :param product: faulty component; empty for the whole unit
        :return: dict as in ``get_coverage``
        """
        answer = decide(self._get_terms(product, fault.day), fault)
        return {
            "decision": answer.decision,
            "reason": self._get_reason(answer),
            "until": fields.Date.to_string(answer.until),
            "clause": answer.clause,
            "price_basis": answer.price_basis,
        }

    def _get_terms(self, product=None, day=None):
        """The terms of this card as plain dates."""
        rows = self.component_ids.filtered(lambda row: row.product_id == product)
        valid = rows.filtered(lambda row: row._is_valid_on(day))
        ends = (valid or rows).filtered("end_date").mapped("end_date")
        return Terms(
            start=self.start_date or None,
            unit_until=self.end_date or None,
            component_until=max(ends, default=None),
            repair_until=self.repair_until or None,
            exchange_until=self.exchange_until or None,
            life_until=self.service_life_until or None,
            void=self.is_void and not (self.ended_on and day <= self.ended_on),
        )

    def _get_reason(self, answer):
        """The reason in the reader's language."""
        until, env = answer.until, self.env
        words = {
            "void": lambda: env._("The card is void: %s", self.void_reason or ""),
            "not_started": lambda: env._("The warranty has not started yet."),
            "before_start": lambda: env._(
                "The warranty only started on %s.", self.start_date
            ),
            "misuse": lambda: env._("Caused by misuse."),
            "unit": lambda: env._("In warranty until %s.", until),
            "component": lambda: env._(
                "This component is in warranty until %s.", until
            ),
            "unrepairable": lambda: env._(
                "Can't be repaired, in warranty until %s: replaced free.", until
            ),
            "service_life": lambda: env._(
                "Can't be repaired within its service life (until %s): replaced free.",
                until,
            ),
            "exchange": lambda: env._(
                "Exchange is promised until %s for this cause.", until
            ),
            "repair": lambda: env._(
                "Free repair is promised until %s for product causes.", until
            ),
            "ended": lambda: env._("The warranty ended on %s.", until),
        }
        return words[answer.reason]()
