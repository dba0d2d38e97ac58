from odoo import models
from odoo.fields import Domain

from ...tools import OURS


class IrRule(models.Model):
    """Dialogs of our addons belong to whoever opened them.

    They hold what somebody is about to enter, figures of a company among it. Odoo
    lets everybody of the group read and change all of them.
    """

    _inherit = "ir.rule"

    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if (
            self.env.su
            or not model._transient
            or not model._original_module.startswith(OURS)
        ):
            return domain
        own = Domain("create_uid", "=", self.env.uid)
        return own & domain if domain else own
