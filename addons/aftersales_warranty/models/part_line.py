from odoo import api, fields, models

from odoo.addons.aftersales_service.identity import serial_key


class AftersalesPartLine(models.Model):
    """Parts follow the card: who pays, and what is fitted from now on."""

    _inherit = "aftersales.part.line"

    @api.depends(
        "request_id.warranty_card_id",
        "request_id.check_misuse",
        "request_id.cause_id",
        "request_id.unrepairable",
    )
    def _compute_terms(self):
        return super()._compute_terms()

    def _get_part_terms(self):
        """A key component has its own term; small fittings are free (R-P09, R-W09)."""
        result = super()._get_part_terms()
        # whoever works with parts needs the answer, not the card
        for line in self.sudo().filtered(lambda x: x.request_id.warranty_card_id):
            own = line.with_env(self.env)
            result[own] = line._refine_terms(*result[own], lang=self.env.lang)
        return result

    def _refine_terms(self, coverage, price, reason, lang):
        """What the card changes about the terms that follow from the request.

        :return: (coverage, price per unit, translated reason)
        """
        request = self.request_id
        card = request.warranty_card_id.with_context(lang=lang)
        own_term = self.product_id in card.component_ids.product_id
        decided = coverage == "at_our_cost" or request.override_coverage
        if own_term and not decided and self.kind != "gift":
            answer = card._get_answer(request._prepare_fault(), self.product_id)
            coverage, reason = answer["decision"], answer["reason"]
            cost = self.product_id.with_company(self.company_id).standard_price
            price = cost if answer["price_basis"] == "cost" else 0.0
        if 0 < price <= card.small_fitting_limit:
            return coverage, 0.0, card.env._("Small fittings are free")
        return coverage, price, reason

    # ------------------------------------------------------------------
    # Fitted
    # ------------------------------------------------------------------

    def _on_used(self):
        """The stock move that fits a part writes it into the card (R-W03)."""
        result = super()._on_used()
        for line in self.sudo():  # technicians fit parts, but may not write cards
            card = line._get_unit_card()
            if card and line._is_component():
                card._fit(line)
        return result

    def _get_unit_card(self):
        """The card that has started of the unit the part was fitted in."""
        card = self.request_id.warranty_card_id or self.visit_id.lot_ids[
            :1
        ].warranty_card_ids.filtered(lambda c: not c.is_void)
        return card.filtered(lambda c: c.start_date and not c.is_void)[:1]

    def _is_component(self):
        """Whether the part gets a term of its own; fittings and gifts don't."""
        product = self.product_id
        return (
            self.kind == "replacement"
            and not product.warranty_excluded
            and product.categ_id.aftersales_store != "fitting"
        )


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    def _fit(self, line):
        """Write the fitted pieces of a part line that aren't in the card yet (R-W03).

        The old part's line is closed; a part that was on no line gets one.

        :param line: aftersales.part.line
        """
        known = self.env["aftersales.warranty.component"].search(
            [("part_line_id", "=", line.id)]
        )
        left = line.used_qty - sum(known.mapped("quantity"))
        day, reason = self._get_today(), line.request_id.name
        new = {"lot": line.lot_id, "part_line": line, "reason": reason}
        while left > 0:
            old = self._find_fitted(line)
            if not old or left < 1:
                return self._add_component(line.product_id, left, day, **new)
            if not old.lot_name:
                old.lot_name = line.replaced_lot_name
            self._replace(old, line.product_id, day, **new)
            left -= 1
        return None

    def _find_fitted(self, line):
        """The component that a part takes the place of: by number, else by product."""
        fitted = self.component_ids.filtered(
            lambda row: not row.closed_on and row.part_line_id != line
        )
        key = serial_key(line.replaced_lot_name or line.replaced_lot_id.name)
        return (
            fitted.filtered(lambda row: key and serial_key(row.lot_name) == key)[:1]
            or fitted.filtered(
                lambda row: row.product_id == line.product_id and not row.lot_name
            )[:1]
            or fitted.filtered(lambda row: row.product_id == line.product_id)[:1]
        )

    def _add_component(self, product, quantity, day, lot, part_line, reason):
        """A replaced part that was no key component: covered from now on (R-W03)."""
        self.env["aftersales.warranty.component"].create(
            {
                "card_id": self.id,
                "product_id": product.id,
                "quantity": quantity,
                "lot_id": lot.id,
                "lot_name": lot.name,
                "months": self.policy_id._get_component_months(product),
                "start_date": day,
                "part_line_id": part_line.id,
            }
        )
        what = ": ".join(filter(None, (product.display_name, lot.name, reason)))
        events = self.env["aftersales.warranty.event"]
        return events._log(self, "component_replaced", what)


class AftersalesWarrantyComponent(models.Model):
    _inherit = "aftersales.warranty.component"

    part_line_id = fields.Many2one(
        "aftersales.part.line",
        string="Fitted By",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
