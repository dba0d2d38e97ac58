from odoo import api, models

from ..sla.sla_clock import BREACH
from .handoff_batch import TOLERANCE


class AftersalesSlaClock(models.Model):
    """What is particular to the promises of a contract."""

    _inherit = "aftersales.sla.clock"

    def _get_checkpoints(self):
        """Nobody is blamed before the batch of the cut-off could be made (R-H01)."""
        points = super()._get_checkpoints()
        if self.moment != "handoff_cutoff":
            return points
        return [
            (level, at + TOLERANCE if level == BREACH else at) for level, at in points
        ]

    @api.model
    def _get_current(self, records):
        """A contract that is confirmed again makes its promises again."""
        clocks = super()._get_current(records)
        if records._name != "sale.order":
            return clocks
        since = {order.id: order.confirmed_at for order in records.sudo()}
        return clocks.filtered(
            lambda c: not since[c.res_id] or c.started_at >= since[c.res_id]
        )
