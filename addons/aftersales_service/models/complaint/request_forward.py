from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import check_values, find_records
from ..act.declaration import act


class AftersalesRequest(models.Model):
    """Good suggestions go to the departments concerned (R-C06)."""

    _inherit = "aftersales.request"

    suggestion_ids = fields.One2many(
        "aftersales.suggestion", "request_id", string="Forwarded To"
    )

    @act("forward", states=("new", "assigned", "replied"), role="user")
    def action_forward(self, department_ids=None, note=None, ref=None):
        """Lay these suggestions before departments; their managers owe an answer.

        :param department_ids: list of ids of departments; required
        :param note: question to them
        :return: dict(id, state, suggestion_ids)
        :raise UserError: no suggestion, unknown department, or one without a manager
            who can log in; a department that has it already gets it no second time
        """
        departments = self._get_departments(department_ids)
        rows = self.env["aftersales.suggestion"].sudo()
        check_values(rows, {"note": note})
        for request in self.sudo():
            if request.type != "suggestion":
                raise UserError(self.env._("%s is no suggestion.", request.name))
            known = request.suggestion_ids.department_id
            rows += rows.create(
                [
                    {
                        "request_id": request.id,
                        "department_id": department.id,
                        "user_id": department.manager_id.user_id.id,
                        "note": note,
                    }
                    for department in departments - known
                ]
            )
        rows._sla_event("forwarded")
        for user, group in rows.grouped("user_id").items():
            user._aftersales_assign(
                group,
                lambda s, env: env._("Answer a suggestion: %s", s.problem[:60]),
                lambda s, env: s.note or "",
            )
        return {"suggestion_ids": self.sudo().suggestion_ids.ids}

    def _get_departments(self, department_ids):
        departments = self.env["hr.department"].sudo()
        departments = find_records(
            departments, department_ids, self.env._("Departments")
        )
        for department in departments:
            if not department.manager_id.user_id.active:
                raise UserError(
                    self.env._(
                        "%s has no manager who can log in and answer.", department.name
                    )
                )
        return departments
