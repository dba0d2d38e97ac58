from odoo import models
from odoo.exceptions import AccessError

from ...tools import is_ours
from .visit import PLANNER_FIELDS


class AftersalesVisit(models.Model):
    """What of a visit is the planner's, not the team's."""

    _inherit = "aftersales.visit"

    def _check_planner(self, names):
        """Who is sent neither plans the visit (R-K04) nor rates it (R-D14).

        What a visit is linked with, its team may see: that's the planner's choice, too.
        """
        links = {name for name in names if self._is_link(self._fields.get(name))}
        if links or names & (PLANNER_FIELDS | {"rating"}):
            if not self.env.user._is_aftersales("user"):
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
