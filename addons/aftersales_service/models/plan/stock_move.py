from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, *args, **kwargs):
        """Units that the customer gave back are inspected no more.

        What was taken along for repair isn't a return of a delivery and stays.
        """
        moves = super()._action_done(*args, **kwargs)
        returned = moves.filtered(
            lambda m: (
                m.state == "done"
                and m.origin_returned_move_id
                and m.location_id.usage == "customer"
            )
        )
        lots = returned.move_line_ids.lot_id
        if lots:
            # warehouse users only see stock
            plans = self.env["aftersales.visit.plan"].sudo()
            plans = plans.search(
                [("lot_ids", "in", lots.ids), ("state", "!=", "ended")]
            )
            plans._drop_units(lots, self.env._("returned by the customer"))
        return moves
