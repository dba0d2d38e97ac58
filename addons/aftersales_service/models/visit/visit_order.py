from odoo import models

DELIVERING = ("delivery", "installation")


class AftersalesVisit(models.Model):
    """The order that a visit delivers knows the appointment as the visit does."""

    _inherit = "aftersales.visit"

    def _is_agreed(self):
        """Whether the customer reckons with the appointment."""
        self.ensure_one()
        return bool(
            self.scheduled_start
            and (
                self.state != "draft"
                or self.customer_confirmed_at
                or self.sudo().order_id.agreed_start == self.scheduled_start
            )
        )

    def _get_delivering(self):
        return self.filtered(lambda v: v.kind in DELIVERING and v.order_id)

    def _sync_order(self, facts=None):
        """Guide, warehouse and customer see the new time (R-H07, R-D03).

        :param facts: other values for the orders
        """
        for visit in self._get_delivering():
            start, stop = visit.scheduled_start, visit.scheduled_stop
            visit.order_id.write(
                {"agreed_start": start, "agreed_stop": stop, **(facts or {})}
            )
            visit._get_pending_deliveries().write({"scheduled_date": start})

    def _drop_appointment(self):
        """The customer is told; the order waits for another time (R-D03, R-D13)."""
        self._send_appointment("mail_template_visit_dropped")
        self._get_delivering().order_id.filtered(
            lambda order: order.state == "sale"
        )._wait_for_appointment()

    def _plan_rest(self, pickings):
        """What couldn't be delivered gets another appointment (R-D13).

        :param pickings: transfers that stay open
        :return: the new visit, to be agreed by the guide
        """
        self.picking_ids -= pickings
        rest = self.copy(
            {"origin_visit_id": self.id, "picking_ids": [(6, 0, pickings.ids)]}
        )
        self.order_id._wait_for_appointment()
        self.order_id._get_guide()._aftersales_assign(
            rest,
            lambda visit, env: env._("Part was delivered: agree a time for the rest"),
        )
        return rest
