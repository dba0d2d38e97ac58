from odoo import fields, models

from ...readers import TEAM_AND_GUIDES


class StockLot(models.Model):
    _inherit = "stock.lot"

    visit_plan_ids = fields.Many2many(
        "aftersales.visit.plan", string="Visit Plans", groups=TEAM_AND_GUIDES
    )
    visit_plan_count = fields.Integer(
        compute="_compute_visit_plan_count", groups=TEAM_AND_GUIDES
    )

    def _compute_visit_plan_count(self):
        counts = dict(
            self.env["aftersales.visit.plan"]._read_group(
                [("lot_ids", "in", self.ids)], ["lot_ids"], ["__count"]
            )
        )
        for lot in self:
            lot.visit_plan_count = counts.get(lot, 0)

    def action_view_visit_plans(self):
        """Open the visit plans of this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_plan_action"
        )
        return action | {"domain": [("lot_ids", "in", self.ids)], "context": {}}
