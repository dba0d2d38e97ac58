from odoo import fields, models
from odoo.exceptions import UserError

from ...readers import ALL_ROLES, GUIDE, USER
from ..act.declaration import act
from ..request.request_acts import UNDER_WAY


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    @act("exchange_for", states=UNDER_WAY)
    def action_exchange_for(self, product_id, reason=None, lines=None, ref=None):
        """Take delivered goods back and deliver another product instead (R-X02).

        The other product becomes a line of the goods' own order, at its price list:
        what it costs more, the next invoice charges; what it costs less is paid back
        when a manager approved it, who is asked at once (R-X03).

        :param product_id: id of the product that is delivered instead, one for one
        :param reason: why; required
        :param lines: as for ``action_exchange``
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, exchange_ids, picking_ids, visit_id, order_line_ids,
            price_difference: in the order's currency with taxes, negative for what
            the customer gets back)
        :raise UserError: the goods weren't sold with a confirmed order
        """
        product = self.env["aftersales.visit"]._check_product(product_id, 1)
        facts = self._take_goods_back(
            "exchange", reason, lines, new_product_id=product.id
        )
        rows = self.env["aftersales.exchange"].sudo().browse(facts["exchange_ids"])
        difference = sum(row._get_price_difference() for row in rows)
        if rows.currency_id[:1].compare_amounts(difference, 0) < 0:
            self.action_ask_refund(reason)
        rows._log_price_difference(difference)
        return facts | {
            "order_line_ids": rows.new_line_ids.ids,
            "price_difference": difference,
        }


class AftersalesExchange(models.Model):
    """Another product instead of the same one, with its price difference."""

    _inherit = "aftersales.exchange"

    new_product_id = fields.Many2one(
        "product.product", string="Another Product", readonly=True
    )
    new_line_ids = fields.One2many(
        "sale.order.line",
        "aftersales_exchange_id",
        readonly=True,
        groups=f"{USER},{GUIDE}",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")

    def _sell_instead(self):
        """Sell the other product on the order that the goods came with."""
        for row in self:
            line = row.origin_move_id.sale_line_id
            if line.order_id.state != "sale":
                raise UserError(
                    self.env._(
                        "%s: only goods of a confirmed order are exchanged for another"
                        " product.",
                        row.display_name,
                    )
                )
            self.env["sale.order.line"].create(
                {
                    "order_id": line.order_id.id,
                    "product_id": row.new_product_id.id,
                    "product_uom_qty": row.quantity,
                    "aftersales_exchange_id": row.id,
                }
            )

    def _get_price_difference(self):
        """What the other product costs more than what comes back, with taxes."""
        line = self.origin_move_id.sale_line_id
        sold = line.product_uom_id._compute_quantity(line.product_uom_qty, self.uom_id)
        back = line.price_total * self.quantity / sold if sold else 0
        new = sum(self.new_line_ids.mapped("price_total"))
        return self.currency_id.round(new - back)

    def _log_price_difference(self, difference):
        row = self[:1]
        text = self.env._(
            "%(product)s instead, price difference: %(amount)s",
            product=row.new_product_id.display_name,
            amount=row.currency_id.format(difference),
        )
        row.request_id._message_log(body=text)
        row.order_id._message_log(body=text)

    def _cancel(self, reason):
        """What was sold instead isn't any more."""
        result = super()._cancel(reason)
        ended = self.filtered(lambda row: row.state == "cancelled")
        ended.new_line_ids.product_uom_qty = 0
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_exchange_id = fields.Many2one(
        "aftersales.exchange",
        string="Instead Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ALL_ROLES,
    )

    def _prepare_procurement_values(self):
        """Its delivery is the replacement of what comes back (R-X02)."""
        values = super()._prepare_procurement_values()
        row = self.sudo().aftersales_exchange_id
        return values | ({"aftersales_exchange_id": row.id} if row else {})
