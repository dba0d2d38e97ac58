from odoo import api, fields, models

from ...readers import TEAM_AND_GUIDES


class StockPicking(models.Model):
    _inherit = "stock.picking"

    aftersales_visit_ids = fields.Many2many(
        "aftersales.visit",
        string="Visits",
        groups=TEAM_AND_GUIDES,
        copy=False,  # whoever copies a transfer may not read visits
    )
    aftersales_visit_info = fields.Char(
        string="Visit",
        compute="_compute_aftersales_visit_info",
        help="Who goes to the customer and when.",
        groups="base.group_user",
    )

    @api.depends("aftersales_visit_ids.scheduled_start")
    def _compute_aftersales_visit_info(self):
        for picking in self:
            # The warehouse sees who comes for the goods, not the visits themselves
            visits = picking.sudo().aftersales_visit_ids
            picking.aftersales_visit_info = ", ".join(
                visits.filtered(lambda v: v.state != "cancelled").mapped("summary")
            )

    def _create_backorder(self, *args, **kwargs):
        """What stays behind goes along with the same visit."""
        backorders = super()._create_backorder(*args, **kwargs)
        for backorder in backorders.sudo():
            backorder.aftersales_visit_ids = backorder.backorder_id.aftersales_visit_ids
        return backorders

    def _action_done(self):
        """Defective goods stay; delivered serials join their visit (R-D04, R-D08)."""
        self.move_ids._check_before_leaving()
        result = super()._action_done()
        self.sudo().aftersales_visit_ids._on_goods_out()  # warehouse acts in stock
        return result
