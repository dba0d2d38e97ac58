from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import find_given, require_text
from ..act.declaration import act

CONDUCT = [
    ("shirking", "Shirked Responsibility"),
    ("aggravating", "Made It Worse"),
]


class AftersalesLiability(models.Model):
    _inherit = "aftersales.liability"

    conduct = fields.Selection(
        CONDUCT, readonly=True, help="How a return or complaint was handled (R-X06)."
    )


class AftersalesRequest(models.Model):
    """Who shirks a return or complaint, or makes it worse, answers for it (R-X06)."""

    _inherit = "aftersales.request"

    @act("file_conduct", role="supervisor")
    def action_file_conduct(
        self, conduct, note, employee_id=None, department_id=None, ref=None
    ):
        """File a liability for shirking or aggravating; supervisors only (R-X06).

        The amount is proposed by the rule R-X06 of the company.

        :param conduct: "shirking" or "aggravating"
        :param note: what happened; required
        :param employee_id: id of who did it; or
        :param department_id: id of the department
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, liability_id)
        """
        self.ensure_one()
        note = require_text(self.env, note, self.env._("What Happened"))
        if conduct not in list(dict(CONDUCT)):
            raise UserError(
                self.env._("“%s”: shirking or aggravating?", conduct),
            )
        employee = find_given(self.env["hr.employee"].sudo(), employee_id)
        department = find_given(self.env["hr.department"].sudo(), department_id)
        department = department or employee.department_id
        if not (employee or department):
            raise UserError(self.env._("Who did it: a person or a department?"))
        if (employee | department.manager_id).company_id - self.company_id:
            raise UserError(self.env._("This person works for another company."))
        vals = self._prepare_conduct_vals(conduct, note, employee, department)
        liability = self.env["aftersales.liability"].sudo().create(vals)
        return {"liability_id": liability.id}

    def _prepare_conduct_vals(self, conduct, note, employee, department):
        field = self.env["aftersales.liability"]._fields["conduct"]
        label = dict(field._description_selection(self.env))[conduct]
        return {
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "order_id": self.order_id.id,
            "clause": "R-X06",
            "conduct": conduct,
            "cause": f"{label}: {note}",
            "responsible_employee_id": employee.id,
            "responsible_department_id": department.id,
        }
