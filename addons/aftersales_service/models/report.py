from odoo import models
from odoo.exceptions import AccessError

OURS = "aftersales_"  # how the names of our addons, and so of our reports, begin


class IrActionsReport(models.Model):
    """Who prints one of our papers may read its record, whatever the way to it.

    Templates read more than their reader may (stock, badges, a balance), and Odoo's
    ``/report/…`` takes any ids of anybody who is logged in.
    """

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        self._check_reader(report, docids)
        return super()._get_rendering_context(report, docids, data)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # a stored PDF is answered without being rendered
        self._check_reader(self._get_report(report_ref), res_ids)
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)

    def _check_reader(self, report, record_ids):
        """Refuse who may not print a report of ours, or not read what it is about.

        :param report: the report (sudo)
        :param record_ids: ids of its records, or nothing
        """
        if self.env.su or not report.report_name.startswith(OURS):
            return
        groups = report.group_ids
        if groups and not groups & self.env.user.all_group_ids:
            raise AccessError(self.env._("“%s” isn't printed by you.", report.name))
        self.env[report.model].browse(record_ids or ()).check_access("read")

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Where no PDF printer is installed our papers travel as web pages."""
        if self.env.context.get("aftersales_page"):
            return self._render_qweb_html(report_ref, res_ids, data=data)
        return super()._render_qweb_pdf(report_ref, res_ids, data)
