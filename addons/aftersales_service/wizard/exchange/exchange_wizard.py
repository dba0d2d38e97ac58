from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesExchangeWizard(models.TransientModel):
    """Shows what the customer has from us, and asks what comes back (R-X02)."""

    _name = "aftersales.exchange.wizard"
    _description = "Return or Exchange Goods"

    request_id = fields.Many2one("aftersales.request", readonly=True)
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    kind = fields.Selection(
        [("exchange", "Exchange"), ("return", "Return")],
        required=True,
        default="exchange",
    )
    reason = fields.Char(
        compute="_compute_reason", store=True, readonly=False, required=True
    )
    new_product_id = fields.Many2one(
        "product.product",
        string="Another Product Instead",
        domain="[('sale_ok', '=', True), ('type', '=', 'consu')]",
        help="Empty: the same again. It becomes a line of the order; the difference"
        " is charged, or paid back when a manager approved it.",
    )
    line_ids = fields.One2many(
        "aftersales.exchange.wizard.line",
        "wizard_id",
        string="Goods at the Customer's",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = wizard.reason or wizard.request_id.problem

    @api.depends("request_id", "order_id")
    def _compute_line_ids(self):
        rows = self.env["aftersales.exchange"]
        for wizard in self:
            source = wizard.request_id or wizard.order_id
            named = wizard.request_id.lot_id
            goods = rows._list_returnable(source) if source else []
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "product_id": product.id,
                        "lot_id": lot.id,
                        "left": left,
                        "quantity": 1 if lot and lot == named else 0,
                    }
                )
                for product, lot, left in goods
            ]

    def action_save(self):
        """Let the chosen goods come back."""
        self.ensure_one()
        lines = [
            {
                "product_id": line.product_id.id,
                "lot_id": line.lot_id.id,
                "quantity": line.quantity,
            }
            for line in self.line_ids
            if line.quantity
        ]
        if not lines:
            raise UserError(self.env._("Say how many come back."))
        if not self.request_id:
            self.order_id.action_exchange(self.reason, lines, self.kind)
        elif self.kind == "exchange" and self.new_product_id:
            product = self.new_product_id
            self.request_id.action_exchange_for(product.id, self.reason, lines)
        elif self.kind == "exchange":
            self.request_id.action_exchange(self.reason, lines)
        else:
            self.request_id.action_return(self.reason, lines)
        return {"type": "ir.actions.act_window_close"}


class AftersalesExchangeWizardLine(models.TransientModel):
    _name = "aftersales.exchange.wizard.line"
    _description = "Goods That May Come Back"

    wizard_id = fields.Many2one("aftersales.exchange.wizard", ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", string="Serial Number", readonly=True)
    left = fields.Float(
        string="At the Customer's", readonly=True, digits="Product Unit"
    )
    quantity = fields.Float(string="Comes Back", digits="Product Unit")
