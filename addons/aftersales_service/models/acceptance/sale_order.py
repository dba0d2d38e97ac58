from odoo import fields, models
from odoo.exceptions import UserError

from ...readers import TEAM_AND_GUIDES
from .acceptance import SIGNED, VOID


class SaleOrder(models.Model):
    _inherit = "sale.order"

    acceptance_ids = fields.One2many(
        "aftersales.acceptance",
        "order_id",
        string="Acceptances",
        groups=TEAM_AND_GUIDES,
    )
    acceptance_count = fields.Integer(
        compute="_compute_acceptance_count", groups=TEAM_AND_GUIDES
    )

    def _compute_acceptance_count(self):
        counts = dict(
            self.env["aftersales.acceptance"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.acceptance_count = counts.get(order, 0)

    def action_create_acceptance(self):
        """Offer what was delivered and isn't in an acceptance yet (R-A01).

        :return: id of the new acceptance
        :raise UserError: nothing was delivered, or all of it is being accepted
        """
        self.ensure_one()
        order = self._check_may_follow()
        pickings = order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        )
        covered = order.acceptance_ids.filtered(lambda a: a.state not in VOID)
        pickings -= covered.picking_ids
        if not pickings:
            raise UserError(
                self.env._("%s: no delivery waits for acceptance.", order.name)
            )
        acceptances = self.env["aftersales.acceptance"].sudo()  # as _check_may_follow
        return acceptances.create(order._prepare_acceptance_vals(pickings)).id

    def _prepare_acceptance_vals(self, pickings):
        """Values of an acceptance of some deliveries, a line for each order line."""
        moves = pickings.move_ids.filtered(lambda m: m.state == "done")
        lines = [
            self._prepare_acceptance_line_vals(line, delivered)
            for line, delivered in moves.grouped("sale_line_id").items()
            if line
        ]
        visits = self.visit_ids.filtered(lambda v: v.picking_ids & pickings)
        products = moves.product_id.with_context(lang=self.company_id.partner_id.lang)
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "visit_id": visits[:1].id,
            "picking_ids": [fields.Command.set(pickings.ids)],
            "line_ids": [fields.Command.create(vals) for vals in lines],
            "document_line_ids": [
                fields.Command.create({"product_id": product.id, "name": name})
                for product in products
                for name in product._get_acceptance_documents()
            ],
        }

    def _prepare_acceptance_line_vals(self, line, moves):
        quantity = sum(moves.mapped("quantity"))
        return {
            "order_line_id": line.id,
            "product_id": line.product_id.id,
            "lot_ids": [fields.Command.set(moves.move_line_ids.lot_id.ids)],
            "ordered_qty": line.product_uom_qty,
            "delivered_qty": quantity,
            "accepted_qty": quantity,
            "criterion_ids": [
                fields.Command.create({"name": name})
                for name in line.product_id._get_acceptance_criteria()
            ],
        }

    def _action_cancel(self):
        """What wasn't signed yet is no longer offered."""
        result = super()._action_cancel()
        unsigned = self.sudo().acceptance_ids.filtered(
            lambda a: a.state not in (*SIGNED, "cancelled")
        )
        unsigned.write({"state": "cancelled"})
        unsigned.activity_ids.unlink()
        for acceptance in unsigned:
            acceptance._message_log(body=self.env._("The order was cancelled"))
        return result

    def action_view_acceptances(self):
        """Open the acceptances of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.acceptance_action"
        )
        return action | {"domain": [("order_id", "=", self.id)], "context": {}}

    def action_accept_delivery(self):
        """Button: create the acceptance and open it."""
        acceptance_id = self.action_create_acceptance()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.acceptance",
            "res_id": acceptance_id,
            "views": [(False, "form")],
        }
