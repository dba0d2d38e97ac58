from odoo import models
from odoo.exceptions import AccessError

from ...tools import is_ours


class ProductTemplate(models.Model):
    """After-sales managers say what we promise for a product, not what it costs."""

    _inherit = "product.template"

    def write(self, vals):
        if not self.env.su:
            self._check_aftersales_fields(vals)
        return super().write(vals)

    def _check_aftersales_fields(self, vals):
        """:raise AccessError: names what only a manager of products changes"""
        if self.env.user.has_group("product.group_product_manager"):
            return
        others = [
            field._description_string(self.env)
            for name in vals
            if (field := self._fields.get(name)) is not None and not is_ours(field)
        ]
        if others:
            raise AccessError(
                self.env._(
                    "%s: changed by those who manage products. After-sales sets"
                    " warranty, parts and training of a product.",
                    ", ".join(others),
                )
            )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        if not self.env.su:
            self.product_tmpl_id._check_aftersales_fields(vals)
        return super().write(vals)
