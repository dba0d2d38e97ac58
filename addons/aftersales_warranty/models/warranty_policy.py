from odoo import api, fields, models


class AftersalesWarrantyPolicy(models.Model):
    """What is promised for how long; copied into each card (R-W01, R-W07)."""

    _name = "aftersales.warranty.policy"
    _description = "Warranty Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    unit_months = fields.Integer(string="Whole Unit (Months)", default=36)
    component_months = fields.Integer(
        string="Key Components (Months)",
        default=60,
        help="For components that have no line of their own below.",
    )
    component_line_ids = fields.One2many(
        "aftersales.warranty.policy.component", "policy_id", string="Components"
    )
    exchange_months = fields.Integer(string="Free Exchange (Months)", default=120)
    service_life_months = fields.Integer(string="Service Life (Months)", default=120)
    extension_months = fields.Integer(string="Extension (Months)", default=12)
    final_maintenance_days = fields.Integer(default=30)
    small_fitting_limit = fields.Float(help="Fittings up to this cost are free.")
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Empty: for every product that has no policy of its own.",
    )

    _months_positive = models.Constraint(
        "CHECK (unit_months > 0 AND component_months > 0 AND exchange_months >= 0"
        " AND service_life_months >= 0 AND extension_months >= 0)",
        "A warranty lasts at least one month.",
    )

    @api.model
    def _get_for_products(self, products, company):
        """Policy of each product: its own, its category's, else the first general one.

        :return: dict of product → policy (may be empty)
        """
        domain = [("company_id", "in", (False, company.id))]
        policies = self.sudo().search(domain)  # terms aren't secret to the warehouse
        general = policies.filtered(lambda policy: not policy.categ_ids)[:1]
        return {
            product: product.warranty_policy_id
            or policies.filtered(lambda p, c=product.categ_id: c in p.categ_ids)[:1]
            or general
            for product in products
        }

    def _get_component_months(self, product):
        """Months promised for a component: its product's line, its category's, else
        the general number."""
        lines = self.component_line_ids
        line = lines.filtered(lambda x: x.product_id == product)[:1] or lines.filtered(
            lambda x: x.categ_id and x.categ_id == product.categ_id
        )
        return line[:1].months or self.component_months


class AftersalesWarrantyPolicyComponent(models.Model):
    """A term of its own for a component or a category of components."""

    _name = "aftersales.warranty.policy.component"
    _description = "Warranty of a Component"

    policy_id = fields.Many2one(
        "aftersales.warranty.policy", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product")
    categ_id = fields.Many2one("product.category", string="Category")
    months = fields.Integer(required=True, default=60)

    _what_check = models.Constraint(
        "CHECK ((product_id IS NULL) != (categ_id IS NULL))",
        "Choose either a product or a category.",
    )
    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A warranty lasts at least one month."
    )
