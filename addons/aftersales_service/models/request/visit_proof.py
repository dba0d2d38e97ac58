from odoo import models


class AftersalesVisit(models.Model):
    """What the customer signed on a repair is the proof of its visit, too (R-D09)."""

    _inherit = "aftersales.visit"

    def _has_proof(self):
        return super()._has_proof() or bool(self.request_id.signature)
