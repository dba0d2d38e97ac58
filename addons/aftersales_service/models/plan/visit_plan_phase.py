from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .visit_plan import TERM


class AftersalesVisitPlanPhase(models.Model):
    """A stretch of a plan with one interval; the next one follows by itself (R-V03)."""

    _name = "aftersales.visit.plan.phase"
    _description = "Phase of a Visit Plan"
    _inherit = ["aftersales.visit.phase.mixin"]

    plan_id = fields.Many2one(
        "aftersales.visit.plan",
        required=True,
        ondelete="cascade",
        index=True,
        parent=True,
    )
    until_date = fields.Date(
        string="Last Day",
        readonly=True,
        copy=False,
        help="The end of the warranty moves with the warranty until a visit of the"
        " next phase is planned.",
    )

    def _get_until(self, warranty_end):
        """Last day of the phase, or False when it has no end."""
        if self.until_kind == "warranty":
            return warranty_end
        months = self.until_kind == "months" and self.until_months
        return months and self.plan_id.start_date + relativedelta(months=months)

    def _filter_locked(self):
        """Only a plan that hasn't started gets other phases."""
        begun = self.filtered(lambda phase: phase.plan_id.state not in TERM)
        return super()._filter_locked() | begun

    def _get_lock_refusal(self):
        return self.plan_id._get_lock_refusal()

    def _check_order(self):
        """Each phase must end after the one before; only the last has no end.

        :raise UserError: names the phase
        """
        last = False
        for phase in self:
            if not phase.until_date and phase != self[-1:]:
                raise UserError(
                    self.env._(
                        "%s has no end: no phase can follow it.", phase.display_name
                    )
                )
            if last and phase.until_date and phase.until_date < last:
                raise UserError(
                    self.env._("%s ends before it starts.", phase.display_name)
                )
            last = phase.until_date
