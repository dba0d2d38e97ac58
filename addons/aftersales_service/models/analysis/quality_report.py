from odoo import api, fields, models
from odoo.exceptions import UserError

from ...concurrency import retried_when_known
from ..act.declaration import act


class AftersalesQualityReport(models.Model):
    """The monthly quality report: one set of figures for PDF and spreadsheet (R-Q01).

    Until it is issued the figures follow the records; then they are frozen.
    """

    _name = "aftersales.quality.report"
    _description = "Monthly Quality Report"
    _inherit = ["aftersales.act.mixin", "aftersales.month.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _locked_states = ("issued",)

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Published")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    figures = fields.Json(
        readonly=True,
        copy=False,
        help="List of tables: title, columns, rows; the same for PDF and spreadsheet.",
    )
    figures_html = fields.Html(compute="_compute_figures_html", sanitize=False)
    conclusion = fields.Text(
        string="Conclusions and Measures", help="What follows from the figures."
    )
    issued_at = fields.Datetime(readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _month_uniq = models.Constraint(
        "UNIQUE (company_id, month)", "This month has its report already."
    )

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for report in self:
            month = report.month_name or ""
            report.display_name = self.env._("Quality report %s", month)

    @api.depends("figures")
    def _compute_figures_html(self):
        for report in self:
            report.figures_html = self.env["ir.qweb"]._render(
                "aftersales_service.quality_figures", {"doc": report}
            )

    def _get_lock_refusal(self):
        return self.env._("An issued report can't be changed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(report.state == "issued" for report in self):
            raise UserError(self.env._("An issued report isn't deleted."))

    @api.model
    @act("make_report", creates=True, access=None, role="supervisor")
    def make_report(self, month, ref=None):
        """Make or refresh the report of a month (R-Q01); an issued one stays.

        :param month: "YYYY-MM" or a date, not in the future
        :param ref: the caller's own reference of this act, for a retry
        :return: id of the report
        :raise UserError: no month, or in the future
        """
        company = self.env.company
        first = self._parse_month(month, company)
        domain = [("company_id", "=", company.id), ("month", "=", first)]
        with retried_when_known(self.env):
            report = self.search(domain) or self.sudo().create(  # rows are readonly
                {"company_id": company.id, "month": first}
            )
        report.filtered(lambda r: r.state == "draft")._count()
        return report.id

    def _count(self):
        for report in self:
            report.sudo().figures = report._collect_figures()  # readonly to clients

    @act("refresh", states=("draft",), access="read", role="supervisor")
    def action_refresh(self, ref=None):
        """Count again.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        self._count()

    @act(
        "issue",
        states=("draft",),
        to="issued",
        stamp="issued_at",
        access="read",
        role="supervisor",
    )
    def action_issue(self, ref=None):
        """Freeze the figures of a month that is over.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, issued_at)
        :raise UserError: the month isn't over, or it is issued already
        """
        for report in self:
            report._check_over(report.month, report.company_id)
        self._count()
        self.sudo().issued_by_id = self.env.user

    def action_export(self):
        """Download the figures as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/aftersales/quality/{self.id}/xlsx",
            "target": "download",
        }

    def _get_sheets(self):
        """The figures for a spreadsheet: list of (title, column titles, rows)."""
        self.ensure_one()
        return [
            (table["title"], table["columns"], table["rows"])
            for table in self.figures or []
        ]

    @api.model
    def _cron_make(self):
        """Prepare last month's report for every company."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            report = self.with_company(company)
            report.make_report(self._get_month(company, -1))
