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
    repair_months = fields.Integer(
        string="Free Repair (Months)",
        default=60,
        help="For causes that lie in the product, beyond the term of the unit.",
    )
    exchange_months = fields.Integer(
        string="Free Exchange (Months)",
        default=120,
        help="For the causes that are marked so.",
    )
    service_life_months = fields.Integer(
        string="Service Life (Months)",
        default=120,
        help="What can't be repaired within it is replaced.",
    )
    extension_months = fields.Integer(
        string="Extension (Months)",
        default=12,
        help="Added once when the final maintenance fails.",
    )
    final_maintenance_days = fields.Integer(
        string="Final Maintenance (Days)",
        default=30,
        help="So many days before the end an engineer shows that the unit performs as"
        " promised. 0: none.",
    )
    reminder_days = fields.Integer(
        string="Reminder (Days)",
        default=30,
        help="So many days before the end the customer is told. 0: never.",
    )
    exchange_term = fields.Selection(
        [("remaining", "The Rest of the Term"), ("full", "A Full New Term")],
        string="An Exchanged Unit Gets",
        default="remaining",
        required=True,
    )
    small_fitting_limit = fields.Float(
        default=20.0, help="After the term, fittings up to this cost price are free."
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Empty: for every product that has no policy of its own.",
    )

    _months_positive = models.Constraint(
        "CHECK (unit_months BETWEEN 1 AND 1200 AND component_months BETWEEN 1 AND 1200"
        " AND repair_months BETWEEN 0 AND 1200 AND exchange_months BETWEEN 0 AND 1200"
        " AND service_life_months BETWEEN 0 AND 1200"
        " AND extension_months BETWEEN 1 AND 120)",
        "A warranty lasts at least one month, and no longer than 100 years.",
    )
    _days_positive = models.Constraint(
        "CHECK (final_maintenance_days BETWEEN 0 AND 365 AND reminder_days BETWEEN 0"
        " AND 365 AND small_fitting_limit >= 0)",
        "Days lie between 0 and 365, the limit for small fittings isn't negative.",
    )

    @api.model
    def _get_for_products(self, products, company):
        """Policy of each product: its own, its nearest category's, else the first
        general one. Archived policies and those of other companies don't count.

        :return: dict of product → policy (may be empty)
        """
        domain = [("company_id", "in", (False, company.id))]
        # terms aren't secret to the warehouse
        policies = self.sudo().search_fetch(domain, self._get_read_ahead())
        general = policies.filtered(lambda policy: not policy.categ_ids)[:1]
        return {
            product: (product.sudo().warranty_policy_id & policies)
            or policies._get_for_category(product.categ_id)
            or general
            for product in products
        }

    @api.model
    def _get_read_ahead(self):
        """Fields of its own that a card copies: read with the search."""
        return [
            name
            for name, field in self._fields.items()
            if field.column_type and field.store and not field.translate
        ]

    def _get_for_category(self, category):
        """The first of these policies for a category, else for what it belongs to."""
        while category:
            found = self.filtered(lambda policy, c=category: c in policy.categ_ids)
            if found:
                return found[:1]
            category = category.parent_id
        return self.browse()

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
