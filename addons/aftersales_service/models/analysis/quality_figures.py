from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain

from .fault_analysis import TYPES
from .sla_clock import BRANCH, REGION

TOP = 10  # lines of a Pareto in the report
SHARES = ["__count", "csat:count", "csat_share:avg", "nps:count", "nps_share:avg"]
PARETOS = ("cause_id", "product_id", "supplier_id", "region_id")


class AftersalesQualityReport(models.Model):
    """The figures of the monthly quality report, in the company's language."""

    _inherit = "aftersales.quality.report"

    def _collect_figures(self):
        """All tables of the report (R-Q01, R-Q02, R-C09, R-V12).

        :return: list of dicts: code, title, columns, rows of texts and numbers
        """
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        report = self.with_context(lang=lang)
        return [
            report._get_overview(),
            report._get_attainment("branches", report.env._("Branch"), BRANCH),
            report._get_attainment("regions", report.env._("Region"), REGION),
            *(report._get_pareto_table(dimension) for dimension in PARETOS),
            report._get_satisfaction("region_id"),
            report._get_satisfaction("employee_id"),
            report._get_audits(),
        ]

    def _within(self, field, months=0):
        """Domain of the month of the report, or of another one."""
        first = self.month + relativedelta(months=months)
        bounds = self._get_bounds(self.company_id, first)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain(field, ">=", bounds[0])
            & Domain(field, "<", bounds[1])
        )

    def _get_overview(self):
        """Figures of this month beside those of the month before."""
        now, before = self._get_key_figures(0), self._get_key_figures(-1)
        return {
            "code": "overview",
            "title": self.env._("Overview"),
            "columns": [
                self.env._("Figure"),
                self.env._("This month"),
                self.env._("Month before"),
            ],
            "rows": [[label, now[label], before[label]] for label in now],
        }

    def _get_key_figures(self, months):
        """dict of label → number or False."""
        env = self.env
        types = dict(
            env["aftersales.request"]._read_group(
                self._within("reported_at", months)
                & Domain("state", "!=", "cancelled"),
                ["type"],
                ["__count"],
            )
        )
        labels = dict(
            env["aftersales.fault.analysis"]._fields["type"]._description_selection(env)
        )
        clock, feedback = env["aftersales.sla.clock"], env["aftersales.feedback"]
        decided = Domain("state", "in", ("met", "breached"))
        [(kept, promises)] = clock._read_group(
            self._within("deadline", months) & decided,
            [],
            ["attainment:avg", "__count"],
        )
        [(answers, *shares)] = feedback._read_group(
            self._within("answered_at", months), [], SHARES
        )
        csat, nps = _get_shares(*shares)
        return {
            self.env._("Requests"): sum(types.values()),
            **{labels[code]: types.get(code, 0) for code, _label in TYPES},
            self.env._("Promises kept (%)"): _round(kept if promises else False),
            self.env._("Answers of customers"): answers,
            self.env._("Satisfied (%)"): _round(csat),
            self.env._("NPS"): _round(nps),
        }

    def _get_attainment(self, code, label, dimensions):
        rows = self.env["aftersales.sla.clock"]._get_attainment(
            self._within("deadline"), dimensions
        )
        return {
            "code": code,
            "title": self.env._("Promises kept by: %s", label),
            "columns": [
                label,
                self.env._("Kept"),
                self.env._("Broken"),
                self.env._("Kept (%)"),
            ],
            "rows": [
                [row["name"], row["kept"], row["broken"], _round(row["attainment"])]
                for row in rows
            ],
        }

    def _get_pareto_table(self, dimension):
        analysis = self.env["aftersales.fault.analysis"]
        label = analysis._fields[dimension]._description_string(self.env)
        rows = analysis._get_pareto(dimension, self._within("date"))
        return {
            "code": f"pareto_{dimension}",
            "title": self.env._("Cases by: %s", label),
            "columns": [
                label,
                self.env._("Cases"),
                self.env._("Share (%)"),
                self.env._("Cumulative (%)"),
            ],
            "rows": [
                [r["name"], r["count"], _round(r["share"]), _round(r["cumulative"])]
                for r in rows[:TOP]
            ],
        }

    def _get_satisfaction(self, dimension):
        feedback = self.env["aftersales.feedback"]
        label = feedback._fields[dimension]._description_string(self.env)
        groups = feedback._read_group(self._within("answered_at"), [dimension], SHARES)
        return {
            "code": f"satisfaction_{dimension}",
            "title": self.env._("Satisfaction by: %s", label),
            "columns": [
                label,
                self.env._("Answers"),
                self.env._("Satisfied (%)"),
                self.env._("NPS"),
            ],
            "rows": [
                [
                    value.sudo().display_name
                    or self.env._("Unknown"),  # names aren't secret
                    count,
                    *map(_round, _get_shares(*shares)),
                ]
                for value, count, *shares in groups
            ],
        }

    def _get_audits(self):
        groups = self.env["aftersales.audit"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month),
                ("state", "=", "done"),
            ],
            ["team_id"],
            ["__count", "score:avg"],
        )
        return {
            "code": "audits",
            "title": self.env._("Audits by team"),
            "columns": [
                self.env._("Team"),
                self.env._("Audited"),
                self.env._("Score (%)"),
            ],
            "rows": [
                [
                    team.sudo().display_name or self.env._("Unknown"),
                    count,
                    _round(score),
                ]
                for team, count, score in groups
            ],
        }


def _get_shares(csat_count, csat, nps_count, nps):
    """CSAT and NPS; False where nobody was asked (the ORM says 0)."""
    return csat if csat_count else False, nps if nps_count else False


def _round(value):
    """One decimal; False where nothing was counted: a program can't be sent None."""
    return False if value is None or value is False else round(value, 1)
