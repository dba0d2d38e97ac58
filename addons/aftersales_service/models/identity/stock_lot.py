from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...identity import serial_key


class StockLot(models.Model):
    """Units are found by their serial number, however it is written (R-N09)."""

    _inherit = "stock.lot"

    aftersales_serial_key = fields.Char(
        string="Number as Compared",
        compute="_compute_aftersales_serial_key",
        store=True,
        precompute=True,
        index=True,
        copy=False,
    )

    @api.depends("name")
    def _compute_aftersales_serial_key(self):
        for lot in self:
            lot.aftersales_serial_key = serial_key(lot.name) or False

    @api.model
    def _aftersales_find(self, *serials, products=None, companies=None):
        """Units with these numbers; whoever takes a call may look a number up.

        Where units are kept that differ in spelling only, the one that is spelt like
        the number asked for comes alone.

        :param serials: numbers as people write them
        :param products: product.product that they belong to; empty for any
        :param companies: res.company; empty for the current one
        :return: stock.lot (sudo) of these companies or of none
        """
        domain = Domain("aftersales_serial_key", "in", list(self._get_keys(serials)))
        companies = companies or self.env.company
        domain &= Domain("company_id", "in", [False, *companies.ids])
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        found = self.sudo().search(domain)
        exact = found.filtered(lambda lot: lot.name in serials)
        spelt = set(
            exact.mapped(lambda lot: (lot.product_id, lot.aftersales_serial_key))
        )
        return exact | found.filtered(
            lambda lot: (lot.product_id, lot.aftersales_serial_key) not in spelt
        )

    @api.model
    def _get_keys(self, serials):
        return set(filter(None, map(serial_key, serials)))

    @api.model
    def _aftersales_find_one(self, serial, product=None):
        """The unit with a number, of a product where that is known.

        :param serial: number as people write it
        :param product: product.product, may be empty
        :return: stock.lot (sudo)
        :raise UserError: unknown, of another product, or of several products
        """
        units = self._aftersales_find(serial)
        mine = (
            units.filtered(lambda lot: lot.product_id == product) if product else units
        )
        if len(mine) == 1:
            return mine
        if not units:
            raise UserError(self.env._("Serial number %s is unknown.", serial))
        names = ", ".join(sorted(set(units.product_id.mapped("display_name"))))
        if product and not mine:
            self._aftersales_refuse(serial, names, product)
        raise UserError(
            self.env._(
                "Several units have number %(number)s, name the product: %(products)s.",
                number=serial,
                products=names,
            )
        )

    def _aftersales_refuse(self, serial, names, product):
        """Refuse a number with a product that it isn't of (R-N09)."""
        raise ValidationError(
            self.env._(
                "%(number)s is a serial number of %(products)s, not of %(product)s.",
                number=serial,
                products=names,
                product=product.display_name,
            )
        )
