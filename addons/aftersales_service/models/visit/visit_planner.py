from odoo import models
from odoo.exceptions import AccessError

from ...tools import is_ours


class AftersalesVisit(models.Model):
    """What of a visit is the planner's, not the team's."""

    _inherit = "aftersales.visit"

    def write(self, vals):
        """What a visit is linked with, its team may see: the planner's choice."""
        if any(self._is_link(self._fields.get(name)) for name in vals):
            self._check_planner()
        return super().write(vals)

    def _check_planner(self):
        """Who is sent neither plans the visit (R-K04) nor rates it (R-D14).

        :raise AccessError: the caller is none of after-sales
        """
        if not (self.env.su or self.env.user._is_aftersales("user")):
            raise AccessError(
                self.env._("After-sales plans visits and records their ratings.")
            )

    def _is_link(self, field):
        return (
            field is not None
            and field.type in ("many2one", "many2many")
            and field.comodel_name != "ir.attachment"
            and is_ours(field)
        )
