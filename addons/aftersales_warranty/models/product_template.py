from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    warranty_policy_id = fields.Many2one(
        "aftersales.warranty.policy",
        string="Warranty",
        help="Empty: that of the category, else the general one.",
    )
    warranty_excluded = fields.Boolean(
        string="No Warranty Card", help="Consumables and small fittings."
    )
    warranty_component_ids = fields.One2many(
        "aftersales.product.component", "product_tmpl_id", string="Key Components"
    )


class AftersalesProductComponent(models.Model):
    """A key component of a product, with a warranty of its own (R-W02)."""

    _name = "aftersales.product.component"
    _description = "Key Component"

    product_tmpl_id = fields.Many2one(
        "product.template", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", required=True)
    quantity = fields.Integer(default=1, required=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity BETWEEN 1 AND 1000)", "Between 1 and 1000 components."
    )
