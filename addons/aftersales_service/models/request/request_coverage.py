from odoo import fields, models

COVERAGE = [
    ("unknown", "Unknown"),
    ("in_warranty", "In Warranty"),
    ("replace", "Replace Free"),
    ("chargeable", "Chargeable"),
    ("at_our_cost", "At Our Cost"),
]


class AftersalesRequest(models.Model):
    """Who pays: the warranty says, a broken promise overrules it (R-W08, R-S10)."""

    _inherit = "aftersales.request"

    coverage = fields.Selection(
        COVERAGE,
        default="unknown",
        required=True,
        readonly=True,
        tracking=True,
        portal=True,
    )
    coverage_reason = fields.Char(readonly=True)
    warranty_coverage = fields.Selection(
        COVERAGE,
        string="Warranty Says",
        default="unknown",
        readonly=True,
        help="Whatever a broken promise put at our cost; it decides which promises are"
        " made (R-S11).",
    )

    def _get_coverage(self):
        """Whether these requests are covered; other addons decide (R-W08).

        :return: dict of request → (coverage, translated reason)
        """
        return {request: ("unknown", "") for request in self}

    def _set_coverage(self):
        """Decide anew; what a broken promise put at our cost stays so (R-S10).

        :return: the requests of which the warranty says something else than before
        """
        changed = self.browse()
        for request, (coverage, reason) in self._get_coverage().items():
            vals = {}
            if request.warranty_coverage != coverage:
                vals["warranty_coverage"] = coverage
                changed += request
            if request.coverage not in ("at_our_cost", coverage):
                vals |= {"coverage": coverage, "coverage_reason": reason}
            if vals:
                # readonly to clients: it follows from the warranty
                request.sudo().write(vals)
        return changed
