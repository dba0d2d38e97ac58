from odoo import api, fields, models
from odoo.exceptions import UserError

from .appraisal_facts import SOURCES
from .appraisal_weight import CASES, CRITERIA


class AftersalesAppraisalLine(models.Model):
    """One criterion of an appraisal, with the records that it counted."""

    _name = "aftersales.appraisal.line"
    _description = "Line of an Appraisal"
    _order = "appraisal_id, sequence, id"
    _rec_name = "code"

    appraisal_id = fields.Many2one(
        "aftersales.appraisal",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    employee_id = fields.Many2one(related="appraisal_id.employee_id", store=True)
    department_id = fields.Many2one(related="appraisal_id.department_id", store=True)
    kind = fields.Selection(related="appraisal_id.kind", store=True)
    month = fields.Date(related="appraisal_id.month", store=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(CRITERIA, string="Criterion", required=True, readonly=True)
    weight = fields.Float(readonly=True, help="Copied when it was counted.")
    deduction = fields.Float(string="Points per Case", readonly=True)
    count = fields.Integer(string="Records", readonly=True)
    score = fields.Float(
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="0 to 100; empty without records.",
    )
    is_counted = fields.Boolean(
        readonly=True, help="Part of the score; without records it isn't."
    )
    record_ids = fields.Json(
        string="Records behind It",
        readonly=True,
        help="Ids of the records as they were counted.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (appraisal_id, code)", "A criterion counts once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.appraisal_id._check_frozen()
        return lines

    def write(self, vals):
        """A closed month is frozen, even for the system (R-K01)."""
        self.appraisal_id._check_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.appraisal_id._check_frozen()

    @api.model
    def _prepare_vals(self, weight, facts, has_data):
        """Values of a line.

        :param weight: aftersales.appraisal.weight
        :param facts: dict of record id → score; of a case, the share of it
        :param has_data: whether anything at all was recorded for the person
        """
        is_case = weight.code in CASES
        if is_case:
            score = max(0.0, 100.0 - weight.deduction * sum(facts.values()))
        else:
            score = sum(facts.values()) / len(facts) if facts else 0.0
        return {
            "sequence": weight.sequence,
            "code": weight.code,
            "weight": weight.weight,
            "deduction": weight.deduction if is_case else 0.0,
            "count": len(facts),
            "score": score,
            "is_counted": bool(facts) or (is_case and has_data),
            "record_ids": sorted(facts),
        }

    def action_open_records(self):
        """Open what stands behind the number.

        :return: action with the records as they were counted
        :raise UserError: nothing was recorded
        """
        self.ensure_one()
        if not self.record_ids:
            raise UserError(self.env._("Nothing was recorded for this criterion."))
        label = dict(self._fields["code"]._description_selection(self.env))[self.code]
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": SOURCES[self.code].record_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.record_ids)],
            "context": {"create": False},
        }
