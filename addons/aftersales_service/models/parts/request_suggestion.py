from odoo import fields, models
from odoo.exceptions import UserError

from ..act.declaration import act
from ..request.request_acts import UNDER_WAY
from ..request.request_suggestion import SHOWN


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_part_ids = fields.Many2many(
        "product.product",
        "aftersales_product_part_rel",
        string="Usual Spare Parts",
        help="Proposed for its repairs until there is a history (R-S18).",
    )


class AftersalesRequest(models.Model):
    """What to bring along becomes part lines at a click (R-S18)."""

    _inherit = "aftersales.request"

    def _get_suggested_parts(self):
        """First what repairs needed, then what the product usually needs."""
        found = super()._get_suggested_parts()
        usual = self.product_id.aftersales_part_ids
        return found.union(*usual[: max(SHOWN - len(found), 0)])

    @act("ask_suggested", states=UNDER_WAY)
    def action_ask_suggested(self, ref=None):
        """Ask for the proposed parts that aren't on the request yet (R-S18).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, part_line_ids)
        :raise UserError: nothing is proposed
        """
        lines = self.env["aftersales.part.line"]
        for request in self:
            parts = request._get_suggested_parts() - request.part_line_ids.product_id
            stocked = parts.filtered("is_storable")
            lines += lines.create(
                [
                    {"request_id": request.id, "product_id": product.id}
                    for product in stocked
                ]
            )
        if not lines:
            raise UserError(self.env._("No other part is proposed."))
        return {"part_line_ids": lines.ids}
