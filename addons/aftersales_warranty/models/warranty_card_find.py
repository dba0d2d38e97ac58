import base64
from io import BytesIO

import qrcode

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.tools import optional_text


class AftersalesWarrantyCard(models.Model):
    """Cards are found as people ask for them."""

    _inherit = "aftersales.warranty.card"

    @api.model
    def find(self, serial=None, phone=None, order=None):
        """Look cards up (R-W12); only those that the caller may see.

        :param serial: serial number of the unit
        :param phone: phone of the customer, as written or digits only
        :param order: name of the sales order
        :return: list of dicts (id, name, serial, product, partner, order, start_date,
            end_date, state)
        :raise UserError: nothing to look for
        """
        serial = optional_text(self.env, serial, self.env._("Serial Number"))
        phone = optional_text(self.env, phone, self.env._("Phone"))
        order = optional_text(self.env, order, self.env._("Sales Order"))
        if not (serial or phone or order):
            raise UserError(self.env._("Give a serial number, a phone or an order."))
        domain = []
        if serial:
            lots = self.env["stock.lot"]
            lots = lots._aftersales_find(serial, companies=self.env.companies)
            domain.append(("lot_id", "in", lots.ids))
        if order:
            domain.append(("order_id.name", "=", order))
        if phone:
            domain.append(("partner_id", "in", self._find_partners(phone).ids))
        return [card._get_facts() for card in self.search(domain)]

    def _find_partners(self, phone):
        """Customers who have this phone, and those they belong to."""
        found, _possible = self.env["res.partner"]._aftersales_find_by_phone(phone)
        return found | found.commercial_partner_id

    # ------------------------------------------------------------------
    # Smart buttons
    # ------------------------------------------------------------------

    @api.model
    def _count_by(self, name, records):
        """Cards of each record, those that the user may see.

        :param name: many2one field of the card
        :return: dict of record → number
        """
        if not self.has_access("read"):
            return {}
        return dict(self._read_group([(name, "in", records.ids)], [name], ["__count"]))

    @api.model
    def _get_action(self, name, record):
        """Action that opens the cards of one record."""
        record.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.warranty_card_action"
        )
        return action | {"domain": [(name, "=", record.id)], "context": {}}

    def action_view_requests(self):
        """Open the requests about this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.request_action"
        )
        return action | {"domain": [("warranty_card_id", "=", self.id)], "context": {}}

    def _get_settled_at(self):
        if self.is_void:
            return self.ended_on or self.write_date
        return self.state == "expired" and self.end_date

    # ------------------------------------------------------------------
    # Code on the unit
    # ------------------------------------------------------------------

    def _get_public_url(self):
        """Page of this card for whoever holds the unit (R-W12)."""
        self.ensure_one()
        token = self.sudo().public_token  # printed on the card, hidden in lists
        return f"{self.get_base_url()}/warranty/{token}"

    def _get_qr_code(self):
        """PNG (base64) of a code that leads to the public page."""
        stream = BytesIO()
        image = qrcode.make(self._get_public_url(), box_size=6, border=2)
        image.save(stream, "PNG")
        return base64.b64encode(stream.getvalue())
