from odoo import models

from .acceptance import SIGNED


class AftersalesVisit(models.Model):
    """The signed acceptance of what a visit brought is its proof, too (R-D09)."""

    _inherit = "aftersales.visit"

    def _has_proof(self):
        return super()._has_proof() or bool(
            self.order_id.acceptance_ids.filtered(
                lambda a: a.visit_id == self and a.state in SIGNED
            )
        )
