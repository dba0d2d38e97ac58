from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesTrainingMaterial(models.Model):
    """A document handed out in a session or at the handover meeting (R-T06, R-A05)."""

    _name = "aftersales.training.material"
    _description = "Training Material"
    _order = "id"
    _check_company_auto = True

    name = fields.Char(required=True)
    plan_id = fields.Many2one(
        "aftersales.training.plan", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    event_id = fields.Many2one(
        "event.event", string="Session", index="btree_not_null", ondelete="cascade"
    )
    handover_id = fields.Many2one(
        "aftersales.training.handover",
        index="btree_not_null",
        ondelete="cascade",
        parent=True,
    )
    quantity = fields.Integer(string="Copies", default=1, required=True)
    handed_over = fields.Boolean()
    handed_over_at = fields.Datetime(
        compute="_compute_handed_over_at", store=True, string="Handed over on"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "At least one copy is handed over."
    )

    @api.depends("handed_over")
    def _compute_handed_over_at(self):
        for material in self:
            if not material.handed_over:
                material.handed_over_at = False
            elif not material.handed_over_at:
                material.handed_over_at = fields.Datetime.now()

    @api.constrains("plan_id", "event_id", "handover_id")
    def _check_plan(self):
        for material in self.sudo():
            plans = material.event_id.aftersales_plan_id | material.handover_id.plan_id
            if plans - material.plan_id:
                raise UserError(
                    self.env._("%s belongs to another training plan.", material.name)
                )

    def _get_lock_refusal(self):
        return self.handover_id._get_lock_refusal()
