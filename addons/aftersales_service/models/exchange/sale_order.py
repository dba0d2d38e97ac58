from odoo import models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "aftersales.act.mixin"]

    @act("exchange", access="read")
    def action_exchange(self, reason=None, lines=None, kind="exchange", ref=None):
        """Goods of this order come back: registered and set going at once (R-X01).

        :param reason: why; required
        :param lines: list of dict(product_id, quantity, lot_name or lot_id); required
        :param kind: "exchange" or "return"
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, exchange_ids, picking_ids, visit_id), the id of the
            request
        """
        self.ensure_one()
        self._check_may_follow(cancelled=True)  # what was delivered may come back
        reason = require_text(self.env, reason, self.env._("Reason"))
        if kind not in ("exchange", "return"):
            raise UserError(self.env._("“%s”: exchange or return?", kind))
        usable = isinstance(lines, list) and all(isinstance(x, dict) for x in lines)
        if not lines or not usable:
            raise UserError(self.env._("A list of goods is needed."))
        requests = self.env["aftersales.request"]
        vals = self._prepare_exchange_vals(kind, reason, lines)
        request = requests.browse(requests.register(vals=vals))
        return request._take_goods_back(kind, reason, lines)

    def _prepare_exchange_vals(self, kind, reason, lines):
        """Values of the request for goods of this order that come back."""
        products = {line.get("product_id") for line in lines}
        partner = self.partner_shipping_id
        place = " ".join(filter(None, (partner.city, partner.street)))
        return {
            "type": kind,
            "channel": "store",
            "order_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": products.pop() if len(products) == 1 else None,
            "contact_name": self.delivery_contact_name or partner.name,
            "phone": self.delivery_contact_phone or partner.phone or None,
            "address": place or None,
            "problem": reason,
        }
