from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act


class AftersalesLiability(models.Model):
    """What a broken promise or a breach of rules costs, and who answers (R-M05)."""

    _name = "aftersales.liability"
    _description = "Liability"
    _inherit = ["aftersales.act.mixin", "aftersales.numbered.mixin", "mail.thread"]
    _order = "id desc"
    _locked_states = ("confirmed", "waived", "settled")

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        editable="_filter_own_words",
    )
    res_model = fields.Char(
        string="Origin Model",
        compute="_compute_origin",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        fixed=True,
    )
    res_id = fields.Many2oneReference(
        string="Origin ID",
        model_field="res_model",
        compute="_compute_origin",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        fixed=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        editable="_filter_own_words",
    )
    clock_id = fields.Many2one(
        "aftersales.sla.clock", string="Promise", readonly=True, index="btree_not_null"
    )
    clause = fields.Char(string="Rule", editable="_filter_own_words")
    cause = fields.Char(required=True, editable="_filter_own_words")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="Of the contract; without one of the company.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    company_amount = fields.Monetary(
        string="Amount in Our Currency",
        compute="_compute_company_amount",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the day of the contract; adds up over contracts.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Proposed by the rule; a supervisor may change it until confirmed.",
    )
    responsible_department_id = fields.Many2one(
        "hr.department",
    )
    responsible_employee_id = fields.Many2one(
        "hr.employee", string="Responsible Person"
    )
    waive_reason = fields.Char(string="Waived Because", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("waived", "Waived"),
            ("settled", "Settled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    _clock_uniq = models.UniqueIndex(
        "(clock_id) WHERE clock_id IS NOT NULL", "This breach is filed already."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount can't be negative."
    )

    @api.depends("order_id.currency_id", "company_id")
    def _compute_currency_id(self):
        for liability in self:
            company, order = liability.company_id, liability.order_id.sudo()
            liability.currency_id = order.currency_id or company.currency_id

    @api.depends("amount", "currency_id", "order_id.date_order", "company_id")
    def _compute_company_amount(self):
        for liability in self:
            company = liability.company_id
            day = liability.order_id.sudo().date_order or liability.create_date
            liability.company_amount = liability.currency_id._convert(
                liability.amount,
                company.currency_id,
                company,
                day or fields.Datetime.now(),
            )

    @api.depends("clause", "order_id", "company_id")
    def _compute_amount(self):
        rules = self.env["aftersales.liability.rule"].sudo()
        found = rules.search([("clause", "in", self.mapped("clause"))])
        by_key = {(rule.company_id, rule.clause): rule for rule in found}
        no_company = self.env["res.company"]
        for liability in self:
            general = by_key.get((no_company, liability.clause), rules)
            rule = by_key.get((liability.company_id, liability.clause), general)
            liability.amount = liability.amount or rule._get_amount(
                liability.order_id, liability.company_id
            )

    @api.depends("order_id")
    def _compute_origin(self):
        """What it came from; without a record of ours, the contract itself."""
        for liability in self:
            known = liability.res_model and liability.res_id
            if not known and liability.order_id:
                liability.res_model = "sale.order"
                liability.res_id = liability.order_id.id

    def _filter_own_words(self):
        """Drafts that nobody's broken promise speaks for."""
        return self.filtered(lambda x: x.state == "draft" and not x.clock_id)

    def _get_lock_refusal(self):
        return self.env._("Only a draft can be changed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("Liabilities are waived, not deleted."))

    @act("confirm", states=("draft",), to="confirmed", role="supervisor")
    def action_confirm(self, ref=None):
        """The amount and who answers are right (R-M05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """

    @act("waive", states=("draft", "confirmed"), to="waived", role="manager")
    def action_waive(self, reason=None, ref=None):
        """Give up the liability; managers only, with a reason (R-M05).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.sudo().waive_reason = reason

    def _after_waive(self, values):
        """The record of a broken promise takes back what it led to (R-S10).

        :param values: dict(reason)
        """
        for clock in self.sudo().clock_id:
            clock._get_record()._sla_waived(clock)

    @act("settle", states=("confirmed",), to="settled", role="supervisor")
    def action_settle(self, ref=None):
        """It was paid or made good (R-M05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """

    def action_open_record(self):
        """Open what it came from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
