from odoo import api, fields, models
from odoo.tools import format_date


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_stock = fields.Char(
        string="Stock",
        compute="_compute_aftersales_stock",
        help="Available now, expected on a date, or to be ordered (R-H03).",
    )

    @api.depends("qty_available_today", "virtual_available_at_date", "product_uom_qty")
    @api.depends_context("lang")
    def _compute_aftersales_stock(self):
        for line in self:
            line.aftersales_stock = line._get_aftersales_stock()

    def _get_aftersales_stock(self):
        open_qty = self.product_uom_qty - self.qty_delivered
        if not self.product_id.is_storable or open_qty <= 0:
            return False
        if self.qty_available_today >= open_qty:
            return self.env._("Available")
        if self.forecast_expected_date:
            return self.env._(
                "Expected on %s", format_date(self.env, self.forecast_expected_date)
            )
        return self.env._("To be ordered")

    def _get_handoff_issues(self, number):
        """What one line of goods lacks (R-H02).

        :param number: position among the goods, for the reader
        :return: list of texts
        """
        env, product = self.env, self.product_id
        free = self.price_unit <= 0 and self.discount < 100
        checks = (
            (not product.default_code, env._("model")),
            (self.product_uom_qty <= 0, env._("quantity")),
            (free, env._("unit price")),
        )
        return [
            env._(
                "Line %(number)s (%(product)s): %(item)s",
                number=number,
                product=product.name,
                item=item,
            )
            for missing, item in checks
            if missing
        ]
