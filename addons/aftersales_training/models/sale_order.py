from odoo import fields, models

from odoo.addons.aftersales_service.readers import TEAM_AND_GUIDES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    training_headcount = fields.Integer(
        string="People to Train",
        default=lambda self: self.env.company.aftersales_training_headcount,
        help="Promised in this contract (R-T01).",
    )
    training_days = fields.Integer(
        string="Days to Train Them",
        default=lambda self: self.env.company.aftersales_training_days,
        help="From the acceptance (R-T01).",
    )
    training_plan_ids = fields.One2many(
        "aftersales.training.plan", "order_id", groups=TEAM_AND_GUIDES
    )
    training_plan_count = fields.Integer(compute="_compute_training_plan_count")

    _training_headcount_positive = models.Constraint(
        "CHECK (training_headcount BETWEEN 1 AND 10000 AND training_days > 0)",
        "Training is for 1 to 10000 people, in at least one day.",
    )

    def _compute_training_plan_count(self):
        counts = dict(
            self.env["aftersales.training.plan"]
            .sudo()  # the guide sees that there is one
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.training_plan_count = counts.get(order, 0)

    def _get_training_lines(self):
        """Order lines whose product promises training."""
        return self.order_line.filtered(lambda x: x.product_id.aftersales_training)

    def action_confirm(self):
        """Contracts with training get their plan (R-T01)."""
        result = super().action_confirm()
        promised = self.sudo().filtered(  # guides confirm, but may not write plans
            lambda order: order.state == "sale" and order._get_training_lines()
        )
        promised.training_plan_ids._revive()
        self.env["aftersales.training.plan"].sudo().create(
            [
                order._prepare_training_plan_vals()
                for order in promised
                if not order.training_plan_ids
            ]
        )
        return result

    def _prepare_training_plan_vals(self):
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.company_id.aftersales_supervisor_id.id,
            "headcount": self.training_headcount,
            "training_days": self.training_days,
        }

    def _action_cancel(self):
        result = super()._action_cancel()
        plans = self.sudo().training_plan_ids  # guides may not write plans
        plans._cancel(self.env._("The order was cancelled"))
        return result

    def action_view_training_plan(self):
        """Open the training plan of this order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.training.plan",
            "res_id": self.training_plan_ids[:1].id,
            "views": [(False, "form")],
        }
