from odoo import fields, models
from odoo.exceptions import UserError

from ...concurrency import serialize
from ...readers import TEAM_AND_GUIDES
from .visit import FINISHED
from .visit_order import DELIVERING


class SaleOrder(models.Model):
    _inherit = "sale.order"

    visit_ids = fields.One2many(
        "aftersales.visit", "order_id", string="Visits", groups=TEAM_AND_GUIDES
    )
    visit_count = fields.Integer(compute="_compute_visit_count", groups=TEAM_AND_GUIDES)

    def _compute_visit_count(self):
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.visit_count = counts.get(order, 0)

    def _check_record_contact(self, values):
        """A time in rest or meal hours needs the customer's own wish (R-D05).

        The note, which may be empty otherwise, says who wants such a time.
        """
        result = super()._check_record_contact(values)
        start, stop = self._parse_window(values["agreed_start"], values["agreed_stop"])
        quiet = self.sudo()._filter_quiet(start, stop)
        if quiet and not (values["note"] or "").strip():
            raise UserError(
                self.env._(
                    "%s: this is in the customer's rest or meal time. Note who wants"
                    " it so, or agree on another time.",
                    ", ".join(quiet.mapped("name")),
                )
            )
        return result

    def _after_record_contact(self, values):
        result = super()._after_record_contact(values)
        start, stop = self._parse_window(values["agreed_start"], values["agreed_stop"])
        quiet = self.sudo()._filter_quiet(start, stop)
        quiet._get_planned_visits().quiet_reason = values["note"]
        return result

    def _filter_quiet(self, start, stop):
        """Those of whose companies a time is in the rest or meal hours."""
        return self.filtered(
            lambda order: order._sla_company()._aftersales_is_quiet(start, stop)
        )

    def _get_planned_visits(self):
        """Deliveries and installations that nobody has set off for."""
        return self.visit_ids.filtered(
            lambda visit: (
                visit.kind in DELIVERING and visit.state in ("draft", "confirmed")
            )
        )

    def action_send_appointment(self):
        """Let the customer choose the delivery time by a link (R-H06).

        :return: dict(id, aftersales_state, visit_id, url) of the last order
        :raise UserError: not handed off yet, or no e-mail address
        """
        visits = self.env["aftersales.visit"].sudo()
        orders = self._check_may_follow()
        serialize(orders)  # one delivery, whoever plans it
        for order in orders:
            if not order.handed_off_at:
                raise UserError(self.env._("%s: hand the order off first.", order.name))
            visit = order._get_planned_visits()[:1]
            visit = visit or visits.create(order._prepare_visit_vals())
            url = visit.with_env(visits.env).action_send_appointment()["url"]
        return self._get_facts() | {"visit_id": visit.id, "url": url}

    def _on_appointment_agreed(self):
        """After-sales prepares the delivery for the agreed time (R-H07)."""
        result = super()._on_appointment_agreed()
        for order in self:
            planned = order._get_planned_visits()[:1]
            if planned:
                planned._move_to(
                    order.agreed_start,
                    order.agreed_stop,
                    order.env._("Agreed anew with the customer"),
                )
            else:
                self.env["aftersales.visit"].create(order._prepare_visit_vals())
        return result

    def _wait_for_appointment(self):
        """No time is agreed any more, unless another delivery is planned."""
        for order in self:
            if not order._get_planned_visits().filtered("scheduled_start"):
                order.write(
                    {"agreed_start": False, "agreed_stop": False, "scheduled_at": False}
                )

    def _prepare_visit_vals(self):
        """Values of the delivery visit of an order."""
        self.ensure_one()
        return {
            "kind": "installation" if self.installation_required else "delivery",
            "partner_id": self.partner_id.id,
            "address_id": self.partner_shipping_id.id,
            "contact_name": self.delivery_contact_name,
            "contact_phone": self.delivery_contact_phone,
            "order_id": self.id,
            "company_id": self.company_id.id,
            "picking_ids": [fields.Command.set(self._get_open_transfers().ids)],
            "scheduled_start": self.agreed_start,
            "scheduled_stop": self.agreed_stop,
        }

    def _action_cancel(self):
        result = super()._action_cancel()
        visits = self.sudo().visit_ids  # a guide may not write visits
        crews = visits.filtered(lambda v: v.kind in DELIVERING)
        crews.activity_ids.filtered("automated").unlink()
        visits.filtered(lambda v: v.state not in FINISHED)._cancel(
            self.env._("The order was cancelled")
        )
        return result

    def action_view_visits(self):
        """Open the visits of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_action"
        )
        return action | {"domain": [("order_id", "=", self.id)], "context": {}}
