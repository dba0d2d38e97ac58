from odoo import api, fields, models
from odoo.exceptions import UserError

from ..act.declaration import act


class AftersalesAppraisal(models.Model):
    """What a person or department achieved in one month (R-K01, R-K02, R-C05).

    Each number keeps the records behind it. A closed month is frozen for everybody.
    Rows are written by ``appraise`` only, see ``aftersales.appraisal`` in
    ``appraisal_month.py``.
    """

    _name = "aftersales.appraisal"
    _description = "Monthly Appraisal"
    _inherit = ["aftersales.act.mixin", "aftersales.month.mixin"]
    _order = "month desc, kind desc, score desc, id"
    _locked_states = ("closed",)

    kind = fields.Selection(
        [("employee", "Employee"), ("department", "Department")],
        required=True,
        default="employee",
        readonly=True,
    )
    employee_id = fields.Many2one(
        "hr.employee", index=True, ondelete="restrict", readonly=True
    )
    department_id = fields.Many2one(
        "hr.department", index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    state = fields.Selection(
        [("draft", "Open"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    score = fields.Float(
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="0 to 100: the criteria by their weights; those without records are left"
        " out.",
    )
    has_data = fields.Boolean(
        readonly=True, help="Something was recorded in this month."
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    line_ids = fields.One2many(
        "aftersales.appraisal.line", "appraisal_id", readonly=True
    )

    _employee_uniq = models.UniqueIndex(
        "(employee_id, month, company_id) WHERE kind = 'employee'",
        "This employee has the appraisal of the month already.",
    )
    _department_uniq = models.UniqueIndex(
        "(department_id, month, company_id) WHERE kind = 'department'",
        "This department has the appraisal of the month already.",
    )
    _month_first = models.Constraint(
        "CHECK (extract(day FROM month) = 1)", "A month is named by its first day."
    )
    _subject = models.Constraint(
        "CHECK ((kind = 'employee' AND employee_id IS NOT NULL)"
        " OR (kind = 'department' AND department_id IS NOT NULL))",
        "An appraisal is about an employee or a department.",
    )

    @api.depends("employee_id", "department_id", "month")
    def _compute_display_name(self):
        for appraisal in self:
            who = appraisal.employee_id or appraisal.department_id
            names = (who.name, appraisal.month_name)
            appraisal.display_name = " ".join(filter(None, names))

    def write(self, vals):
        """A closed month is frozen, even for the system (R-K01)."""
        self._check_frozen()
        return super().write(vals)

    def _check_frozen(self):
        closed = self.filtered(lambda appraisal: appraisal.state == "closed")
        if closed:
            raise UserError(
                self.env._("%s is closed and can't be changed.", closed[0].display_name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_frozen()

    @act(
        "close",
        states=("draft",),
        to="closed",
        stamp="closed_at",
        access="read",
        role="supervisor",
    )
    def action_close(self, ref=None):
        """Freeze months that are over; there is no way back (R-K01).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, closed_at)
        :raise UserError: the month isn't over, or is closed already
        """
        for appraisal in self:
            appraisal._check_over(appraisal.month, appraisal.company_id)
        self.sudo().closed_by_id = self.env.user

    @act("recompute", states=("draft",), access="read", role="supervisor")
    def action_recompute(self, ref=None):
        """Count again, with the weights and records of now.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, score)
        """
        for (company, month), group in self.grouped(
            lambda a: (a.company_id, a.month)
        ).items():
            group._fill(company, month)
        return {"score": self[-1:].score}
