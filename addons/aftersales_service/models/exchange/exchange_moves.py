from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesExchange(models.Model):
    """Goods of the register: found, moved by Odoo's return, arrived (R-X02)."""

    _inherit = "aftersales.exchange"

    # ------------------------------------------------------------------
    # What the customer has
    # ------------------------------------------------------------------

    @api.model
    def _find_delivered(self, request, product, quantity, lot):
        """Deliveries that a quantity of a product comes back from.

        :param request: aftersales.request that names order or customer
        :param product: product.product
        :param quantity: in the product's unit
        :param lot: stock.lot that comes back, empty for what has none
        :return: list of (stock.move, quantity), the latest delivery first
        :raise UserError: the customer doesn't have that much
        """
        moves = self._search_deliveries(request, product)
        if lot:
            moves = moves.filtered(lambda m: lot in m._get_aftersales_lots_left())[:1]
        found, missing = [], quantity
        for move in moves:
            share = min(missing, 1 if lot else move._get_aftersales_left())
            if product.uom_id.compare(share, 0) > 0:
                found.append((move, share))
                missing -= share
        if product.uom_id.compare(missing, 0) > 0:
            names = product.display_name, lot.name
            raise UserError(
                self.env._(
                    "%(customer)s has no %(quantity)g × %(product)s from us.",
                    customer=request.order_id.name or request.partner_id.name or "?",
                    quantity=quantity,
                    product=" ".join(filter(None, names)),
                )
            )
        return found

    def _search_deliveries(self, source, product=None):
        order = source if source._name == "sale.order" else source.order_id
        domain = [
            ("state", "=", "done"),
            ("company_id", "=", source.company_id.id),
            ("location_dest_id.usage", "=", "customer"),
            ("picking_id", "!=", False),
        ]
        if product:
            domain.append(("product_id", "=", product.id))
        if order:
            domain.append(("sale_line_id.order_id", "=", order.id))
        else:
            partner = source.partner_id.commercial_partner_id
            domain.append(("picking_id.partner_id", "child_of", partner.ids))
        return self.env["stock.move"].sudo().search(domain, order="id desc")

    @api.model
    def _list_returnable(self, source):
        """What the customer has from us and may give back.

        :param source: sale.order, or aftersales.request with order or customer
        :return: list of (product.product, stock.lot, quantity in the product's unit)
        """
        moves = self._search_deliveries(source)
        domain = [("state", "=", "open"), ("origin_move_id", "in", moves.ids)]
        coming = self.sudo().search(domain).lot_id
        found, totals = [], {}
        for move in reversed(moves):
            product, left = move.product_id, move._get_aftersales_left()
            lots = move._get_aftersales_lots_left() - coming
            if product.tracking == "none":
                totals[product] = totals.get(product, 0) + left
            else:
                serial = product.tracking == "serial"
                found += [(product, lot, 1 if serial else left) for lot in lots]
        return found + [(p, p.env["stock.lot"], n) for p, n in totals.items() if n > 0]

    # ------------------------------------------------------------------
    # Transfers
    # ------------------------------------------------------------------

    def _move_goods(self):
        """Odoo's own return, with exchange: the transfers wait in the warehouse."""
        for picking, rows in self.grouped(
            lambda r: r.origin_move_id.picking_id
        ).items():
            wizard = self.env["stock.return.picking"].sudo()
            wizard = wizard.with_context(
                active_id=picking.id, active_model=picking._name, active_ids=picking.ids
            ).create({"picking_id": picking.id})
            lines = [fields.Command.create(row._prepare_line_vals()) for row in rows]
            wizard.product_return_moves = [fields.Command.clear(), *lines]
            if rows[0].kind == "exchange" and not rows[0].new_product_id:
                wizard.action_create_exchanges()
            else:
                wizard.action_create_returns()
        self.filtered("new_product_id")._sell_instead()
        for row in self.filtered("lot_id"):
            row._get_back_moves().move_line_ids.lot_id = row.lot_id

    def _spread_units(self):
        """Propose another unit for each row; Odoo proposes the first for all."""
        rows = self.filtered(
            lambda r: not r.lot_id and r.product_id.tracking == "serial"
        )
        for move, group in rows.grouped("origin_move_id").items():
            domain = [("origin_move_id", "=", move.id), ("state", "=", "open")]
            lots = move._get_aftersales_lots_left() - self.search(domain).lot_id
            for row, lot in zip(group, lots, strict=False):
                row._get_back_moves().move_line_ids.lot_id = lot

    def _prepare_line_vals(self):
        """Values of the line of Odoo's return wizard."""
        move = self.origin_move_id
        quantity = self.uom_id._compute_quantity(self.quantity, move.product_uom)
        return {
            "product_id": self.product_id.id,
            "move_id": move.id,
            "quantity": quantity,
            # what is replaced is delivered again: the order counts both
            "to_refund": self.kind == "exchange" or self.refund_state == "approved",
            "aftersales_exchange_id": self.id,
        }

    def _get_back_moves(self):
        return self.move_ids.filtered(
            lambda m: m.location_id.usage == "customer" and m.state != "cancel"
        )

    def _get_out_moves(self):
        return self.move_ids.filtered(
            lambda m: m.location_dest_id.usage == "customer" and m.state != "cancel"
        )

    def _is_replacement_complete(self):
        """All steps of the delivery are done, and the last one reached the customer."""
        outs = self.move_ids.filtered(
            lambda m: m.location_id.usage != "customer" and m.state != "cancel"
        )
        done = all(move.state == "done" for move in outs)
        return done and bool(self._get_out_moves())

    def _on_moved(self):
        """A transfer of these rows is done: note it, and who replaced whom (R-X02)."""
        for row in self.filtered(lambda r: r.state == "open"):
            back = row._get_back_moves()
            if not row.returned_at and any(m.state == "done" for m in back):
                row._note_return(back)
            if not row.replaced_at and row._is_replacement_complete():
                row._note_replacement()
            if row.returned_at and (row.kind == "return" or row.replaced_at):
                row.state = "done"

    def _note_return(self, moves):
        lots = moves.move_line_ids.lot_id
        if self.lot_id and lots and lots != self.lot_id:
            raise UserError(
                self.env._(
                    "%(row)s: unit %(expected)s was to come back, not %(found)s.",
                    row=self.request_id.name,
                    expected=self.lot_id.name,
                    found=", ".join(lots.mapped("name")),
                )
            )
        self.returned_at = moves.picking_id[:1].date_done or fields.Datetime.now()
        self.lot_id = self.lot_id or lots[:1]

    def _note_replacement(self):
        outs = self._get_out_moves()
        at = outs.picking_id[-1:].date_done or fields.Datetime.now()
        new = outs.move_line_ids.lot_id[:1]
        old = self.lot_id or self._get_back_moves().move_line_ids.lot_id[:1]
        self.write({"replaced_at": at, "lot_id": old.id, "new_lot_id": new.id})
        if old and new and self.product_id.tracking == "serial":
            self.request_id._on_unit_exchanged(old, new, at)
