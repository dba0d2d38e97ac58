from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesLiabilityRule(models.Model):
    """What a broken rule costs: an amount, or a share of the order (R-M05)."""

    _name = "aftersales.liability.rule"
    _description = "Liability Rule"
    _order = "clause, id"
    _rec_name = "clause"

    clause = fields.Char(string="Rule", required=True, help="E.g. R-S10.")
    kind = fields.Selection(
        [("fixed", "Amount"), ("percent", "Percentage of the Order")],
        default="fixed",
        required=True,
    )
    value = fields.Float(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: for every company that has no rule of its own.",
    )

    _clause_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), clause) WHERE active",
        "This rule has its amount already.",
    )

    @api.constrains("kind", "value")
    def _check_value(self):
        for rule in self:
            if rule.value < 0 or (rule.kind == "percent" and rule.value > 100):
                raise ValidationError(
                    self.env._("%s: an amount, or 0 to 100 percent.", rule.clause)
                )

    def _get_amount(self, order, company):
        """What it costs for one sale order (none: a percentage is 0).

        :return: in the currency of the order; without one in the company's
        """
        if self.kind == "percent":
            return order.amount_total * self.value / 100
        if not order:
            return self.value
        day = order.date_order or fields.Datetime.now()
        return company.currency_id._convert(self.value, order.currency_id, company, day)
