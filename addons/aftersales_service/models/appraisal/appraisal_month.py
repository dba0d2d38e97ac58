from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...concurrency import retried_when_known
from ...tools import find_records
from ..act.declaration import act
from .appraisal_weight import CRITERIA

BATCH = 100  # appraisals created between two commits


class AftersalesAppraisal(models.Model):
    """Counting a month: by hand, by other programs, by itself on the first day."""

    _inherit = "aftersales.appraisal"

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    @api.model
    @act("appraise", creates=True, access=None, role="supervisor")
    def appraise(self, month, employee_ids=None, ref=None):
        """Count a month for people and departments; closed rows stay (R-K01).

        :param month: "YYYY-MM" or a date; the current one is provisional
        :param employee_ids: only these employees, without departments; by default all
            with something recorded, and all technicians
        :param ref: the caller's own reference of this act, for a retry
        :return: list of ids of the appraisals
        :raise UserError: no month, in the future, unknown or foreign employees
        """
        company = self.env.company
        month = self._parse_month(month, company)
        facts = self.env["aftersales.appraisal.facts"]._collect(
            company, *self._get_bounds(company, month)
        )
        if employee_ids not in (None, False):
            keys = {"employee": self._check_employees(employee_ids, company).ids}
        else:
            keys = self._get_subjects(company, facts)
        appraisals = self.sudo()._ensure(company, month, keys)  # readonly to clients
        appraisals.filtered(lambda a: a.state == "draft")._fill(company, month, facts)
        return appraisals.ids

    def _check_employees(self, employee_ids, company):
        # archived people may be appraised, too
        employees = self.env["hr.employee"].sudo()
        employees = find_records(employees, employee_ids, self.env._("Employees"))
        foreign = employees.filtered(lambda e: e.company_id and e.company_id != company)
        if foreign:
            raise UserError(
                self.env._("%s works for another company.", foreign[0].name)
            )
        return employees

    @api.model
    def _get_subjects(self, company, facts):
        """Whom a month is counted for: with records, or technicians of the company.

        :param facts: result of ``_collect``
        :return: dict of kind → ids
        """
        group = self.env.ref("aftersales_service.group_aftersales_technician").sudo()
        technicians = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "in", group.all_user_ids.ids),
                    ("company_id", "=", company.id),
                ]
            )
        )
        people, departments = facts
        employees = technicians.browse({*people, *technicians.ids})
        of_people = employees.department_id.ids
        return {
            "employee": sorted(employees.ids),
            "department": sorted({*departments, *of_people}),
        }

    def _ensure(self, company, month, keys):
        """The appraisals of these people and departments, made where missing.

        :param keys: dict of kind → ids of employees or departments
        """
        domain = Domain("company_id", "=", company.id) & Domain("month", "=", month)
        result = self.browse()
        for kind, ids in keys.items():
            field = f"{kind}_id"
            of_kind = Domain("kind", "=", kind) & Domain(field, "in", ids)
            existing = self.search(domain & of_kind)
            known = set(existing[field].ids)
            missing = [key for key in ids if key not in known]
            result |= existing
            with retried_when_known(self.env):
                result |= self.create(self._prepare_vals(company, month, kind, missing))
        return result

    def _prepare_vals(self, company, month, kind, ids):
        base = {"company_id": company.id, "month": month, "kind": kind}
        if kind == "department":
            return [base | {"department_id": key} for key in ids]
        employees = self.env["hr.employee"].sudo().browse(ids)
        return [
            base | {"employee_id": e.id, "department_id": e.department_id.id}
            for e in employees
        ]

    def _fill(self, company, month, facts=None):
        """Write lines and scores of these open appraisals."""
        bounds = self._get_bounds(company, month)
        people, departments = facts or self.env["aftersales.appraisal.facts"]._collect(
            company, *bounds
        )
        weights = self.env["aftersales.appraisal.weight"].sudo()._get_weights(company)
        members = self._get_members(people)
        appraisals = self.sudo()  # rows are readonly to clients
        appraisals.line_ids.unlink()
        rows = []
        for appraisal in appraisals:
            if appraisal.kind == "employee":
                found = people.get(appraisal.employee_id.id, {})
            else:
                key = appraisal.department_id.id
                found = self._merge(departments.get(key), members.get(key, ()), people)
            result, lines = self._prepare_result(weights, found)
            appraisal.write(result)
            rows += [dict(line, appraisal_id=appraisal.id) for line in lines]
        self.env["aftersales.appraisal.line"].sudo().create(rows)

    def _get_members(self, people):
        """Employees with records by department: dict of id → list of employee ids."""
        employees = self.env["hr.employee"].sudo().browse(people)
        members = defaultdict(list)
        for employee in employees:
            members[employee.department_id.id].append(employee.id)
        return members

    def _merge(self, own, members, people):
        """Facts of a department: its own and those of its people, each record once."""
        merged = defaultdict(dict)
        for facts in (*(people[member] for member in members), own or {}):
            for code, records in facts.items():
                merged[code].update(records)
        return merged

    def _prepare_result(self, weights, found):
        """Score and lines; without any record there is no score."""
        lines = self.env["aftersales.appraisal.line"]
        has_data = any(found.values())
        rows = [
            lines._prepare_vals(w, found.get(w.code, {}), has_data) for w in weights
        ]
        counted = [row for row in rows if row["is_counted"]]
        total = sum(row["weight"] for row in counted)
        points = sum(row["weight"] * row["score"] for row in counted)
        return {"has_data": has_data, "score": points / total if total else 0.0}, rows

    # ------------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------------

    @api.model
    def _cron_appraise(self):
        """Count last month for every company, once, in batches (R-K01)."""
        companies = self.env["res.company"].search([("active", "=", True)])
        todo = [self._prepare_batches(company) for company in companies]
        batches = [batch for company_batches in todo for batch in company_batches]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(batches))
        for company, month, kind, ids, facts in batches:
            appraisals = self.with_company(company)._ensure(company, month, {kind: ids})
            appraisals.filtered(lambda a: not a.line_ids)._fill(company, month, facts)
            if not cron._commit_progress(1):
                break

    def _prepare_batches(self, company):
        """What is still missing of last month.

        :return: list of (company, month, kind, ids, facts)
        """
        month = self._get_month(company, -1)
        facts = self.env["aftersales.appraisal.facts"]._collect(
            company, *self._get_bounds(company, month)
        )
        subjects = self._get_subjects(company, facts)
        known = defaultdict(set)
        domain = [("company_id", "=", company.id), ("month", "=", month)]
        for appraisal in self.search(domain):
            known[appraisal.kind].add(appraisal[f"{appraisal.kind}_id"].id)
        return [
            (company, month, kind, ids[at : at + BATCH], facts)
            for kind, all_ids in subjects.items()
            for ids in [[i for i in all_ids if i not in known[kind]]]
            for at in range(0, len(ids), BATCH)
        ]

    # ------------------------------------------------------------------
    # Export
    # ------------------------------------------------------------------

    def _get_sheet(self):
        """The table for a spreadsheet, as the user may see it.

        :return: (title, column titles, rows)
        """
        labels = dict(
            self.env["aftersales.appraisal.line"]
            ._fields["code"]
            ._description_selection(self.env)
        )
        codes = [code for code, _label in CRITERIA]
        columns = [
            self.env._("Name"),
            self.env._("Department"),
            self.env._("Month"),
            self.env._("Score"),
        ]
        for code in codes:
            columns += [labels[code], self.env._("%s: records", labels[code])]
        rows = []
        for appraisal in self:
            lines = appraisal.line_ids.grouped("code")
            row = [
                appraisal.employee_id.name or appraisal.department_id.name,
                appraisal.department_id.name,
                f"{appraisal.month:%Y-%m}",
                round(appraisal.score, 1) if appraisal.has_data else None,
            ]
            for code in codes:
                line = lines.get(code, self.line_ids.browse())
                row += [
                    round(line.score, 1) if line.is_counted else None,
                    line.count,
                ]
            rows.append(row)
        return self.env._("Appraisal"), columns, rows
