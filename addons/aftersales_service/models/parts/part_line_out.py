from odoo import models
from odoo.exceptions import UserError

from ...identity import serial_key
from ...tools import is_quantity
from ..act.declaration import act


class AftersalesPartLine(models.Model):
    """Parts with the technician: fitted, or brought back (R-P07)."""

    _inherit = "aftersales.part.line"

    def _on_issued(self, quantities):
        """What left the store waits to be fitted.

        :param quantities: dict of line → quantity issued just now
        """
        self._create_moves("use", quantities)._action_assign()

    @act("use", states=("issued",))
    def action_use(self, lot_name=None, old_lot_name=None, quantity=None, ref=None):
        """The part was fitted, or handed over (R-W03, R-P07).

        The stock move writes what follows: the cost, the old part to be collected, and
        with the warranty addon the new term of the component.

        :param lot_name: serial number of the new part, where several were issued
        :param old_lot_name: serial number of the part it replaces, where known
        :param quantity: how many, in the part's unit; empty for all
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: not issued, more than issued, or an unknown serial number
        """
        lines = self.sudo()
        lines._check_open()
        if old_lot_name:
            lines._set_replaced(old_lot_name)
        moves = self.env["stock.move"].sudo()
        for line in lines:
            moves |= line._pick_out(quantity, lot_name)
        moves._aftersales_validate()
        lines._get_open_moves("use")._action_assign()  # the rest stays with him
        return lines._get_facts()

    def _check_out(self, quantity, held=None):
        """A quantity that the technician has and hasn't given back yet.

        :param quantity: in the part's unit; empty for all
        :param held: dict of stock.lot → quantity to take it from; empty for all
        """
        product = self.product_id
        left = self.out_qty - self.returning_qty if held is None else sum(held.values())
        wanted = left if quantity is None else quantity
        if quantity is not None and not product._is_pieces(wanted):
            raise UserError(self.env._("“%s” is not a quantity.", wanted))
        if not left or product.uom_id.compare(wanted, left) > 0:
            names = (lot.name for lot in held or ())
            raise UserError(
                self.env._(
                    "%(part)s: the technician has %(left)g, not %(wanted)g.",
                    part=" ".join(filter(None, (product.display_name, *names))),
                    left=left,
                    wanted=wanted,
                )
            )
        return wanted

    def _pick_out(self, quantity, lot_name=None):
        """The waiting fittings of this line, set to what is fitted now.

        :param quantity: in the part's unit; empty for all that the technician has
        :param lot_name: of this serial or lot number only
        """
        held = self._get_held()
        if lot_name:
            lot = self._find_issued_lot(lot_name)
            held = {lot: held.get(lot, 0)}
        wanted = self._check_out(quantity, held)
        moves = self._get_open_moves("use")
        if not moves:  # its transfer was cancelled in the warehouse
            moves = self._create_moves("use", {self: wanted})
        moves._do_unreserve()
        picked = moves._spread(_take_out(held, wanted))
        (moves - picked)._action_assign()
        return picked

    def _get_held(self):
        """What the technician still has, by serial or lot number.

        :return: dict of stock.lot, empty for what has none → quantity
        """
        held = {}
        for move in self.move_ids:
            act, state = move.aftersales_part_act, move.state
            gone = act == "return" and state != "cancel"
            if gone or (state == "done" and act in ("issue", "use")):
                sign = 1 if act == "issue" else -1
                for row in move.move_line_ids:
                    quantity = sign * row.quantity_product_uom
                    held[row.lot_id] = held.get(row.lot_id, 0) + quantity
        return {lot: left for lot, left in held.items() if left > 0}

    def _find_issued_lot(self, name):
        lots = self._get_origin_moves("use").move_line_ids.lot_id
        key = serial_key(name)
        lot = lots.filtered(lambda lot: lot.aftersales_serial_key == key)[:1]
        if not lot:
            raise UserError(
                self.env._(
                    "%(part)s: number “%(name)s” was not issued.",
                    part=self.product_id.display_name,
                    name=name,
                )
            )
        return lot

    def _set_replaced(self, name):
        lots = self.env["stock.lot"]
        found = lots._aftersales_find(name, products=self.product_id)
        for line in self:
            lot = found.filtered(lambda x, line=line: x.product_id == line.product_id)
            line.write({"replaced_lot_name": name, "replaced_lot_id": lot[:1].id})

    def _keep_fitting(self, moves, quantities):
        """Record what the fittings just validated mean, then tell the other addons.

        :param moves: the fittings
        :param quantities: dict of line → quantity fitted
        """
        for move in moves:
            if move.lot_ids:
                move.aftersales_part_line_id.lot_id = move.lot_ids[:1]
        self._write_costs(moves)
        self._collect_old(quantities)
        self._deliver_charged()
        self._on_used()

    def _on_used(self):
        """These parts were fitted by stock moves just validated (R-W03).

        Called once for each fitting, in its transaction, whoever validated it. The
        new serial is in ``lot_id``, the old one, where known, in ``replaced_lot_id``
        and ``replaced_lot_name``. Other addons go on from here.
        """

    def _collect_old(self, quantities):
        """The defective parts are expected in the warehouse (R-P07)."""
        lines = self.filtered("collect_old")
        moves = lines._create_moves("collect", quantities) if lines else ()
        for move in moves:
            move._action_assign()
            if move.product_id.tracking != "none":
                line = move.aftersales_part_line_id
                move.move_line_ids.lot_id = line.replaced_lot_id
                move.move_line_ids.lot_name = line.replaced_lot_name

    @act("return", states=("issued",))
    def action_return(self, quantity=None, ref=None):
        """Give unused parts back to the store (R-P07).

        Warehouse users and supervisors receive them at once; what a technician gives
        back waits until the warehouse validates the transfer.

        :param quantity: how many, in the part's unit; empty for all
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: more than the technician has
        """
        lines = self.sudo()
        quantities = {line: line._check_out(quantity) for line in lines}
        lines._sync_use(quantities)
        moves = lines._create_moves("return", quantities)
        moves._action_assign()
        if self.env.user._is_aftersales("store"):
            moves._aftersales_validate()
        return lines._get_facts()

    def _sync_use(self, leaving=None):
        """What came or comes back isn't fitted any more.

        :param leaving: dict of line → quantity that is about to come back
        """
        for line in self:
            left = line.out_qty - line.returning_qty - (leaving or {}).get(line, 0)
            for move in line._get_open_moves("use"):
                wanted = min(move.product_uom_qty, max(left, 0))
                left -= wanted
                move._set_fitted_demand(wanted)

    @act("collect", states=("issued", "used"), role="store")
    def action_collect(self, ref=None):
        """The old part arrived in the warehouse (R-P07).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: none is expected, or its serial number is missing
        """
        lines = self.sudo()
        moves = lines._get_open_moves("collect")
        if not moves:
            raise UserError(self.env._("No old part is expected."))
        moves._aftersales_validate()
        return lines._get_facts()


def _take_out(held, quantity):
    """Take a quantity out of what is held.

    :param held: dict of stock.lot → quantity
    :return: list of [stock.lot, quantity]
    """
    taken = []
    for lot, there in held.items():
        share = min(there, quantity)
        if share > 0:
            taken.append([lot, share])
        quantity -= share
    return taken


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _is_pieces(self, quantity):
        """Whether this is a quantity of the product, in its unit: serials are whole."""
        if not is_quantity(quantity) or self.uom_id.is_zero(quantity):
            return False
        return self.tracking != "serial" or quantity == int(quantity)
