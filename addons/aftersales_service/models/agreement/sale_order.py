from odoo import fields, models

from ...readers import TEAM_AND_GUIDES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    agreement_ids = fields.One2many(
        "aftersales.agreement",
        "order_id",
        string="Service Agreements",
        groups=TEAM_AND_GUIDES,
    )
    agreement_count = fields.Integer(
        compute="_compute_agreement_count", groups=TEAM_AND_GUIDES
    )

    def _compute_agreement_count(self):
        counts = dict(
            self.env["aftersales.agreement"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.agreement_count = counts.get(order, 0)

    def _action_cancel(self):
        """Nothing is owed under a cancelled contract any more."""
        result = super()._action_cancel()
        agreements = self.sudo().agreement_ids
        agreements.filtered(lambda a: a.state != "ended")._end(
            self.env._("The order was cancelled")
        )
        return result

    def action_view_agreements(self):
        """Open the service agreement of this project, or a new one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.agreement_action"
        )
        vals = {"domain": [("order_id", "=", self.id)]}
        if len(self.agreement_ids) < 2:
            vals |= {"views": [(False, "form")], "res_id": self.agreement_ids.id}
        return action | vals | {"context": {"default_order_id": self.id}}
