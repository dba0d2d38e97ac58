from odoo import fields, models
from odoo.exceptions import UserError

from ...concurrency import serialize
from ...readers import TEAM_AND_GUIDES
from ...tools import check_values, find_records
from ..act.declaration import act


class SaleOrder(models.Model):
    """The visits that a contract promises begin with its acceptance (R-V01)."""

    _inherit = "sale.order"

    visit_plan_ids = fields.One2many(
        "aftersales.visit.plan",
        "order_id",
        string="Visit Plans",
        groups=TEAM_AND_GUIDES,
    )
    visit_plan_count = fields.Integer(
        compute="_compute_visit_plan_count", groups=TEAM_AND_GUIDES
    )

    def _compute_visit_plan_count(self):
        counts = dict(
            self.env["aftersales.visit.plan"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.visit_plan_count = counts.get(order, 0)

    def _on_accepted(self, at):
        """Start the plans of the templates that fit (R-V01, R-V02, R-V05)."""
        result = super()._on_accepted(at)
        templates = self.env["aftersales.visit.plan.template"]
        for order in self:
            day = order.company_id._aftersales_to_local(at).date()
            starting = templates._get_starting("acceptance", order.company_id)
            order._start_visit_plans(
                starting.filtered(
                    lambda t, o=order: o.filtered_domain(t._get_order_domain())
                ),
                day,
            )
        return result

    def _start_visit_plans(self, templates, day):
        """Start plans of this order, each kind once.

        :param templates: aftersales.visit.plan.template
        :param day: local date from which they count
        :return: the new plans
        """
        serialize(self)
        plans = self.env["aftersales.visit.plan"].sudo()
        known = plans.search([("order_id", "=", self.id), ("state", "!=", "ended")])
        return plans._start_from(
            templates - known.template_id,
            {
                "order_id": self.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "start_date": day,
                "lot_ids": [fields.Command.set(self._get_delivered_lots().ids)],
            },
        )

    def _get_delivered_lots(self):
        """Units that the customer has: delivered and not returned."""
        moves = self.sudo().order_line.move_ids.filtered(lambda m: m.state == "done")
        out = moves.filtered(lambda m: m.location_dest_id.usage == "customer")
        back = moves.filtered(lambda m: m.location_id.usage == "customer")
        return out.move_line_ids.lot_id - back.move_line_ids.lot_id

    @act("start_visit_plan", states=("sale",), access="read")
    def action_start_visit_plan(self, template_id, start_date=None, ref=None):
        """Start a plan of an order by hand.

        :param template_id: id of the kind of plan
        :param start_date: date from which it counts, empty for today
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_date) of the plan
        :raise UserError: not confirmed, or the order has such a plan already
        """
        self.ensure_one()
        order = self._check_may_follow()
        template = find_records(
            self.env["aftersales.visit.plan.template"],
            [template_id],
            self.env._("Kind of Plan"),
        )
        check_values(self.env["aftersales.visit.plan"], {"start_date": start_date})
        day = fields.Date.to_date(start_date)
        day = day or order.company_id._aftersales_now_local().date()
        plan = order._start_visit_plans(template, day)
        if not plan:
            raise UserError(self.env._("%s has such a plan already.", order.name))
        return plan._get_facts()

    def _action_cancel(self):
        """A cancelled contract promises no visits any more."""
        self.check_access("write")
        plans = self.sudo().visit_plan_ids.filtered(lambda p: p.state != "ended")
        reason = self.env._("The order was cancelled")
        plans._conclude(reason)  # before the visits are cancelled with the order
        result = super()._action_cancel()
        plans._tell_supervisors(reason)
        return result

    def action_view_visit_plans(self):
        """Open the visit plans of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_plan_action"
        )
        return action | {
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }
