from odoo import models

# order field → what its visits were made with
FOLLOWED = {
    "partner_shipping_id": "address_id",
    "delivery_contact_name": "contact_name",
    "delivery_contact_phone": "contact_phone",
}


class SaleOrder(models.Model):
    """Who goes to the customer learns of another address or telephone (R-D02)."""

    _inherit = "sale.order"

    def write(self, vals):
        """Visits and transfers follow the delivery address of their order."""
        touched = {*FOLLOWED, "partner_id"} & vals.keys()
        before = {order: order._get_delivery_place() for order in self if touched}
        result = super().write(vals)
        for order, place in before.items():
            order._follow_delivery_place(place)
        return result

    def _get_delivery_place(self):
        return {name: self[name] for name in FOLLOWED}

    def _follow_delivery_place(self, before):
        """Open visits that had the former place get the new one; their team is told.

        What was confirmed with the customer on the phone no longer holds.

        :param before: what ``_get_delivery_place`` answered before the change
        """
        order = self.sudo()  # guides may write neither visits nor transfers
        after = order._get_delivery_place()
        changed = [name for name in FOLLOWED if before[name] != after[name]]
        if not changed or order.state != "sale":
            return
        if "partner_shipping_id" in changed:
            old = before["partner_shipping_id"]
            open_transfers = order._get_open_transfers()
            open_transfers.filtered(lambda p: p.partner_id == old).write(
                {"partner_id": after["partner_shipping_id"].id}
            )
        for visit in order.visit_ids._get_not_arrived():
            visit._follow_place(
                {
                    FOLLOWED[name]: after[name]
                    for name in changed
                    if visit[FOLLOWED[name]] == before[name]
                }
            )


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    def _get_not_arrived(self):
        return self.filtered(lambda v: v.state in ("draft", "confirmed", "en_route"))

    def _follow_place(self, vals):
        """Go where the order says now; team, planner and call learn of it.

        :param vals: new values of address, contact and phone
        """
        if not vals:
            return
        before = self._get_place_text()
        self.write({name: getattr(value, "id", value) for name, value in vals.items()})
        if self.state == "draft":
            return
        self.call_ids.is_outdated = True  # address and phone are to be asked again
        text = f"{self.summary}: {before} → {self._get_place_text()}"
        team = self.assignment_ids.employee_id.user_id
        people = team | self._sla_recipients("supervisor")
        people._aftersales_notify(self.env._("Address or telephone changed"), [text])
        self._message_log(body=text)
        self._renew_tasks()

    def _get_place_text(self):
        return ", ".join(
            filter(None, (self.address, self.contact_name, self.contact_phone))
        )
