from odoo import fields, models
from odoo.exceptions import UserError

from ..act.declaration import act


class SaleOrder(models.Model):
    """The guide agrees the delivery time with the customer (R-H06, R-H07)."""

    _inherit = "sale.order"

    @act("record_contact", states=("sale",), stamp="contacted_at", access="read")
    def action_record_contact(self, agreed_start, agreed_stop, note=None, ref=None):
        """Record that the customer was called and which time was agreed.

        A second call moves the appointment; both stay in the chatter.

        :param agreed_start: UTC time in the future
        :param agreed_stop: UTC time after it
        :param note: what else was said
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, aftersales_state, agreed_start, agreed_stop)
        :raise UserError: not confirmed, not handed off, or times that can't be
        """
        orders = self.sudo()  # the facts are readonly to readers
        start, stop = self._parse_window(agreed_start, agreed_stop)
        orders._ensure_handed_off()
        orders._ensure_wishes()
        now = self[:1]._act_at()
        orders.write({"contacted_at": now, "agreed_start": start, "agreed_stop": stop})
        orders._sla_event("contacted", now)
        orders._sla_event("appointment_agreed", now)
        orders.activity_unlink(["aftersales_service.mail_activity_type_call"])
        orders._log_contact(note)
        orders._schedule_pickings()
        orders._on_appointment_agreed()
        return {
            "agreed_start": fields.Datetime.to_string(start),
            "agreed_stop": fields.Datetime.to_string(stop),
        }

    def _check_record_contact(self, values):
        """Whether this may be recorded now, by this user; rooms add their rules.

        :param values: dict(agreed_start, agreed_stop, note)
        """
        self._check_may_follow()

    def _after_record_contact(self, values):
        """What follows from the contact in other rooms.

        :param values: dict(agreed_start, agreed_stop, note)
        """

    def _ensure_wishes(self):
        """What needs installation isn't agreed before its wishes are known (R-H08).

        The product may have been added after the hand-off.
        """
        for order in self:
            missing = order._get_installation_issues()
            if missing:
                raise UserError(
                    self.env._(
                        "%(order)s: first ask the customer: %(missing)s",
                        order=order.name,
                        missing=", ".join(missing),
                    )
                )

    def _parse_window(self, start, stop):
        """Two UTC times of an appointment to come, checked."""
        try:
            start, stop = map(fields.Datetime.to_datetime, (start, stop))
        except (TypeError, ValueError):
            start = stop = None
        if not (start and stop):
            raise UserError(
                self.env._("Start and end are needed (YYYY-MM-DD HH:MM:SS, UTC).")
            )
        if stop <= start:
            raise UserError(self.env._("The appointment ends before it starts."))
        if start < fields.Datetime.now():
            raise UserError(self.env._("%(at)s UTC is in the past.", at=start))
        return start, stop

    def _log_contact(self, note):
        for order in self:
            zone = order._sla_company().aftersales_tz
            order = order.with_context(tz=zone)
            text = order.env._(
                "Agreed with the customer: %(start)s to %(stop)s (%(zone)s). %(note)s",
                start=order._format_moment(order.agreed_start),
                stop=order._format_moment(order.agreed_stop),
                zone=zone,
                note=note or "",
            )
            order._message_log(body=text)

    def _schedule_pickings(self):
        """Every open step to the customer is planned for the agreed time."""
        for start, orders in self.grouped("agreed_start").items():
            orders._get_open_transfers().write({"scheduled_date": start})

    def _on_appointment_agreed(self):
        """A time was agreed: prepare the visit. Other rooms extend this hook."""
