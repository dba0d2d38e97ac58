from odoo import api, models
from odoo.exceptions import AccessError, UserError


class AftersalesSlaProof(models.AbstractModel):
    """What the engine writes and nobody else, whatever rights he has (R-C08)."""

    _name = "aftersales.sla.proof"
    _description = "Written by the Ledger Only"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        """Refused to every client; the engine writes as superuser."""
        self._check_engine()
        return super().write(vals)

    def _check_engine(self):
        if not self.env.su:
            raise AccessError(self.env._("Promises are recorded by acts only."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(self.env._("Promises are kept as proof and never deleted."))
