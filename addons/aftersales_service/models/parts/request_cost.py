from odoo import api, fields, models


class AftersalesRequestCost(models.Model):
    """Parts that were fitted write what they cost themselves (R-S12)."""

    _inherit = "aftersales.request.cost"

    part_move_id = fields.Many2one(
        "stock.move", string="Fitting", readonly=True, copy=False
    )

    _part_move_uniq = models.UniqueIndex(
        "(part_move_id) WHERE part_move_id IS NOT NULL",
        "The cost of this part is recorded already.",
    )


class AftersalesPartLine(models.Model):
    _inherit = "aftersales.part.line"

    def _write_costs(self, moves):
        """What the fitted parts cost us, once for each stock move."""
        costs = self.env["aftersales.request.cost"].sudo()  # follows from the stock
        costs.create(
            [
                {
                    "request_id": move.aftersales_part_line_id.request_id.id,
                    "kind": "parts",
                    "product_id": move.product_id.id,
                    "quantity": move.quantity,
                    "unit_cost": move._get_aftersales_cost(),
                    "part_move_id": move.id,
                }
                for move in moves
                if move.aftersales_part_line_id.request_id
            ]
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_aftersales_cost(self):
        """Cost of one unit: the move's value, or the product's cost price."""
        self.ensure_one()
        if self.value and self.quantity:
            return abs(self.value) / self.quantity
        return self.product_id.with_company(self.company_id).standard_price


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    @api.depends(
        "part_line_ids.state",
        "part_line_ids.coverage",
        "part_line_ids.unit_price",
        "part_line_ids.used_qty",
        "cost_ids.kind",
    )
    def _compute_cost_total(self):
        """Labour, travel and lodging are free; of parts the customer pays (R-W09)."""
        result = super()._compute_cost_total()
        for request in self.filtered(lambda r: r.coverage == "chargeable"):
            by_hand = request.cost_ids.filtered(
                lambda cost: cost.kind == "parts" and not cost.part_move_id
            )
            lines = request.part_line_ids.filtered(lambda x: x.coverage == "chargeable")
            fitted = sum(line.used_qty * line.unit_price for line in lines)
            request.charged_total = sum(by_hand.mapped("amount")) + fitted
        return result
