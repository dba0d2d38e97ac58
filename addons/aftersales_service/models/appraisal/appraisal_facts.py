from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.fields import Domain


# Where the records behind a criterion are:
#   date        field by which a record belongs to a month
#   owners      fields that name the person: hr.employee or res.users, one or several
#   department  field that names a department directly
#   value       field whose value gives the score
#   scores      value → score from 0 to 100
#   case        field of the record that is one case; cases count by the share of it
class Source(
    namedtuple(
        "Source",
        "model date domain owners department value scores case",
        defaults=(None, None, None, None),
    )
):
    """Where the records of one criterion are and how they count."""

    @property
    def record_model(self):
        """Model of the records that an appraisal opens."""
        return "aftersales.request" if self.case else self.model


CLOSED = [("request_id.state", "=", "closed")]

SOURCES = {
    "csat": Source(
        "aftersales.feedback",
        "answered_at",
        [("csat", "!=", False)],
        ("employee_id",),
        value="csat",
        scores=lambda value: 20.0 * int(value),
    ),
    "promises": Source(
        "aftersales.sla.clock",
        "deadline",
        [("state", "in", ("met", "breached"))],
        ("employee_id", "user_id"),  # who is sent, and who takes care at the desk
        value="state",
        scores=lambda value: 100.0 * (value == "met"),
    ),
    "completeness": Source(
        "aftersales.request",
        "closed_at",
        [("state", "=", "closed")],
        ("employee_ids", "user_id"),
        value="completeness",
        scores=float,
    ),
    "complaint": Source(
        "aftersales.responsible",
        "request_id.closed_at",
        [*CLOSED, ("request_id.type", "=", "complaint")],
        ("employee_id",),
        "department_id",
        case="request_id",
    ),
    "return": Source(
        "aftersales.responsible",
        "request_id.closed_at",
        [*CLOSED, ("request_id.type", "in", ("return", "exchange"))],
        ("employee_id",),
        "department_id",
        case="request_id",
    ),
    "liability": Source(
        "aftersales.liability",
        "create_date",
        [("state", "!=", "waived")],
        ("responsible_employee_id",),
        "responsible_department_id",
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
            id → code → record id → score; of a case, the share of it (0 to 1)
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
        groups = self._read_groups(source, domain & Domain(owner, "!=", False), owner)
        owners = self._get_owner_ids([group[0] for group in groups], company)
        for owner_record, ids, score in groups:
            for owner_id in owners.get(owner_record.id, ()):
                found[owner_id][code].update(dict.fromkeys(ids, score))

    def _read_groups(self, source, domain, owner):
        """What the database groups: list of (owner record, record ids, score)."""
        # appraisals count what happened, not what their reader may open
        model = self.env[source.model].sudo()
        if source.case:
            groups = model._read_group(domain, [owner, source.case], ["share:sum"])
            return [(who, case.ids, share / 100) for who, case, share in groups]
        if source.value:
            groups = model._read_group(domain, [owner, source.value], ["id:array_agg"])
            return [(who, ids, source.scores(value)) for who, value, ids in groups]
        groups = model._read_group(domain, [owner], ["id:array_agg"])
        return [(who, ids, 1.0) for who, ids in groups]

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
