from collections import Counter

from odoo import fields, models

HISTORY = 200  # earlier requests looked at
SHOWN = 5  # parts proposed


class AftersalesRequest(models.Model):
    """What to bring along, learnt from earlier repairs (R-S18)."""

    _inherit = "aftersales.request"

    suggested_part_ids = fields.Many2many(
        "product.product",
        string="Bring Along",
        compute="_compute_suggested_part_ids",
        help="Parts used most often for this product, first those for alike symptoms.",
    )

    def _compute_suggested_part_ids(self):
        for request in self:
            request.suggested_part_ids = request._get_suggested_parts()

    def _get_suggested_parts(self):
        """Parts of earlier repairs of the product, the likeliest first."""
        costs = self.env["aftersales.request.cost"].sudo()  # history of all technicians
        domain = [
            ("kind", "=", "parts"),
            ("product_id", "!=", False),
            ("request_id.product_id", "=", self.product_id.id),
            ("request_id.company_id", "=", self.company_id.id),
            ("request_id", "!=", self._origin.id),
        ]
        found = costs.search(domain, order="id desc", limit=HISTORY)
        alike, times = Counter(), Counter()
        for cost in found if self.product_id else ():
            part = cost.product_id
            times[part] += 1
            alike[part] = max(alike[part], self._get_likeness(cost.request_id))
        parts = sorted(times, key=lambda part: (-alike[part], -times[part]))
        return costs.product_id.union(*parts[:SHOWN])

    def _get_likeness(self, other):
        """Pairs of neighbouring characters that two descriptions have in common."""
        return len(self._get_pairs() & other._get_pairs())

    def _get_pairs(self):
        text = f"{self.problem or ''} {self.symptom or ''}"
        return {a + b for a, b in zip(text, text[1:], strict=False) if a != " " != b}
