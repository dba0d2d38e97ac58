from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class AftersalesWarrantyCard(models.Model):
    """The state follows the calendar of the company by itself (R-W13)."""

    _inherit = "aftersales.warranty.card"

    @api.model
    def _get_local_days(self):
        """Today in every company: dict of local date → companies (at most three)."""
        # every company has its day; few of them, and their zones are cached
        both = [("active", "in", [True, False])]
        companies = self.env["res.company"].sudo()
        companies = companies.search_fetch(both, ["aftersales_tz"])
        return companies.grouped(lambda c: c._aftersales_now_local().date())

    def _get_today(self):
        company = self.company_id[:1] or self.env.company
        return company._aftersales_now_local().date()

    @api.model
    def _get_daily_domain(self, get_domain):
        """Domain that counts each company's own today.

        :param get_domain: function of a local date → domain
        """
        days = self._get_local_days()
        if len(days) == 1:
            return get_domain(*days)
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & get_domain(today)
            for today, companies in days.items()
        )

    @api.depends("start_date", "end_date", "expiring_from", "is_void")
    def _compute_state(self):
        days = self._get_local_days()
        today_of = {company: day for day, group in days.items() for company in group}
        for card in self:
            today = today_of.get(card.company_id)
            if card.is_void:
                card.state = "void"
            elif not card.start_date:
                card.state = "draft"
            elif card.end_date < today:
                card.state = "expired"
            else:
                card.state = "expiring" if card.expiring_from <= today else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_daily_domain(lambda today: _states_domain(value, today))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Group and sort by the state of today."""
        if field_expr != "state":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "CASE WHEN %(void)s THEN 'void' WHEN %(start)s IS NULL THEN 'draft'"
            " WHEN %(end)s < %(today)s THEN 'expired'"
            " WHEN %(warn)s <= %(today)s THEN 'expiring' ELSE 'active' END",
            void=self._field_to_sql(alias, "is_void", query),
            start=self._field_to_sql(alias, "start_date", query),
            end=self._field_to_sql(alias, "end_date", query),
            warn=self._field_to_sql(alias, "expiring_from", query),
            today=self._get_today_sql(alias, query),
        )

    def _get_today_sql(self, alias, query):
        company = self._field_to_sql(alias, "company_id", query)
        cases = (
            SQL("WHEN %s IN %s THEN %s::date", company, tuple(companies.ids), today)
            for today, companies in self._get_local_days().items()
        )
        return SQL("CASE %s END", SQL(" ").join(cases))


def _states_domain(states, today):
    """Domain of cards that are in one of some states on a local date."""
    valid = Domain("is_void", "!=", True)
    running = valid & Domain("end_date", ">=", today)
    domains = {
        "void": Domain("is_void", "=", True),
        "draft": valid & Domain("start_date", "=", False),
        "expired": valid & Domain("end_date", "<", today),
        "expiring": running & Domain("expiring_from", "<=", today),
        "active": running & Domain("expiring_from", ">", today),
    }
    return Domain.OR(domains[state] for state in states if state in domains)
