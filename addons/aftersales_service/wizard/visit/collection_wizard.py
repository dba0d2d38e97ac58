from odoo import api, fields, models


class AftersalesCollectionWizard(models.TransientModel):
    """What the customer paid to the team (R-H11)."""

    _name = "aftersales.collection.wizard"
    _description = "Record a Payment"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    method = fields.Selection(
        [("cash", "Cash"), ("bank", "Bank or Phone")], default="cash", required=True
    )
    note = fields.Char()

    @api.depends("order_id")
    def _compute_amount(self):
        for wizard in self:
            # whoever may collect learns what is owed
            wizard.amount = wizard.order_id._check_may_collect().aftersales_balance

    def action_save(self):
        """Record it and close."""
        self.ensure_one()
        self.order_id.action_record_collection(
            amount=self.amount,
            paid_by=self.method,
            note=self.note,
            client_ref=f"wizard-{self.id}",
        )
        return {"type": "ir.actions.act_window_close"}
