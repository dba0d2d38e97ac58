from odoo import fields, models


class AftersalesVisitPlanSuspension(models.Model):
    """A time in which a plan rested: from when to when, why and by whom."""

    _name = "aftersales.visit.plan.suspension"
    _description = "Suspension of a Visit Plan"
    _order = "start_date desc, id desc"

    plan_id = fields.Many2one(
        "aftersales.visit.plan",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    start_date = fields.Date(string="From", required=True, readonly=True)
    end_date = fields.Date(string="Resumed On", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    resumed_by_id = fields.Many2one("res.users", readonly=True)
