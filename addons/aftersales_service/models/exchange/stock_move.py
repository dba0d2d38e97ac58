from odoo import fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """Goods that come back from a customer, and those that replace them."""

    _inherit = "stock.move"

    aftersales_exchange_id = fields.Many2one(
        "aftersales.exchange",
        string="Return or Exchange",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    aftersales_taken_back = fields.Float(
        string="Taken Back",
        copy=False,
        readonly=True,
        digits="Product Unit",
        help="How much of this delivery is in the register of returns and exchanges,"
        " in the product's unit.",
    )

    def _get_aftersales_left(self):
        """How much of this delivery the customer still has, in the product's unit."""
        unit = self.product_id.uom_id
        delivered = self.product_uom._compute_quantity(self.quantity, unit)
        return delivered - max(self.aftersales_taken_back, self._get_returned(unit))

    def _get_returned(self, unit):
        moves = self.returned_move_ids.filtered(lambda m: m.state != "cancel")
        return sum(
            m.product_uom._compute_quantity(
                m.quantity if m.state == "done" else m.product_uom_qty, unit
            )
            for m in moves
        )

    def _get_aftersales_lots_left(self):
        """Units of this delivery that the customer still has."""
        back = self.returned_move_ids.filtered(lambda m: m.state == "done")
        lots = self.move_line_ids.lot_id - back.move_line_ids.lot_id
        return lots.filtered(lambda lot: lot.location_id.usage != "internal")

    # ------------------------------------------------------------------
    # The link follows the goods, and only them
    # ------------------------------------------------------------------

    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "aftersales_exchange_id",
        ]

    def _is_aftersales_linked(self):
        return super()._is_aftersales_linked() or bool(self.aftersales_exchange_id)

    def _prepare_move_split_vals(self, qty):
        vals = super()._prepare_move_split_vals(qty)
        return vals | {"aftersales_exchange_id": self.aftersales_exchange_id.id}

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.aftersales_exchange_id:
            values["aftersales_exchange_id"] = self.aftersales_exchange_id.id
        return values

    # ------------------------------------------------------------------
    # What a return may do
    # ------------------------------------------------------------------

    def _action_cancel(self):
        """What was promised instead of a refund can't be dropped in stock (R-X03)."""
        promised = self.sudo().filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.aftersales_exchange_id.state == "open"
            )
        )
        if promised:
            raise UserError(
                self.env._(
                    "%s promises these goods: cancel the exchange, or have the refund"
                    " approved.",
                    promised[0].aftersales_exchange_id.display_name,
                )
            )
        return super()._action_cancel()

    def _check_refund(self):
        """Goods come back for money only when a manager approved it (R-X03).

        :raise UserError: names the request
        """
        returns = self.filtered(
            lambda m: (
                m.location_id.usage == "customer"
                and m.location_dest_id.usage != "customer"
                and m.to_refund
                and m.state not in ("done", "cancel")
            )
        )
        for move in returns.sudo():  # the warehouse knows no requests
            move._get_refund_requests()._check_refund_approved()

    def _get_refund_requests(self):
        """The requests whose approval this return needs."""
        row = self.aftersales_exchange_id
        if row:
            free = row.kind == "exchange" or row.unplanned
            return row.request_id.filtered(lambda request: not free)
        line = self.sale_line_id
        return self.env["aftersales.request"]._find_open_returns(line)
