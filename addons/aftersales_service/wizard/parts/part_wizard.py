from odoo import api, fields, models

from ...models.parts.gift_authorization import KINDS


class AftersalesPartWizard(models.TransientModel):
    """Asks for what an act on parts or gifts needs, then performs it."""

    _name = "aftersales.part.wizard"
    _description = "Act on Parts"

    act = fields.Selection(
        [
            ("refuse", "Refuse"),
            ("use", "Fitted"),
            ("return", "Bring Back"),
            ("gift", "Authorise Gift"),
        ],
        required=True,
        readonly=True,
    )
    line_ids = fields.Many2many("aftersales.part.line", readonly=True)
    picking_id = fields.Many2one("stock.picking", readonly=True)
    is_single = fields.Boolean(compute="_compute_is_single")
    tracking = fields.Selection(related="line_ids.product_id.tracking")
    reason = fields.Char()
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, digits="Product Unit"
    )
    lot_name = fields.Char(string="New Serial Number", help="Empty: the one issued.")
    old_lot_name = fields.Char(string="Old Serial Number")
    kind = fields.Selection(KINDS, string="Authorised By", default="store_manager")
    order_name = fields.Char(
        string="Contract", help="Number of the confirmed sales order."
    )
    signature = fields.Binary()

    @api.depends("line_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.line_ids) == 1

    @api.depends("line_ids")
    def _compute_quantity(self):
        """What the technician still has."""
        for wizard in self:
            line = wizard.line_ids[:1]
            wizard.quantity = line.out_qty - line.returning_qty

    @api.model
    def default_get(self, fields):
        """Started from a list: the lines marked there."""
        vals = super().default_get(fields)
        context = self.env.context
        if context.get("active_model") == "aftersales.part.line":
            vals.setdefault("line_ids", [(6, 0, context.get("active_ids", []))])
        return vals

    def _find_contract(self):
        """The warehouse names the order, but doesn't read the orders."""
        orders = self.env["sale.order"].sudo()
        name = (self.order_name or "").strip()
        domain = [
            ("name", "=", name),
            ("company_id", "in", self.env.companies.ids),
        ]
        return orders.search(domain, limit=1) if name else orders

    def action_save(self):
        """Perform the act through the public method and close."""
        self.ensure_one()
        lines = self.line_ids
        quantity = self.quantity if self.is_single else None
        gift = {
            "kind": self.kind,
            "order_id": self._find_contract().id,
            "note": self.reason,
            "signature_base64": self.signature,
        }
        {
            "refuse": lambda: lines.action_refuse(self.reason),
            "use": lambda: lines.action_use(self.lot_name, self.old_lot_name, quantity),
            "return": lambda: lines.action_return(quantity),
            "gift": lambda: (self.picking_id or lines).action_authorize_gift(**gift),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
