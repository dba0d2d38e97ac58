from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import require_text

# Given once, or by acts
FIXED = {"name", "state", "waive_reason", "clock_id", "res_model", "res_id"}
ORIGIN = {"res_model", "res_id"}
UNSAID = (None, False, "/", "draft")  # what forms send of a new one
# What the broken promise says itself
BROKEN = {"cause", "clause", "order_id", "company_id"}


class AftersalesLiability(models.Model):
    """What a broken promise or a breach of rules costs, and who answers (R-M05)."""

    _name = "aftersales.liability"
    _description = "Liability"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    res_model = fields.Char(string="Origin Model", required=True)
    res_id = fields.Many2oneReference(
        string="Origin ID", model_field="res_model", required=True, index=True
    )
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null"
    )
    clock_id = fields.Many2one(
        "aftersales.sla.clock", string="Promise", readonly=True, index="btree_not_null"
    )
    clause = fields.Char(string="Rule")
    cause = fields.Char(required=True)
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

    @api.model_create_multi
    def create(self, vals_list):
        sequences = self.env["ir.sequence"]
        vals_list = [dict(vals) for vals in vals_list]  # theirs stay as they are
        for vals in vals_list:
            given = {n for n in FIXED - ORIGIN if vals.get(n) not in UNSAID}
            if given and not self.env.su:
                raise UserError(self._get_act_refusal())
            if vals.get("order_id") and not vals.get("res_model"):
                vals |= {"res_model": "sale.order", "res_id": vals["order_id"]}
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = sequences.with_company(company).next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        """Only a draft may be edited; the rest happens through acts."""
        if not self.env.su:
            if any(liability.state != "draft" for liability in self):
                raise UserError(self.env._("Only a draft can be changed."))
            fixed = FIXED | BROKEN if any(self.mapped("clock_id")) else FIXED
            if vals.keys() & fixed:
                raise UserError(self._get_act_refusal())
        return super().write(vals)

    def _get_act_refusal(self):
        return self.env._("Record the act instead of writing its result.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("Liabilities are waived, not deleted."))

    def _act(self, *states, manager=False):
        level = "manager" if manager else "supervisor"
        if not self.env.user._is_aftersales(level):
            raise AccessError(self.env._("You may not decide on liabilities."))
        self.check_access("write")
        if any(liability.state not in states for liability in self):
            raise UserError(self.env._("This is decided already."))
        return self.sudo()  # the state is readonly to clients

    def action_confirm(self):
        """The amount and who answers are right (R-M05).

        :return: dict(id, state)
        """
        self._act("draft").write({"state": "confirmed"})
        return self._get_facts()

    def action_waive(self, reason=None):
        """Give up the liability; managers only, with a reason (R-M05).

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        vals = {"state": "waived", "waive_reason": reason}
        liabilities = self._act("draft", "confirmed", manager=True)
        liabilities.write(vals)
        for clock in liabilities.clock_id:
            clock._get_record()._sla_waived(clock)
        return self._get_facts()

    def action_settle(self):
        """It was paid or made good (R-M05).

        :return: dict(id, state)
        """
        self._act("confirmed").write({"state": "settled"})
        return self._get_facts()

    def _get_facts(self):
        liability = self[-1:]
        return {"id": liability.id, "state": liability.state}

    def action_open_record(self):
        """Open what it came from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
