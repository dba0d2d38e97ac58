from odoo import api, fields, models
from odoo.fields import Domain

BRANCH, REGION = ("company_id", "team_id"), ("service_region_id",)


class AftersalesSlaClock(models.Model):
    """Is the standard the same in every branch office and region? (R-Q02)"""

    _inherit = "aftersales.sla.clock"

    service_region_id = fields.Many2one(
        related="partner_id.aftersales_region_id",
        help="Where the customer is now: cities and provinces that are looked after"
        " together (R-C09).",
    )

    @api.model
    def _get_attainment(self, domain, dimensions=BRANCH):
        """Promises kept and broken by branch or region (R-Q02).

        :param domain: which promises count
        :param dimensions: BRANCH (the team, else the company) or REGION; the last one
            that is known gives the name
        :return: list of dicts: name, kept, broken, attainment (percent), best first
        """
        decided = Domain("state", "in", ("met", "breached"))
        groups = self._read_group(
            Domain(domain) & decided, [*dimensions, "state"], ["__count"]
        )
        found = {}
        for *values, state, count in groups:
            row = found.setdefault(tuple(values), {"met": 0, "breached": 0})
            row[state] += count
        rows = [
            {
                "name": self._get_dimension_name(values),
                "kept": row["met"],
                "broken": row["breached"],
                "attainment": 100.0 * row["met"] / (row["met"] + row["breached"]),
            }
            for values, row in found.items()
        ]
        return sorted(rows, key=lambda row: -row["attainment"])

    def _get_dimension_name(self, values):
        known = [value.sudo().display_name for value in values if value]  # no secrets
        return known[-1] if known else self.env._("Unknown")
