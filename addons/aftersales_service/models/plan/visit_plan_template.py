from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class AftersalesVisitPlanTemplate(models.Model):
    """Which visits are promised to whom, and how often (R-V01 to R-V05)."""

    _name = "aftersales.visit.plan.template"
    _description = "Visit Plan Template"
    _inherit = ["aftersales.portal.fields"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, portal=True)
    sequence = fields.Integer(default=10, portal=True)
    active = fields.Boolean(default=True, portal=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    clause = fields.Char(string="Rule", help="E.g. R-V01.")
    start_on = fields.Selection(
        [
            ("manual", "By Hand"),
            ("acceptance", "Acceptance of an Order"),
            ("key_customer", "Customer Becomes a Key Customer"),
        ],
        string="Starts With",
        required=True,
        default="manual",
    )
    order_domain = fields.Char(
        string="Orders",
        default="[]",
        help="Only accepted orders that meet this filter start the plan.",
    )
    lead_days = fields.Integer(
        string="Planned Ahead (Days)",
        default=30,
        help="How long before its date a visit is put into the list to be agreed.",
    )
    grace_days = fields.Integer(
        string="Grace (Days)",
        default=14,
        help="A visit that isn't completed so many days after its date is missed.",
    )
    warranty_months = fields.Integer(
        string="Warranty (Months)",
        default=12,
        help="How long the warranty lasts where no warranty card says it.",
    )
    report_required = fields.Boolean(
        string="Written Report",
        help="A visit isn't complete without its written report (R-V04).",
    )
    phase_ids = fields.One2many(
        "aftersales.visit.plan.template.phase",
        "template_id",
        string="Phases",
        copy=True,
    )

    _days_positive = models.Constraint(
        "CHECK (lead_days >= 0 AND grace_days >= 0 AND warranty_months >= 0)",
        "Days and months can't be negative.",
    )

    @api.constrains("order_domain")
    def _check_order_domain(self):
        orders = self.env["sale.order"]
        for template in self:
            try:
                orders.search(template._get_order_domain(), limit=0)
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._("%(name)s: no filter of orders.", name=template.name)
                ) from error

    def _get_order_domain(self):
        return Domain(literal_eval(self.order_domain or "[]"))

    @api.model
    def _get_starting(self, start_on, company):
        """Templates that start by themselves on something that happens.

        :param start_on: "acceptance" or "key_customer"
        :param company: res.company
        """
        # whoever signs an acceptance needn't be allowed to see the templates
        templates = self.sudo().search(
            [("start_on", "=", start_on), ("company_id", "in", (False, company.id))]
        )
        return templates.filtered("phase_ids")


class AftersalesVisitPlanTemplatePhase(models.Model):
    """A phase that plans copy from their template."""

    _name = "aftersales.visit.plan.template.phase"
    _description = "Phase of a Visit Plan Template"
    _inherit = ["aftersales.visit.phase.mixin"]

    template_id = fields.Many2one(
        "aftersales.visit.plan.template", required=True, ondelete="cascade", index=True
    )
