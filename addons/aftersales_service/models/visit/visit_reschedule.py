from odoo import api, fields, models


class AftersalesVisitReschedule(models.Model):
    """A changed appointment: what, why, and who told the customer when (R-D03)."""

    _name = "aftersales.visit.reschedule"
    _description = "Changed Appointment"
    _order = "id"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True
    )
    old_start = fields.Datetime(string="Was From")
    old_stop = fields.Datetime(string="Was Until")
    new_start = fields.Datetime(string="Now From", required=True)
    new_stop = fields.Datetime(string="Now Until", required=True)
    reason = fields.Char(required=True)
    told_by_id = fields.Many2one("res.users", required=True)
    told_at = fields.Datetime(required=True)
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        store=True,
        help="The customer was told after the agreed time.",
    )

    @api.depends("told_at", "old_start")
    def _compute_is_late(self):
        for change in self:
            change.is_late = (
                bool(change.old_start) and change.told_at > change.old_start
            )
