from odoo import api, fields, models
from odoo.exceptions import UserError

from ...readers import TEAM_AND_GUIDES
from ..act.declaration import act
from .acceptance import CLOSED, VOID


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

    @act("create_acceptance", states=("sale", "cancel"), access="read")
    def action_create_acceptance(self, ref=None):
        """Offer what was delivered and isn't in an acceptance yet (R-A01).

        What was delivered before an order was cancelled is accepted like the rest.

        :param ref: the caller's own reference of this act, for a retry
        :return: id of the new acceptance
        :raise UserError: nothing was delivered, or all of it is being accepted
        """
        self.ensure_one()
        order = self._check_may_follow(cancelled=True)
        covered = order.acceptance_ids.filtered(lambda a: a.state not in VOID)
        arrived = order._get_road(last=True).filtered(
            lambda move: (
                move.state == "done"
                and move._is_arrival()
                and move.sale_line_id
                and move.picking_id not in covered.picking_ids
            )
        )
        vals = order._prepare_acceptance_vals(arrived)
        if not vals["line_ids"]:
            raise UserError(
                self.env._("%s: no delivery waits for acceptance.", order.name)
            )
        acceptances = self.env["aftersales.acceptance"].sudo()  # as _check_may_follow
        return acceptances.create(vals).id

    def _get_open_remarks(self):
        """Acceptances whose last defect isn't cured yet (R-A03)."""
        return self.acceptance_ids.filtered(
            lambda a: a.state == "accepted_with_remarks" and not a.completed_on
        )

    @api.depends("acceptance_ids.state", "acceptance_ids.completed_on")
    def _compute_aftersales_state(self):
        return super()._compute_aftersales_state()

    def _get_aftersales_state(self):
        """What is accepted with remarks isn't accepted until the last is cured."""
        stage = super()._get_aftersales_state()
        if stage == "accepted" and self.sudo()._get_open_remarks():
            return "accepted_with_remarks"
        return stage

    def _prepare_acceptance_vals(self, moves):
        """Values of an acceptance, a line for each order line with goods to accept.

        :param moves: deliveries that arrived and wait for an acceptance
        """
        lines = [
            line._prepare_acceptance_line_vals(arrived)
            for line, arrived in moves.grouped("sale_line_id").items()
        ]
        pickings = moves.picking_id
        visits = self.visit_ids.filtered(lambda v: v.picking_ids & pickings)
        products = moves.product_id.with_context(lang=self.company_id.partner_id.lang)
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "visit_id": visits[:1].id,
            "picking_ids": [fields.Command.set(pickings.ids)],
            "line_ids": [fields.Command.create(vals) for vals in lines if vals],
            "document_line_ids": [
                fields.Command.create({"product_id": product.id, "name": name})
                for product in products
                for name in product._get_acceptance_documents()
            ],
        }

    def _action_cancel(self):
        """What wasn't signed yet is no longer offered."""
        result = super()._action_cancel()
        unsigned = self.sudo().acceptance_ids.filtered(lambda a: a.state not in CLOSED)
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
