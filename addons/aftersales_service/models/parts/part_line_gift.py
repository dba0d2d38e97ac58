from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...readers import TEAM_AND_WAREHOUSE
from ...tools import check_signature
from ..act.declaration import act

# what customers see: what was decided for them; a gift is a surprise until it is given
SHOWN = Domain("state", "not in", ("requested", "refused")) & (
    Domain("kind", "!=", "gift") | Domain("state", "=", "used")
)


class AftersalesPartLine(models.Model):
    """Gifts for a customer, handed over on a visit (R-P08)."""

    _inherit = "aftersales.part.line"

    gift_authorization_ids = fields.One2many(
        "aftersales.gift.authorization",
        "part_line_id",
        string="Authorised",
        readonly=True,
        groups=TEAM_AND_WAREHOUSE,
    )
    is_shown = fields.Boolean(
        string="Shown to the Customer",
        compute="_compute_is_shown",
        search="_search_is_shown",
    )

    @api.depends("state", "kind")
    def _compute_is_shown(self):
        shown = self.filtered_domain(SHOWN)
        for line in self:
            line.is_shown = line in shown

    def _search_is_shown(self, operator, value):
        return SHOWN if operator == "in" else NotImplemented

    @act(
        "authorize_gift",
        states=("requested", "approved", "reserved"),
        access="read",
    )
    def action_authorize_gift(
        self, kind, order_id=None, note=None, signature_base64=None, ref=None
    ):
        """Let these gifts leave the store (R-P08); see the same method of transfers.

        :param kind: "store_manager", "general_manager" or "contract"
        :param order_id: id of the confirmed sales order, for a contract
        :param note: remark
        :param signature_base64: drawn signature as a picture, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, authorization_ids)
        :raise AccessError: this signature is not yours
        :raise UserError: no gift, or the contract doesn't name it
        """
        lines = self.sudo()
        if not all(line._is_gift() for line in lines):
            raise UserError(self.env._("Only gifts need this authorisation."))
        if signature_base64:
            check_signature(self.env, signature_base64)
        authorizations = self.env["aftersales.gift.authorization"]
        goods = [line._prepare_gift() for line in lines]
        acts = authorizations._authorize(kind, goods, order_id, note, signature_base64)
        for gift in acts:
            line = gift.part_line_id
            line._get_open_moves("issue").write({"aftersales_gift_id": gift.id})
        return {"authorization_ids": acts.ids}

    def _is_gift(self):
        """A gift by what it is for, or by what it is."""
        store = self.product_id.categ_id.aftersales_store
        return "gift" in (self.kind, store)

    def _prepare_gift(self):
        return {
            "product": self.product_id,
            "quantity": self.quantity,
            "partner": self.partner_id,
            "warehouse": self.warehouse_id,
            "vals": {"part_line_id": self.id},
        }
