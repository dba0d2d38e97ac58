from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

WORK = [
    ("measure", "Measurement"),
    ("check", "Check"),
    ("clean", "Clean"),
    ("lubricate", "Lubricate"),
]


class AftersalesInspectionCriterion(models.Model):
    """A point that is measured, checked, cleaned or lubricated (R-V07, R-V08)."""

    _name = "aftersales.inspection.criterion"
    _description = "Inspection Point"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    work = fields.Selection(WORK, required=True, default="check")
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", help="Empty: with the category, or all."
    )
    categ_id = fields.Many2one(
        "product.category", string="Product Category", index="btree_not_null"
    )
    unit = fields.Char(string="Unit of Measure", help="E.g. mm, MΩ, °C.")
    has_lower = fields.Boolean(string="At Least")
    lower = fields.Float(string="Lower Limit", digits=(16, 4))
    has_upper = fields.Boolean(string="At Most")
    upper = fields.Float(string="Upper Limit", digits=(16, 4))
    mandatory = fields.Boolean(default=True, help="Must be done before completion.")
    company_id = fields.Many2one("res.company", help="Empty: for every company.")

    @api.constrains("work", "has_lower", "lower", "has_upper", "upper")
    def _check_limits(self):
        for point in self:
            if point.has_lower and point.has_upper and point.lower > point.upper:
                raise ValidationError(
                    self.env._("%s: the lower limit is above the upper.", point.name)
                )
            if point.work == "measure" and not (point.has_lower or point.has_upper):
                raise ValidationError(
                    self.env._("%s: what is measured needs a limit.", point.name)
                )

    @api.model
    def _get_for(self, products, company):
        """Points that apply to each product.

        :param products: product.product
        :param company: res.company
        :return: dict of product → points
        """
        found = self.search(
            Domain("company_id", "in", (False, company.id))
            & (
                Domain("product_tmpl_ids", "in", products.product_tmpl_id.ids)
                | Domain("product_tmpl_ids", "=", False)
            )
        )
        return {
            product: found.filtered(lambda p, x=product: p._applies_to(x))
            for product in products
        }

    def _applies_to(self, product):
        """The products named, else the category and those below it, else all."""
        if self.product_tmpl_ids:
            return product.product_tmpl_id in self.product_tmpl_ids
        path = product.categ_id.parent_path or ""
        return not self.categ_id or path.startswith(self.categ_id.parent_path)
