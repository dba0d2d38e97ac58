from odoo import fields, models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    aftersales_exchange_id = fields.Many2one(
        "aftersales.exchange", string="Return or Exchange"
    )

    def _split_units(self):
        """One line for each unit with a serial number."""
        result = self
        for line in self.filtered(lambda x: x.product_id.tracking == "serial"):
            count = round(line.quantity)
            line.quantity = 1
            for _number in range(count - 1):
                result += line.copy()
        return result

    def _process_line(self, new_picking):
        """The system notes on the move what it belongs to."""
        known = self.move_id.returned_move_ids
        result = super()._process_line(new_picking)
        moves = self.move_id.returned_move_ids - known
        moves.sudo().aftersales_exchange_id = self.aftersales_exchange_id
        return result


class StockReturnPicking(models.TransientModel):
    """Odoo's own return: what a customer sends back enters the register (R-X05)."""

    _inherit = "stock.return.picking"

    def action_create_exchanges(self):
        wizard = self.with_context(aftersales_kind="exchange")
        return super(StockReturnPicking, wizard).action_create_exchanges()

    def _create_return(self):
        self._register_lines()
        picking = super()._create_return()
        self.product_return_moves.aftersales_exchange_id.sudo()._spread_units()
        return picking

    def _get_proc_values(self, line):
        values = super()._get_proc_values(line)
        exchange = line.aftersales_exchange_id
        return values | ({"aftersales_exchange_id": exchange.id} if exchange else {})

    def _register_lines(self):
        """Enter goods of an order that come back without an act of ours.

        An open request for them is used, else one is made: the warehouse must be able
        to take goods in at any time; who pays what is decided later (R-X03).
        """
        lines = self.product_return_moves.filtered(
            lambda line: (
                line.quantity > 0
                and line.move_id.location_dest_id.usage == "customer"
                and line.move_id.sale_line_id
                and not line.aftersales_exchange_id
            )
        )
        for sale_line, group in (
            lines.sudo().grouped(lambda line: line.move_id.sale_line_id).items()
        ):
            self._register_group(sale_line.sudo(), group._split_units())

    def _register_group(self, sale_line, lines):
        kind = self.env.context.get("aftersales_kind", "return")
        requests = self.env["aftersales.request"].sudo()  # the warehouse acts in stock
        request = requests._find_open_returns(sale_line)[:1]
        unplanned = all(request.exchange_ids.mapped("unplanned"))
        if request and not request.exchange_ids:
            unplanned = False
        if kind == "return" and not unplanned and any(lines.mapped("to_refund")):
            request._check_refund_approved()
        reason = self.env._("Return of %s", self.picking_id.name)
        if not request:
            order = sale_line.order_id
            goods = [{"product_id": sale_line.product_id.id}]
            vals = order._prepare_exchange_vals(kind, reason, goods)
            request = requests.create(
                {key: value for key, value in vals.items() if value is not None}
            )
        rows = self.env["aftersales.exchange"].sudo()
        for line in lines:
            line.aftersales_exchange_id = rows.create(
                {
                    "request_id": request.id,
                    "kind": kind,
                    "unplanned": unplanned,
                    "reason": reason,
                    "product_id": line.product_id.id,
                    "quantity": line.uom_id._compute_quantity(
                        line.quantity, line.product_id.uom_id
                    ),
                    "origin_move_id": line.move_id.id,
                    "order_id": sale_line.order_id.id,
                }
            )
