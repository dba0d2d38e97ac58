from odoo import api, fields, models

from ...readers import TECHNICIAN


class AftersalesRequestCost(models.Model):
    """What a request cost us: travel, lodging, labour, parts (R-S12)."""

    _name = "aftersales.request.cost"
    _description = "Cost of a Request"
    _inherit = ["aftersales.request.detail"]
    _order = "id"

    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("travel", "Travel"),
            ("lodging", "Lodging"),
            ("labour", "Labour"),
            ("parts", "Parts"),
        ],
        default="labour",
        required=True,
    )
    product_id = fields.Many2one("product.product", string="Part", index=True)
    name = fields.Char(
        string="Description", compute="_compute_name", store=True, readonly=False
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    unit_cost = fields.Monetary()
    amount = fields.Monetary(compute="_compute_amount", store=True)

    _amount_positive = models.Constraint(
        "CHECK (quantity >= 0 AND unit_cost >= 0)", "Costs can't be negative."
    )

    @api.depends("product_id", "kind")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for cost in self:
            cost.name = cost.name or cost.product_id.display_name or labels[cost.kind]

    @api.depends("quantity", "unit_cost")
    def _compute_amount(self):
        for cost in self:
            cost.amount = cost.quantity * cost.unit_cost


class AftersalesRequest(models.Model):
    """The customer pays what no warranty covers and no broken promise forgave."""

    _inherit = "aftersales.request"

    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_ids = fields.One2many(
        "aftersales.request.cost",
        "request_id",
        string="Costs",
        groups="aftersales_service.group_aftersales_technician",
    )
    cost_total = fields.Monetary(
        compute="_compute_cost_total", store=True, groups=TECHNICIAN
    )
    charged_total = fields.Monetary(
        string="Charged to the Customer",
        compute="_compute_cost_total",
        store=True,
        help="Nothing within the warranty or at our cost (R-S12, R-S10).",
    )

    @api.depends("cost_ids.amount", "coverage")
    def _compute_cost_total(self):
        for request in self:
            request.cost_total = sum(request.cost_ids.mapped("amount"))
            charged = request.coverage == "chargeable"
            request.charged_total = request.cost_total if charged else 0
