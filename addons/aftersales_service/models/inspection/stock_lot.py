from odoo import api, fields, models

from ...readers import TEAM_AND_GUIDES


class StockLot(models.Model):
    _inherit = "stock.lot"

    lubricant_id = fields.Many2one(
        "aftersales.lubricant",
        compute="_compute_lubricant_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The one grade and type that this unit gets (R-V08).",
    )
    inspection_line_ids = fields.One2many(
        "aftersales.inspection.line",
        "lot_id",
        string="Inspection Results",
        groups=TEAM_AND_GUIDES,
    )

    @api.depends("product_id")
    def _compute_lubricant_id(self):
        for lot in self:
            lot.lubricant_id = lot.lubricant_id or lot.product_id.lubricant_id

    def action_view_inspections(self):
        """Open all values ever measured on this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.inspection_line_action"
        )
        return action | {"domain": [("lot_id", "=", self.id)], "context": {}}
