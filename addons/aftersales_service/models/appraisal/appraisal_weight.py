from odoo import api, fields, models
from odoo.exceptions import ValidationError

CRITERIA = [
    ("csat", "Customers' Ratings"),
    ("promises", "Promises Kept"),
    ("completeness", "Complete Records"),
    ("complaint", "Complaints"),
    ("return", "Returns and Exchanges"),
    ("liability", "Breaches with Liability"),
]
CASES = ("complaint", "return", "liability")  # each one takes points away


class AftersalesAppraisalWeight(models.Model):
    """How much each criterion counts: data, not code (R-K01)."""

    _name = "aftersales.appraisal.weight"
    _description = "Weight of an Appraisal Criterion"
    _order = "sequence, id"
    _rec_name = "code"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Selection(CRITERIA, string="Criterion", required=True)
    weight = fields.Float(default=10.0, required=True)
    deduction = fields.Float(
        string="Points per Case",
        help="Taken from 100 for each complaint, return or breach.",
    )
    company_id = fields.Many2one(
        "res.company", help="Empty: for all companies without an own weight."
    )

    _code_uniq = models.UniqueIndex(
        "(code, coalesce(company_id, 0)) WHERE active",
        "This criterion has its weight already.",
    )
    _positive = models.Constraint(
        "CHECK (weight >= 0 AND deduction >= 0)",
        "Weights and points can't be negative.",
    )

    @api.constrains("code", "deduction")
    def _check_deduction(self):
        for weight in self:
            if weight.code in CASES and not weight.deduction:
                raise ValidationError(
                    self.env._("Say how many points a case of this criterion costs.")
                )

    @api.model
    def _get_weights(self, company):
        """The weights of a company: its own, else those for all.

        :return: recordset, one row for each criterion
        """
        rows = self.search([("company_id", "in", (company.id, False))])
        own = rows.filtered("company_id")
        return own | rows.filtered(lambda row: row.code not in own.mapped("code"))
