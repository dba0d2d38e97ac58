from odoo import models

from ...tools import require_text
from ..act.declaration import act


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    @act("exchange", states=("on_site", "done"))
    def action_exchange(self, product_id, quantity, reason, lot_name=None, ref=None):
        """A delivered item is swapped: it comes back, another one goes out (R-D07).

        Registered as a request of its own, unless the visit serves one. The customer
        gets a new appointment; supervisor and guide are told.

        :param product_id: id of the delivered product
        :param quantity: how many
        :param reason: why; required
        :param lot_name: serial number of the item that comes back, where it has one
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, picking_ids, next_visit_id, request_id)
        :raise UserError: nothing of it was delivered
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        visit = self.sudo()
        line = {"product_id": product_id, "quantity": quantity, "lot_name": lot_name}
        request = visit._get_exchange_request(reason, product_id)
        facts = request._take_goods_back("exchange", reason, [line], visit)
        return {
            "picking_ids": facts["picking_ids"],
            "next_visit_id": facts["visit_id"],
            "request_id": request.id,
        }

    def _get_exchange_request(self, reason, product_id):
        """The request that the visit serves, or a new one."""
        if self.request_id.type in ("return", "exchange"):
            if self.request_id.state not in ("closed", "cancelled"):
                return self.request_id
        return self.request_id.create(
            {
                "type": "exchange",
                "channel": "visit",
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "order_id": self.order_id.id,
                "product_id": self._check_product(product_id, 1).id,
                "contact_name": self.contact_name,
                "phone": self.contact_phone,
                "problem": reason,
            }
        )
