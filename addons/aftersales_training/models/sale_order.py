from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    training_headcount = fields.Integer(
        string="People to Train",
        default=lambda self: self.env.company.aftersales_training_headcount,
        help="Promised in this contract (R-T01).",
    )
    training_plan_ids = fields.One2many("aftersales.training.plan", "order_id")
    training_plan_count = fields.Integer(compute="_compute_training_plan_count")

    def _compute_training_plan_count(self):
        counts = dict(
            self.env["aftersales.training.plan"]
            .sudo()  # the guide sees that there is one
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.training_plan_count = counts.get(order, 0)

    def action_confirm(self):
        """Contracts with training get their plan (R-T01)."""
        result = super().action_confirm()
        promised = self.filtered(
            lambda order: (
                order.state == "sale"
                and any(order.order_line.product_id.mapped("aftersales_training"))
            )
        )
        if promised:
            plans = self.env["aftersales.training.plan"].sudo()  # guides confirm
            planned = promised.sudo().training_plan_ids.order_id
            plans.create(
                [
                    {
                        "order_id": order.id,
                        "company_id": order.company_id.id,
                        "headcount": order.training_headcount,
                    }
                    for order in promised - planned
                ]
            )
        return result

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
