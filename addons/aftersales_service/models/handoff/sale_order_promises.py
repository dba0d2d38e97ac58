from odoo import models

# What leads to a delivery; pointless once the goods are there
ROAD_EVENTS = ("handed_off", "factory_ordered", "contacted", "appointment_agreed")
ROAD_TASKS = ("complete", "call", "overdue")


class SaleOrder(models.Model):
    """Promises on the way to the delivery begin when they can be kept and end when
    they became pointless (R-H01, R-H05, R-H06).
    """

    _inherit = "sale.order"

    def _announce_contact(self, at):
        """From now on the customer can be called: the goods are ready, the clerk has
        the order, and nothing was delivered in another way.

        :param at: naive UTC datetime of the later of the two
        """
        ready = self.filtered(
            lambda order: (
                order.goods_ready_at
                and order.handed_off_at
                and order.delivery_status != "full"
            )
        )
        ready._sla_event("goods_ready", at)
        # those that ended when the clerk gave the order back begin again
        clocks = self.env["aftersales.sla.clock"].sudo()
        known = clocks._get_current(ready)
        valid = known.filtered(lambda clock: clock.recorded_state != "cancelled")
        clocks._start(ready, "goods_ready", at, valid)

    def _end_road(self, reason, events=ROAD_EVENTS):
        """End what nobody waits for any more, with its tasks; broken stays broken.

        :param reason: text kept on the promises
        :param events: names of the events that were waited for
        """
        if not self:
            return
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks.filtered(lambda clock: clock.stop_event in events)._cancel(reason)
        if events == ROAD_EVENTS:
            prefix = "aftersales_service.mail_activity_type_"
            self.activity_unlink([prefix + name for name in ROAD_TASKS])

    def _get_guide(self):
        """Who speaks with the customer: the salesperson, else whoever answers for the
        sale or the service (R-I06).
        """
        self.ensure_one()
        guide = self.user_id or self.team_id.user_id
        return guide or self._sla_recipients("supervisor")[:1]
