from odoo import models


class StockMove(models.Model):
    """The next step to the customer goes along with the visit of the one before."""

    _inherit = "stock.move"

    def _assign_picking_post_process(self, new=False):
        """Odoo makes the second and third transfer when the one before is done."""
        result = super()._assign_picking_post_process(new=new)
        # whoever moves goods in the warehouse may not read visits
        visits = self.sudo().move_orig_ids.picking_id.aftersales_visit_ids
        if visits and self._get_road():
            picking = self.picking_id.sudo()
            picking.aftersales_visit_ids |= visits
            planned = visits.filtered("scheduled_start").mapped("scheduled_start")
            if new and planned:
                picking.scheduled_date = min(planned)
        return result
