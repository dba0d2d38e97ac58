from odoo import api, models
from odoo.fields import Domain


class AftersalesSlaClock(models.Model):
    """Is the standard the same in every branch office? (R-Q02)"""

    _inherit = "aftersales.sla.clock"

    @api.model
    def _get_attainment(self, domain):
        """Promises kept and broken by branch: the team, else the company (R-Q02).

        :param domain: which promises count
        :return: list of dicts: name, kept, broken, attainment (percent), best first
        """
        decided = Domain("state", "in", ("met", "breached"))
        groups = self._read_group(
            Domain(domain) & decided, ["company_id", "team_id", "state"], ["__count"]
        )
        found = {}
        for company, team, state, count in groups:
            row = found.setdefault((company, team), {"met": 0, "breached": 0})
            row[state] += count
        rows = [
            {
                "name": (team or company).sudo().display_name,  # names aren't secret
                "kept": row["met"],
                "broken": row["breached"],
                "attainment": 100.0 * row["met"] / (row["met"] + row["breached"]),
            }
            for (company, team), row in found.items()
        ]
        return sorted(rows, key=lambda row: -row["attainment"])
