from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.fields import Domain

# Where the records behind a criterion are:
#   date        field by which a record belongs to a month
#   owners      fields that name the person: hr.employee or res.users, one or several
#   department  field that names a department directly
#   value       field whose value gives the score; None: each record is a case
#   scores      value → score from 0 to 100
Source = namedtuple("Source", "model date domain owners department value scores")

SOURCES = {
    "csat": Source(
        "aftersales.feedback",
        "answered_at",
        [("csat", "!=", False)],
        ("employee_id",),
        None,
        "csat",
        lambda value: 20.0 * int(value),
    ),
    "promises": Source(
        "aftersales.sla.clock",
        "deadline",
        [("state", "in", ("met", "breached"))],
        ("user_id",),
        None,
        "state",
        lambda value: 100.0 * (value == "met"),
    ),
    "completeness": Source(
        "aftersales.request",
        "closed_at",
        [("state", "=", "closed")],
        ("employee_ids", "user_id"),
        None,
        "completeness",
        float,
    ),
    "complaint": Source(
        "aftersales.request",
        "closed_at",
        [("state", "=", "closed"), ("type", "=", "complaint")],
        ("responsible_employee_id",),
        "responsible_department_id",
        None,
        None,
    ),
    "return": Source(
        "aftersales.request",
        "closed_at",
        [("state", "=", "closed"), ("type", "in", ("return", "exchange"))],
        ("responsible_employee_id",),
        "responsible_department_id",
        None,
        None,
    ),
    "liability": Source(
        "aftersales.liability",
        "create_date",
        [("state", "!=", "waived")],
        ("responsible_employee_id",),
        "responsible_department_id",
        None,
        None,
    ),
}


class AftersalesAppraisalFacts(models.AbstractModel):
    """Finds what counts for people and departments in a month (R-K01, R-K02).

    The number of queries is constant: the database groups, nothing is asked for each
    employee.
    """

    _name = "aftersales.appraisal.facts"
    _description = "Facts of an Appraisal"

    @api.model
    def _collect(self, company, start, stop):
        """All facts of a company within a time.

        :param company: res.company
        :param start: naive UTC datetime, included
        :param stop: naive UTC datetime, excluded
        :return: pair of dicts, for employee ids and for department ids:
            id → code → record id → score (None where each record is a case)
        """
        people, departments = _nested(), _nested()
        for code, source in SOURCES.items():
            domain = self._get_source_domain(source, company, start, stop)
            for owner in source.owners:
                self._group(people, code, source, domain, owner, company)
            if source.department:
                self._group(departments, code, source, domain, source.department, None)
        return people, departments

    def _get_source_domain(self, source, company, start, stop):
        return (
            Domain(source.domain)
            & Domain("company_id", "=", company.id)
            & Domain(source.date, ">=", start)
            & Domain(source.date, "<", stop)
        )

    def _group(self, found, code, source, domain, owner, company):
        """Add the records of one owner field to ``found``."""
        # appraisals count what happened, not what their reader may open
        model = self.env[source.model].sudo()
        values = [source.value] if source.value else []
        groups = model._read_group(
            domain & Domain(owner, "!=", False), [owner, *values], ["id:array_agg"]
        )
        owners = self._get_owner_ids([group[0] for group in groups], company)
        for owner_record, *value, ids in groups:
            score = source.scores(value[0]) if value else None
            for owner_id in owners.get(owner_record.id, ()):
                found[owner_id][code].update(dict.fromkeys(ids, score))

    def _get_owner_ids(self, owners, company):
        """Ids of employees or departments behind the owners of records.

        :param owners: list of res.users, hr.employee or hr.department
        :param company: company of the employees; empty for departments
        :return: dict of owner id → ids
        """
        ids = {owner.id for owner in owners}
        if company is None:
            return {owner_id: (owner_id,) for owner_id in ids}
        by_user = bool(owners) and owners[0]._name == "res.users"
        field = "user_id" if by_user else "id"
        domain = [(field, "in", list(ids)), ("company_id", "in", (company.id, False))]
        # archived people worked in that month, too
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        result = defaultdict(list)
        for employee in employees.search(domain):
            result[employee[field].id if by_user else employee.id].append(employee.id)
        return result


def _nested():
    return defaultdict(lambda: defaultdict(dict))
