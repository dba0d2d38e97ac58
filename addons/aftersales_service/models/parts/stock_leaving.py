from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

OURS = ("internal", "transit")
PARTS = ("spare", "fitting", "technician")


class StockMoveLine(models.Model):
    """What a line takes out of our hands; quantities change through lines only."""

    _inherit = "stock.move.line"

    @api.constrains(
        "move_id", "quantity", "product_uom_id", "location_id", "location_dest_id"
    )
    def _check_leaving(self):
        """A line added to, or changed on, a move that is done moves goods at once."""
        self.filtered("quantity").move_id._check_leaving()

    def _get_leaving(self):
        """What this line takes out of our hands; see ``_classify``."""
        return _classify(self.product_id, self.location_id, self.location_dest_id)


class StockMove(models.Model):
    """Nothing leaves without its approval (R-P03) or signature (R-P08).

    The rule is checked on what a move that is done says then: whoever made it so, by
    whatever call, and as often as it changes.
    """

    _inherit = "stock.move"

    @api.constrains(
        "state",
        "product_id",
        "location_id",
        "location_dest_id",
        "picking_id",
        "sale_line_id",
    )
    def _check_leaving(self):
        """Check the moves that are done.

        :raise UserError: names the goods that may not leave
        """
        # the warehouse reads neither requests nor orders nor signatures
        done = self.sudo().filtered(lambda move: move.state == "done")
        parts = done.filtered("aftersales_part_line_id")
        parts.aftersales_part_line_id._check_moved()
        stopped = {"gift": done.browse(), "part": done.browse()}
        for move in done - parts:
            for kind, lines in move._get_leaving_lines().items():
                if not move._may_leave(kind, lines):
                    stopped[kind] |= move
        stopped["gift"]._refuse_gifts()
        stopped["part"]._refuse_parts()

    def _get_leaving(self):
        """What this move, planned without lines, would take out of our hands."""
        return _classify(self.product_id, self.location_id, self.location_dest_id)

    def _is_move_of(self, line):
        """Whether this move is what its act says, with the part of its line."""
        lines = self.move_line_ids.filtered("quantity")
        if self.product_id != line.product_id:
            return False
        if self.aftersales_part_act == "issue":  # ours until it is fitted
            return all(x.usage == "internal" for x in lines.location_dest_id)
        stores = lines.location_id.mapped("aftersales_store")
        return self.aftersales_part_act != "use" or set(stores) <= {"technician"}

    def _get_leaving_lines(self):
        lines = self.move_line_ids.filtered("quantity")
        found = lines.grouped(lambda line: line._get_leaving())
        return {kind: found[kind] for kind in found if kind}

    def _refuse_parts(self):
        if self:
            raise UserError(
                self.env._(
                    "%s: parts leave the store for an approved request only.",
                    ", ".join(self.product_id.mapped("display_name")),
                )
            )

    def _refuse_gifts(self):
        if self:
            raise UserError(
                self.env._(
                    "%s: a gift leaves the store only with the store manager's"
                    " signature, a sales contract or the general manager's signature.",
                    ", ".join(self.product_id.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # By whose word
    # ------------------------------------------------------------------

    def _may_leave(self, kind, lines):
        """Whether somebody's word lets these lines of a done move leave.

        :param kind: "gift" or "part"
        :param lines: its stock.move.line that leave
        """
        if "inventory" in lines.location_dest_id.mapped("usage"):
            return self._may_write_off(kind, lines.location_id.warehouse_id)
        act = self.aftersales_gift_id
        if act:
            return act.product_id == self.product_id and act._is_kept()
        return (
            self._is_ordered()
            or self._is_replacement()
            or self._goes_back()
            or self._is_consumed(kind, lines)
            or self._is_till_sale()
        )

    def _may_write_off(self, kind, warehouses):
        """Who may say that goods are lost or broken: counts and scrap (R-P02, R-P08).

        :param kind: "gift": only who may sign for gifts; "part": who runs the
            inventory or approves parts, too
        """
        user = self.env.user
        if user.id == SUPERUSER_ID:
            return True
        if kind == "part" and (
            user.has_group("stock.group_stock_manager")
            or user._is_aftersales("supervisor")
        ):
            return True
        acts = self.env["aftersales.gift.authorization"]
        return all(
            acts._may_sign("store_manager", place)
            or acts._may_sign("general_manager", place)
            for place in warehouses or [warehouses]
        )

    def _is_ordered(self):
        """Named by a confirmed order of this customer, and no more than it names."""
        line = self.sale_line_id
        order, partner = line.order_id, self.picking_id.partner_id
        customers = (order.partner_id | order.partner_shipping_id).mapped(
            "commercial_partner_id"
        )
        if order.state != "sale" or (
            partner and partner.commercial_partner_id not in customers
        ):
            return False
        moves = self._get_alike(line.move_ids)
        if line.product_id == self.product_id:
            named = line.product_uom_id._compute_quantity(
                line.product_uom_qty, self.product_id.uom_id
            )
        elif self._is_of_kit():
            named = sum(moves.mapped("product_qty"))
        else:
            return False
        return self.product_id.uom_id.compare(moves._sum_gone(), named) <= 0

    def _is_of_kit(self):
        """With the addon of manufacturing: a component of the kit that was sold."""
        known = "bom_line_id" in self._fields
        return known and self.bom_line_id.product_id == self.product_id

    def _is_consumed(self, kind, lines):
        """Parts of a repair; with the addon of manufacturing, what is made of them."""
        if set(lines.location_dest_id.mapped("usage")) != {"production"}:
            return False
        made = "raw_material_production_id" in self._fields
        return (kind == "part" and bool(self.repair_id)) or (
            made and bool(self.raw_material_production_id)
        )

    def _is_till_sale(self):
        """With the addon of the till: what was sold there."""
        known = "pos_session_id" in self.picking_id._fields
        return known and bool(self.picking_id.pos_session_id)

    def _is_replacement(self):
        """What the register says is sent instead of what comes back (R-X02)."""
        row = self.aftersales_exchange_id
        if row.kind != "exchange" or row.product_id != self.product_id:
            return False
        sent = self._get_alike(row.move_ids)._sum_gone()
        return self.product_id.uom_id.compare(sent, row.quantity) <= 0

    def _goes_back(self):
        """Goods go back to where they came from: to the vendor, or to the owner."""
        origin = self.origin_returned_move_id
        if origin.state != "done" or origin.product_id != self.product_id:
            return False
        if origin.location_id.usage != self.location_dest_id.usage:
            return False
        back = self._get_alike(origin.returned_move_ids)
        came = origin._sum_moved()
        return self.product_id.uom_id.compare(back._sum_moved(), came) <= 0

    def _get_alike(self, moves):
        """Those of ``moves`` that brought the same product to the same place."""
        return moves.filtered(
            lambda m: (
                m.state == "done"
                and m.product_id == self.product_id
                and m.location_dest_id == self.location_dest_id
            )
        )

    def _sum_gone(self):
        """What these moves brought and wasn't brought back, in the product's unit."""
        back = self.returned_move_ids.filtered(lambda m: m.state == "done")
        return self._sum_moved() - back._sum_moved()

    def _sum_moved(self):
        return sum(move._get_moved() for move in self)

    def _get_moved(self):
        """The quantity of this move in the product's unit."""
        unit = self.product_id.uom_id
        return self.product_uom._compute_quantity(self.quantity, unit)


def _classify(product, source, target):
    """Whether goods on this way are a gift or a part that leaves our hands.

    :return: "gift" (R-P08), "part" (R-P03) or None for what may go freely
    """
    kept = source.aftersales_store
    if kept == "gift":
        return None if target.aftersales_store == "gift" else "gift"
    if source.usage not in OURS or target.usage in OURS:
        return None
    if kept == "defective" and target.usage != "customer":
        return None
    store = product.categ_id.aftersales_store
    if store == "gift":
        return "gift"
    return "part" if kept in PARTS or store in PARTS else None
