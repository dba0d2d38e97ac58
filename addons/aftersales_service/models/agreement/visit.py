from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import find_given
from ..act.declaration import act

# Works on site: somebody watches over their safety
WORKS = (
    "delivery",
    "installation",
    "commissioning",
    "repair",
    "inspection",
    "maintenance",
)


class AftersalesVisit(models.Model):
    """Who of a project's people must come along (R-V05, R-M04)."""

    _inherit = "aftersales.visit"

    is_project = fields.Boolean(related="order_id.is_project")

    def _get_agreement(self):
        """The agreements in force of these visits' contracts."""
        # technicians and guides needn't see the agreement to obey it
        agreements = self.sudo().order_id.agreement_ids
        return agreements.filtered(lambda agreement: agreement.state == "active")

    def _check_plan(self):
        """A site survey of a project needs the people named for it (R-V05)."""
        result = super()._check_plan()
        for visit in self.filtered(lambda v: v.kind == "survey"):
            if visit.is_project and visit.mode == "onsite":
                visit._check_survey_team()
        return result

    def _check_survey_team(self):
        agreement = self._get_agreement()
        if not agreement:
            raise UserError(
                self.env._(
                    "%s: no service agreement in force names who surveys the site.",
                    self.name,
                )
            )
        absent = agreement._get_named(survey=True) - self.assignment_ids.employee_id
        if absent:
            raise UserError(
                self.env._(
                    "%(visit)s needs the people named in %(agreement)s, too: %(names)s",
                    visit=self.name,
                    agreement=agreement.name,
                    names=", ".join(absent.mapped("name")),
                )
            )

    @act("assign_named", states=("draft", "confirmed", "en_route"), role="user")
    def action_assign_named(self, ref=None):
        """Give project visits to the people named in their agreements (R-V05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, employee_ids)
        :raise UserError: no agreement is in force
        """
        result = {}
        for visit in self:
            agreement = visit._get_agreement()
            named = agreement._get_named(survey=True)
            named |= agreement._get_named(safety=True)
            if not named:
                raise UserError(
                    self.env._("%s: no service agreement in force.", visit.name)
                )
            result = visit.action_assign(employee_ids=named.ids)
        return result

    def _set_team(self, employees):
        """The safety supervisor that the agreement names comes as such (R-M04)."""
        safety = self._get_agreement()._get_named(safety=True) & employees
        result = super()._set_team((employees - safety) + safety)
        for member in self.assignment_ids:
            if member.employee_id in safety and member.role != "lead":
                member.role = "safety"
        return result

    @act("name_safety", states=("draft", "confirmed"), role="user")
    def action_name_safety(self, employee_id, ref=None):
        """Say who watches over safety on these visits (R-M04).

        :param employee_id: id of the employee
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, employee_id)
        :raise UserError: leads the visit, or isn't the one that the agreement names
        """
        visits = self.sudo()
        employee = find_given(self.env["hr.employee"].sudo(), employee_id)
        if not employee:
            raise UserError(self.env._("Unknown employees: %s", employee_id))
        for visit in visits:
            named = visit._get_agreement()._get_named(safety=True)
            if named and employee not in named:
                raise UserError(
                    self.env._(
                        "%(visit)s: the agreement names %(names)s.",
                        visit=visit.name,
                        names=", ".join(named.mapped("name")),
                    )
                )
            if employee == visit.lead_employee_id:
                raise UserError(
                    self.env._("%s leads the visit: name another.", employee.name)
                )
            visit._check_team(employee)
            visit._set_safety(employee)
        return {"employee_id": employee.id}

    def _set_safety(self, employee):
        member = self.assignment_ids.filtered(lambda a: a.employee_id == employee)
        if member:
            member.role = "safety"
        else:
            member.create(
                {"visit_id": self.id, "employee_id": employee.id, "role": "safety"}
            )

    def _check_depart(self, values):
        """No works on a project site without the safety supervisor (R-M04)."""
        for visit in self:
            works = visit.kind in WORKS and visit.mode == "onsite"
            if works and visit.is_project:
                visit._check_safety()
        return super()._check_depart(values)

    def _check_safety(self):
        if "safety" not in self.assignment_ids.mapped("role"):
            raise UserError(
                self.env._("%s: name the safety supervisor first.", self.name)
            )
