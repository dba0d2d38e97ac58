from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import find_given, is_quantity
from ..act.declaration import act

FREE_KINDS = ("delivery", "installation", "commissioning")


class AftersalesVisit(models.Model):
    """What goes to the customer with a visit, and what comes back."""

    _inherit = "aftersales.visit"

    goods_out_at = fields.Datetime(string="Goods Left On", readonly=True, copy=False)

    currency_id = fields.Many2one(related="order_id.currency_id", portal=True)
    balance_due = fields.Monetary(
        string="Still to Pay",
        related="order_id.aftersales_balance",
        related_sudo=True,
        help="What the team collects (R-H11).",
        portal=True,
    )
    is_free = fields.Boolean(
        string="Free of Charge",
        compute="_compute_is_free",
        compute_sudo=True,
        help="Installing is free until both sides accept it (R-D16).",
        portal=True,
    )

    @api.depends("kind", "order_id.aftersales_state")
    def _compute_is_free(self):
        for visit in self:
            visit.is_free = (
                visit.kind in FREE_KINDS
                and bool(visit.order_id)
                and visit.order_id.sudo().aftersales_state != "accepted"
            )

    def _get_pick_moves(self):
        """Goods that go to the customer with this visit (R-H09)."""
        moves = self.picking_ids.move_ids
        return moves._get_road(last=True) & moves

    def _get_pending_deliveries(self):
        """Transfers of this visit that haven't brought the goods yet, of each step."""
        pickings = self.picking_ids
        return (pickings.move_ids._get_road().picking_id & pickings)._get_open()

    def _deliver_goods(self):
        """A completed visit delivers what was reserved for it; the rest stays open.

        What the warehouse validated already isn't moved again; what it reserved and
        never validated goes through every step.

        :raise UserError: goods that never got ready, or a serial number is missing
        """
        visit = self.sudo()  # technicians only read stock
        moved = self.env["stock.picking"]
        while ready := visit._get_reserved_deliveries(moved):
            ready.move_ids._tell_unchecked(self)
            ready.with_context(skip_backorder=True, skip_sms=True).button_validate()
            moved |= ready
        rest = visit._get_pending_deliveries()
        stuck = rest.filtered(lambda picking: picking.backorder_id not in moved)
        if stuck and not (self._get_delivering() and visit._has_brought_goods()):
            raise UserError(
                self.env._(
                    "The goods of %s are not ready: validate the transfer first.",
                    ", ".join(stuck.mapped("name")),
                )
            )
        if rest and self._get_delivering():
            visit._plan_rest(rest)

    def _get_reserved_deliveries(self, moved):
        """The next steps that can be done, but not what stays behind of those done."""
        return (self._get_pending_deliveries() - moved).filtered(
            lambda p: p.state == "assigned" and p.backorder_id not in moved
        )

    def _has_brought_goods(self):
        """Whether part of what the visit should bring is at the customer's."""
        steps = self._get_pick_moves()
        return any(move.state == "done" and move._is_arrival() for move in steps)

    def _on_goods_out(self):
        """The warehouse let the goods go: the team knows, the units are known."""
        for visit in self:
            moves = visit.picking_ids.move_ids.filtered(
                lambda m: m.state == "done" and (m._is_arrival() or m._is_handed_back())
            )
            visit.lot_ids |= moves.move_line_ids.lot_id
            if moves and not (visit.goods_out_at or visit._get_pending_deliveries()):
                visit.goods_out_at = fields.Datetime.now()
                names = ", ".join(moves.picking_id.mapped("name"))
                visit._message_log(body=self.env._("Goods left: %s", names))

    @act("return_surplus", states=("on_site", "done"))
    def action_return_surplus(
        self, product_id, quantity, lot_name=None, note=None, ref=None
    ):
        """Fittings that were left over come back to the store (R-D11).

        :param product_id: id of the product
        :param quantity: how many, in the product's unit
        :param lot_name: serial number, where the product has them
        :param note: remark for the warehouse
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, picking_id): the transfer that waits in the warehouse
        """
        self.ensure_one()
        visit = self.sudo()
        product = visit._check_product(product_id, quantity)
        lot = visit._find_lot(product, lot_name)
        picking = self.env["stock.picking"].sudo().create(visit._prepare_return_vals())
        picking.note = note
        move = (
            self.env["stock.move"]
            .sudo()
            .create(
                {
                    "picking_id": picking.id,
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        )
        picking.action_confirm()
        if lot:
            move.move_line_ids.lot_id = lot
        visit._message_log(
            body=self.env._(
                "Surplus comes back: %(product)s × %(quantity)g (%(picking)s)",
                product=product.display_name,
                quantity=quantity,
                picking=picking.name,
            )
        )
        return {"picking_id": picking.id}

    def _prepare_return_vals(self):
        warehouse = self.picking_ids.picking_type_id.warehouse_id[:1]
        warehouse = warehouse or self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        kind = warehouse.out_type_id.return_picking_type_id or warehouse.in_type_id
        customer = self.partner_id.with_company(self.company_id)
        return {
            "partner_id": self.address_id.id,
            "picking_type_id": kind.id,
            "location_id": customer.property_stock_customer.id,
            "location_dest_id": kind.default_location_dest_id.id,
            "origin": self.name,
        }

    def _check_product(self, product_id, quantity):
        product = find_given(self.env["product.product"].sudo(), product_id)
        if not product:
            raise UserError(self.env._("Unknown product: %s", product_id))
        if not is_quantity(quantity):
            raise UserError(self.env._("“%s” is not a quantity.", quantity))
        return product

    def _find_lot(self, product, name):
        lot = self.env["stock.lot"]._aftersales_find(name, products=product)[:1]
        if not lot and (name or product.tracking == "serial"):
            raise UserError(
                self.env._(
                    "%(product)s has no serial number “%(name)s”.",
                    product=product.display_name,
                    name=name or "",
                )
            )
        return lot
