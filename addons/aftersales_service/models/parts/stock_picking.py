from odoo import api, fields, models
from odoo.exceptions import UserError

from ...readers import TEAM_AND_WAREHOUSE
from ...tools import check_signature
from ..act.declaration import act


class StockPicking(models.Model):
    """Warehouse users act through stock: the transfer says for whom the parts are."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "aftersales.act.mixin"]

    aftersales_part_info = fields.Char(
        string="Parts For",
        compute="_compute_aftersales_part_info",
        help="Request, visit and technician.",
        groups="base.group_user",
    )
    aftersales_has_gift = fields.Boolean(
        compute="_compute_aftersales_has_gift", groups=TEAM_AND_WAREHOUSE
    )

    @api.depends("move_ids.aftersales_part_line_id")
    def _compute_aftersales_part_info(self):
        for picking in self:
            # The warehouse sees for whom it is, not the requests themselves
            lines = picking.sudo().move_ids.aftersales_part_line_id
            picking.aftersales_part_info = ", ".join(
                sorted(set(filter(None, lines.mapped("destination"))))
            )

    @api.depends("move_ids.state", "move_ids.aftersales_gift_id")
    def _compute_aftersales_has_gift(self):
        for picking in self:
            picking.aftersales_has_gift = bool(picking._get_open_gifts())

    def _get_open_gifts(self):
        """Gifts that nobody has signed for and no order names."""
        return self.move_ids.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and not m.aftersales_gift_id
                and not m.sudo().sale_line_id
                and m._is_leaving_gift()
            )
        )

    @act("authorize_gift")
    def action_authorize_gift(
        self, kind, order_id=None, note=None, signature_base64=None, ref=None
    ):
        """Let the gifts of these transfers leave the store (R-P08).

        Your own sign-in is the signature; the kind must be yours to give.

        :param kind: "store_manager", "general_manager" or "contract"
        :param order_id: id of the confirmed sales order, for a contract
        :param note: remark
        :param signature_base64: drawn signature as a picture, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, authorization_ids)
        :raise AccessError: this signature is not yours
        :raise UserError: no gift waits, or the contract doesn't name it
        """
        moves = self._get_open_gifts()
        if not moves:
            raise UserError(self.env._("No gift waits for an authorisation."))
        if signature_base64:
            check_signature(self.env, signature_base64)
        acts = moves._authorize_gifts(kind, order_id, note, signature_base64)
        return {"authorization_ids": acts.ids}


class StockMove(models.Model):
    _inherit = "stock.move"

    def _authorize_gifts(self, kind, order_id=None, note=None, signature=None):
        goods = [
            {
                "product": move.product_id,
                "quantity": move.product_qty,
                "partner": move.picking_id.partner_id,
                "warehouse": move.picking_type_id.warehouse_id,
                "vals": {"part_line_id": move.sudo().aftersales_part_line_id.id},
            }
            for move in self
        ]
        authorizations = self.env["aftersales.gift.authorization"]
        acts = authorizations._authorize(kind, goods, order_id, note, signature)
        for move, gift in zip(self.sudo(), acts, strict=True):
            move.aftersales_gift_id = gift
        return acts
