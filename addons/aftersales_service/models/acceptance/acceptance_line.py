from odoo import api, fields, models
from odoo.exceptions import ValidationError

CRITERIA = ("quantity_ok", "model_ok", "appearance_ok", "function_ok", "original_ok")


class AftersalesAcceptanceLine(models.Model):
    """What was ordered, delivered, accepted and found defective of one product."""

    _name = "aftersales.acceptance.line"
    _description = "Acceptance Line"
    _inherit = ["aftersales.acceptance.part", "aftersales.units.mixin"]
    _order = "id"
    _findings = frozenset(
        {"accepted_qty", "defective_qty", "defect_note", "criterion_ids", *CRITERIA}
    )

    order_line_id = fields.Many2one("sale.order.line", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, portal=True)
    lot_ids = fields.Many2many(check_company=False)
    lot_names = fields.Char(portal=True)
    ordered_qty = fields.Float(
        string="Ordered Quantity", digits="Product Unit", portal=True
    )
    delivered_qty = fields.Float(
        string="Delivered Quantity", digits="Product Unit", portal=True
    )
    accepted_qty = fields.Float(
        string="Accepted Quantity", digits="Product Unit", portal=True
    )
    defective_qty = fields.Float(
        string="Defective Quantity", digits="Product Unit", portal=True
    )
    defect_note = fields.Char(string="Defect", portal=True)
    quantity_ok = fields.Boolean(string="Quantity", default=True)
    model_ok = fields.Boolean(string="Model", default=True)
    appearance_ok = fields.Boolean(string="Appearance", default=True)
    function_ok = fields.Boolean(string="Function", default=True)
    original_ok = fields.Boolean(
        string="New and Original",
        default=True,
        help="New, original, of the ordered brand and model (R-A06).",
    )
    criterion_ids = fields.One2many(
        "aftersales.acceptance.criterion",
        "line_id",
        string="Criteria of the Product",
        portal=True,
    )
    is_flawless = fields.Boolean(
        compute="_compute_is_flawless", compute_sudo=True, portal=True
    )

    @api.depends("defective_qty", "criterion_ids.passed", *CRITERIA)
    def _compute_is_flawless(self):
        for line in self:
            line.is_flawless = not (line.defective_qty or line._get_failed())

    def _get_failed(self):
        """Names of the criteria that weren't met, in the reader's language."""
        failed = [
            self._fields[name]._description_string(self.env)
            for name in CRITERIA
            if not self[name]
        ]
        own = self.criterion_ids.filtered(lambda criterion: not criterion.passed)
        return failed + own.mapped("name")

    @api.constrains("accepted_qty", "defective_qty", "delivered_qty")
    def _check_quantities(self):
        for line in self:
            parts = (line.accepted_qty, line.defective_qty)
            if min(parts) < 0 or sum(parts) > line.delivered_qty:
                raise ValidationError(
                    self.env._(
                        "%s: accepted and defective can't be more than delivered.",
                        line.product_id.display_name,
                    )
                )
