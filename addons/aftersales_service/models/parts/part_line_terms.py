from odoo import api, fields, models

from ..request.request_coverage import COVERAGE


class AftersalesPartLine(models.Model):
    """Who pays for a part: it follows coverage (R-P09, R-W09)."""

    _inherit = "aftersales.part.line"

    coverage = fields.Selection(COVERAGE, compute="_compute_terms", store=True)
    unit_price = fields.Monetary(compute="_compute_terms", store=True, portal=True)
    coverage_reason = fields.Char(compute="_compute_terms", store=True)

    @api.depends("product_id", "quantity", "kind", "request_id.coverage")
    def _compute_terms(self):
        """Charged or free follows coverage; what was quoted stays (R-P09)."""
        for line, terms in self._get_part_terms().items():
            if line._is_quoted():
                terms = (line.coverage, line.unit_price, line.coverage_reason)
            line.coverage, line.unit_price, line.coverage_reason = terms

    def _is_quoted(self):
        return self.sale_line_id and self.sale_line_id.state != "cancel"

    def _get_part_terms(self):
        """Who pays for these parts (R-P09, R-W09); the warranty addon overrides it.

        In warranty and at our cost a part is free. Otherwise the customer pays the
        material at cost price; small fittings are free.

        :return: dict of line → (coverage, price per unit in the company's currency,
            translated reason)
        """
        return {line: line._get_terms() for line in self}

    def _get_terms(self):
        if self.kind == "gift":
            return "at_our_cost", 0.0, self.env._("Gift")
        request = self.request_id
        coverage = request.coverage or "unknown"
        reason = request.coverage_reason or ""
        if coverage == "unknown" and request.type == "supply":
            # supplied for life, at material cost (R-W11)
            coverage = "chargeable"
            reason = self.env._("Parts are supplied for life at material cost")
        if coverage != "chargeable" or self.is_drawing:
            return coverage, 0.0, reason
        if self.product_id.categ_id.aftersales_store == "fitting":
            return coverage, 0.0, self.env._("Small fittings are free")
        # the customer's price is our cost, which technicians don't read
        product = self.product_id.sudo().with_company(self.company_id)
        return coverage, product.standard_price, reason
