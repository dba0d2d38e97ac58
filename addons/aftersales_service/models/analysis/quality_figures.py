from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain

from .fault_analysis import TYPES

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
            report._get_branches(),
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
        _ = self.env._
        now, before = self._get_key_figures(0), self._get_key_figures(-1)
        return {
            "code": "overview",
            "title": _("Overview"),
            "columns": [_("Figure"), _("This month"), _("Month before")],
            "rows": [[label, now[label], before[label]] for label in now],
        }

    def _get_key_figures(self, months):
        """dict of label → number or None."""
        _, env = self.env._, self.env
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
            _("Requests"): sum(types.values()),
            **{labels[code]: types.get(code, 0) for code, _label in TYPES},
            _("Promises kept (%)"): _round(kept if promises else None),
            _("Answers of customers"): answers,
            _("Satisfied (%)"): _round(csat),
            _("NPS"): _round(nps),
        }

    def _get_branches(self):
        _ = self.env._
        rows = self.env["aftersales.sla.clock"]._get_attainment(
            self._within("deadline")
        )
        return {
            "code": "branches",
            "title": _("Promises kept by branch"),
            "columns": [_("Branch"), _("Kept"), _("Broken"), _("Kept (%)")],
            "rows": [
                [row["name"], row["kept"], row["broken"], _round(row["attainment"])]
                for row in rows
            ],
        }

    def _get_pareto_table(self, dimension):
        _ = self.env._
        analysis = self.env["aftersales.fault.analysis"]
        label = analysis._fields[dimension]._description_string(self.env)
        rows = analysis._get_pareto(dimension, self._within("date"))
        return {
            "code": f"pareto_{dimension}",
            "title": _("Cases by: %s", label),
            "columns": [label, _("Cases"), _("Share (%)"), _("Cumulative (%)")],
            "rows": [
                [r["name"], r["count"], _round(r["share"]), _round(r["cumulative"])]
                for r in rows[:TOP]
            ],
        }

    def _get_satisfaction(self, dimension):
        _ = self.env._
        feedback = self.env["aftersales.feedback"]
        label = feedback._fields[dimension]._description_string(self.env)
        groups = feedback._read_group(self._within("answered_at"), [dimension], SHARES)
        return {
            "code": f"satisfaction_{dimension}",
            "title": _("Satisfaction by: %s", label),
            "columns": [label, _("Answers"), _("Satisfied (%)"), _("NPS")],
            "rows": [
                [
                    value.sudo().display_name or _("Unknown"),  # names aren't secret
                    count,
                    *map(_round, _get_shares(*shares)),
                ]
                for value, count, *shares in groups
            ],
        }

    def _get_audits(self):
        _ = self.env._
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
            "title": _("Audits by team"),
            "columns": [_("Team"), _("Audited"), _("Score (%)")],
            "rows": [
                [team.sudo().display_name or _("Unknown"), count, _round(score)]
                for team, count, score in groups
            ],
        }


def _get_shares(csat_count, csat, nps_count, nps):
    """CSAT and NPS; None where nobody was asked (the ORM says 0)."""
    return csat if csat_count else None, nps if nps_count else None


def _round(value):
    """One decimal; None where nothing was counted."""
    return None if value is None else round(value, 1)
