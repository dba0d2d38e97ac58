from math import ceil

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
    warranty_key_component = fields.Boolean(
        string="Key Component",
        help="In the bill of materials of a product without a list of its own, this is"
        " a key component with a warranty of its own.",
    )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_key_components(self, company):
        """Key components of these products: their own list, else those of their bill
        of materials where manufacturing is installed (R-W02).

        :return: dict of product → list of (component, whole number of pieces)
        """
        rows = self.env["aftersales.product.component"].search_fetch(
            [("product_tmpl_id", "in", self.product_tmpl_id.ids)],
            ["product_tmpl_id", "product_id", "quantity"],
        )
        listed = rows.grouped("product_tmpl_id")
        result = {
            product: [
                (row.product_id, row.quantity)
                for row in listed.get(product.product_tmpl_id, ())
            ]
            for product in self
        }
        unlisted = self.filtered(lambda product: not result[product])
        if "mrp.bom" in self.env and unlisted:
            # whoever delivers may not read how goods are made
            boms = self.env["mrp.bom"].sudo()
            found = boms._bom_find(unlisted.sudo(), company_id=company.id)
            for product, bom in found.items():
                result[product] = [
                    (line.product_id, ceil(line.product_qty / bom.product_qty))
                    for line in bom.bom_line_ids
                    if line.product_id.warranty_key_component
                ]
        return result


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
