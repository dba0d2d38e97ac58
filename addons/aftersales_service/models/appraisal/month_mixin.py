from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesMonthMixin(models.AbstractModel):
    """What belongs to a month of a company, counted in its time zone."""

    _name = "aftersales.month.mixin"
    _description = "Belongs to a Month"

    month = fields.Date(
        required=True, readonly=True, index=True, help="First day of the month."
    )
    month_name = fields.Char(string="Year and Month", compute="_compute_month_name")

    @api.depends("month")
    def _compute_month_name(self):
        for record in self:
            record.month_name = record.month and f"{record.month:%Y-%m}"

    @api.model
    def _get_month(self, company, months=0):
        """First day of the current month in the company's time zone, or of others."""
        today = company._aftersales_now_local().date()
        return today.replace(day=1) + relativedelta(months=months)

    @api.model
    def _get_default_month(self):
        """Last month, the default of the dialogs."""
        return self._get_month(self.env.company, -1)

    @api.model
    def _parse_month(self, month, company):
        """First day of a month; refuses what is none or lies ahead.

        :param month: date or text, "2026-10" or "2026-10-01"
        :raise UserError: no month, or in the future
        """
        try:
            text = str(month or "")
            first = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
            first = first.replace(day=1)
        except ValueError:
            raise UserError(
                self.env._("“%s” is not a month (YYYY-MM).", month)
            ) from None
        if first > self._get_month(company):
            raise UserError(self.env._("%s is in the future.", f"{first:%Y-%m}"))
        return first

    @api.model
    def _check_over(self, month, company):
        """Refuse a month that still runs.

        :raise UserError: the month isn't over
        """
        if month >= self._get_month(company):
            raise UserError(self.env._("%s isn't over.", f"{month:%Y-%m}"))

    @api.model
    def _get_bounds(self, company, month):
        """Naive UTC moments between which a month lies in the company's time zone."""
        return (
            company._aftersales_at(month),
            company._aftersales_at(month + relativedelta(months=1)),
        )
