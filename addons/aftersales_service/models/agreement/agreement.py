from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...readers import TECHNICIAN, USER


class AftersalesAgreement(models.Model):
    """What a project contract promises: who serves it, how often, until when (R-V05).

    Required roles and numbers are data. Named people are replaced by approval only.
    """

    _name = "aftersales.agreement"
    _description = "Service Agreement"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.numbered.mixin",
        "aftersales.sla.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        editable=("draft",),
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Contract",
        required=True,
        index=True,
        check_company=True,
        editable=("draft",),
        domain="[('is_project', '=', True), ('state', '=', 'sale')]",
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", store=True, index=True, string="Customer"
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_total = fields.Monetary(
        related="order_id.amount_total", string="Contract Price"
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        editable=("draft",),
    )
    date_end = fields.Date(string="Until", editable=("draft",))
    headcount = fields.Integer(
        string="People to Train",
        help="Of the customer, as the contract says.",
        editable=("draft",),
    )
    member_ids = fields.One2many(
        "aftersales.agreement.member", "agreement_id", string="Named People", copy=True
    )
    missing = fields.Char(
        string="Still to Name", compute="_compute_missing", help="Roles and numbers."
    )
    policy_ids = fields.Many2many(
        "aftersales.sla.policy",
        string="Promises Agreed",
        editable=("draft",),
        groups=TECHNICIAN,
    )
    visit_plan_ids = fields.One2many(related="order_id.visit_plan_ids")
    replacement_ids = fields.One2many(
        "aftersales.agreement.replacement",
        "agreement_id",
        string="Replacements",
        groups=USER,
    )
    liability_ids = fields.One2many(
        "aftersales.liability",
        "res_id",
        string="Liabilities",
        domain=[("res_model", "=", "aftersales.agreement")],
        groups=USER,
    )
    liability_count = fields.Integer(compute="_compute_liability_count")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("ended", "Ended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    ended_on = fields.Date(readonly=True, copy=False)
    end_reason = fields.Char(string="Ended Because", readonly=True, copy=False)

    _order_uniq = models.UniqueIndex(
        "(order_id) WHERE state <> 'ended'", "This contract has its agreement already."
    )
    _headcount_positive = models.Constraint(
        "CHECK (headcount >= 0)", "The number of people can't be negative."
    )

    @api.depends("member_ids.role_id", "member_ids.end_date")
    def _compute_missing(self):
        roles = self.env["aftersales.agreement.role"]
        roles = roles.search([("required_number", ">", 0)])
        for agreement in self:
            named = agreement.member_ids.filtered(lambda m: not m.end_date)
            by_role = named.grouped("role_id")
            lacking = [
                (role.name, role.required_number - len(by_role.get(role, ())))
                for role in roles
            ]
            agreement.missing = ", ".join(f"{n} × {k}" for n, k in lacking if k > 0)

    @api.depends("liability_ids")
    def _compute_liability_count(self):
        for agreement in self:
            agreement.liability_count = len(agreement.sudo().liability_ids)

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for agreement in self:
            if agreement.date_end and agreement.date_end < agreement.date_start:
                raise ValidationError(
                    self.env._("%s ends before it starts.", agreement.name)
                )

    @api.constrains("order_id")
    def _check_project(self):
        for agreement in self:
            if not agreement.order_id.sudo().is_project:
                raise ValidationError(
                    self.env._("%s is no project order.", agreement.order_id.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if any(agreement.state != "draft" for agreement in self):
            raise UserError(self.env._("An agreement is ended, not deleted."))

    # ------------------------------------------------------------------
    # Who is named
    # ------------------------------------------------------------------

    def _get_named(self, survey=False, safety=False):
        """Current people of the agreements in force.

        :param survey: those who come on site surveys (R-V05)
        :param safety: the safety supervisors (R-M04)
        :return: hr.employee
        """
        active = self.filtered(lambda agreement: agreement.state == "active")
        members = active.sudo().member_ids.filtered(
            lambda m: (
                not m.end_date
                and (not survey or m.role_id.on_survey)
                and (not safety or m.role_id.is_safety)
            )
        )
        return members.employee_id

    def action_view_liabilities(self):
        """Open what this agreement cost us."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.liability_action"
        )
        return action | {
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)]
        }
