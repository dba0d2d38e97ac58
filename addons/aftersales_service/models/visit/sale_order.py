from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    visit_ids = fields.One2many("aftersales.visit", "order_id", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")

    def _compute_visit_count(self):
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.visit_count = counts.get(order, 0)

    def _on_appointment_agreed(self):
        """After-sales prepares the delivery for the agreed time (R-H07)."""
        result = super()._on_appointment_agreed()
        for order in self:
            planned = order.visit_ids.filtered(
                lambda visit: (
                    visit.kind in ("delivery", "installation")
                    and visit.state in ("draft", "confirmed")
                )
            )[:1]
            if planned:
                planned._move_to(
                    order.agreed_start,
                    order.agreed_stop,
                    order.env._("Agreed anew with the customer"),
                )
            else:
                self.env["aftersales.visit"].create(order._prepare_visit_vals())
        return result

    def _prepare_visit_vals(self):
        """Values of the delivery visit of an order."""
        self.ensure_one()
        pickings = self.picking_ids.filtered(
            lambda p: (
                p.picking_type_code == "outgoing" and p.state not in ("done", "cancel")
            )
        )
        return {
            "kind": "installation" if self.installation_required else "delivery",
            "partner_id": self.partner_id.id,
            "address_id": self.partner_shipping_id.id,
            "contact_name": self.delivery_contact_name,
            "contact_phone": self.delivery_contact_phone,
            "order_id": self.id,
            "company_id": self.company_id.id,
            "picking_ids": [fields.Command.set(pickings.ids)],
            "scheduled_start": self.agreed_start,
            "scheduled_stop": self.agreed_stop,
        }

    def _action_cancel(self):
        result = super()._action_cancel()
        visits = self.sudo().visit_ids  # a guide may not write visits
        visits.filtered(lambda v: v.state not in ("done", "failed"))._cancel(
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
