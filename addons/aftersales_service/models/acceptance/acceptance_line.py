from odoo import fields, models


class AftersalesAcceptanceLine(models.Model):
    """What was ordered, delivered, accepted and found defective of one product."""

    _name = "aftersales.acceptance.line"
    _description = "Acceptance Line"

    acceptance_id = fields.Many2one(
        "aftersales.acceptance", required=True, ondelete="cascade", index=True
    )
    order_line_id = fields.Many2one("sale.order.line", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True)
    lot_ids = fields.Many2many("stock.lot", string="Serial Numbers")
    ordered_qty = fields.Float(digits="Product Unit")
    delivered_qty = fields.Float(digits="Product Unit")
    accepted_qty = fields.Float(digits="Product Unit")
    defective_qty = fields.Float(digits="Product Unit")
    defect_note = fields.Char()
