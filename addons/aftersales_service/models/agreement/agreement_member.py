from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesAgreementMember(models.Model):
    """Somebody who is named in a service agreement, from when to when (R-M03)."""

    _name = "aftersales.agreement.member"
    _description = "Named Person"
    _order = "agreement_id, end_date desc, role_id, id"

    agreement_id = fields.Many2one(
        "aftersales.agreement",
        required=True,
        ondelete="cascade",
        index=True,
        parent=True,
    )
    role_id = fields.Many2one("aftersales.agreement.role", required=True)
    employee_id = fields.Many2one("hr.employee", required=True, index=True)
    start_date = fields.Date(string="From", default=fields.Date.context_today)
    end_date = fields.Date(string="Until", readonly=True)
    replaced_by_id = fields.Many2one("aftersales.agreement.member", readonly=True)

    _employee_uniq = models.UniqueIndex(
        "(agreement_id, employee_id, role_id) WHERE end_date IS NULL",
        "This person has this role already.",
    )

    @api.depends("role_id", "employee_id")
    def _compute_display_name(self):
        for member in self:
            names = (member.employee_id.name, member.role_id.name)
            member.display_name = " · ".join(filter(None, names))

    @api.constrains("employee_id", "agreement_id")
    def _check_employee_company(self):
        for member in self:
            company = member.employee_id.sudo().company_id
            if company and company != member.agreement_id.company_id:
                raise ValidationError(
                    self.env._("%s works for another company.", member.employee_id.name)
                )

    def _filter_locked(self):
        """Named people change by a replacement that a manager approves (R-M03)."""
        return self.filtered(lambda member: member.agreement_id.state != "draft")

    def _get_lock_refusal(self):
        return self.env._(
            "%s names its people: ask for a replacement instead.",
            self.agreement_id.name,
        )
