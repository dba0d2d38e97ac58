from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesResponsible(models.Model):
    """Who answers for a complaint or return, and for how much of it (R-C05).

    The shares are counted in the appraisal.
    """

    _name = "aftersales.responsible"
    _description = "Responsible Party"
    _inherit = ["aftersales.request.detail"]
    _order = "request_id, share desc, id"
    _check_company_auto = True

    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Person", index="btree_not_null", check_company=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier or Carrier", index="btree_not_null"
    )
    share = fields.Float(string="Share (%)", default=100.0, required=True)
    note = fields.Char()

    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share is more than 0, at most 100 %."
    )

    @api.depends("employee_id")
    def _compute_department_id(self):
        for party in self:
            # agents may not read where people work
            department = party.sudo().employee_id.department_id
            party.department_id = department or party.department_id

    @api.depends("department_id", "employee_id", "partner_id", "share")
    def _compute_display_name(self):
        for party in self:
            who = party.employee_id or party.department_id or party.partner_id
            party.display_name = f"{who.sudo().name or ''} {party.share:g} %".strip()

    @api.constrains("department_id", "employee_id", "partner_id")
    def _check_party(self):
        for party in self.sudo():
            who = party.employee_id
            if not (who or party.department_id or party.partner_id):
                raise ValidationError(
                    self.env._("Who answers: a person, a department or a supplier?")
                )
            if who and not who.active:
                raise ValidationError(
                    self.env._("%s doesn't work here any more.", who.name)
                )

    @api.constrains("share", "request_id")
    def _check_shares(self):
        groups = self._read_group(
            [("request_id", "in", self.request_id.ids)], ["request_id"], ["share:sum"]
        )
        for request, total in groups:
            if round(total, 2) > 100:
                raise ValidationError(
                    self.env._(
                        "%(request)s: the shares are %(total)g %% together.",
                        request=request.sudo().name,
                        total=total,
                    )
                )

    def _check_open(self):
        """The act that closes a request may name who answers."""
        return None if self.env.su else super()._check_open()
