from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools import require_text
from ..act.declaration import act


class AftersalesPartLine(models.Model):
    """What people decide about a part: approval, reservation, issue (R-P03)."""

    _inherit = "aftersales.part.line"

    def _act_check_rights(self, act):
        """The store acts on every part that it reads.

        :raise AccessError: the user has no right to this act
        """
        store = self.env.su or self.env.user._is_aftersales("store")
        if act.role == "store" and not store:
            raise AccessError(
                self.env._("Parts leave the store and come back by the warehouse.")
            )
        if store and act.access == "write":
            act = replace(act, access="read")
        return super()._act_check_rights(act)

    def _get_facts(self):
        line = self[-1:]
        return {
            "id": line.id,
            "state": line.state,
            "reserved_qty": line.reserved_qty,
            "shortage_qty": line.shortage_qty,
            "expected_date": fields.Datetime.to_string(line.expected_date),
        }

    @act("approve", states=("requested",), role="supervisor")
    def action_approve(self, ref=None):
        """Approve what was asked for; nothing moves before (R-P03).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise AccessError: the user is no supervisor
        """
        lines = self.sudo()
        lines._check_open()
        lines.write(self._prepare_decision("approved"))
        return lines._get_facts()

    @act("refuse", states=("requested", "approved", "reserved"), role="supervisor")
    def action_refuse(self, reason=None, ref=None):
        """Refuse a part; what was reserved for it is free again (R-P03).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        lines = self.sudo()
        lines._free()
        lines.write(self._prepare_decision("refused") | {"refusal_reason": reason})
        for user, refused in lines.grouped("create_uid").items():
            (user - self.env.user)._aftersales_notify(
                self.env._("Parts refused"),
                [f"{line.display_name}: {reason}" for line in refused[:50]],
            )
        return lines._get_facts()

    def _prepare_decision(self, decision):
        return {
            "decision": decision,
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
        }

    @act("reserve", states=("approved", "reserved"))
    def action_reserve(self, ref=None):
        """Reserve approved parts in their store (R-P06).

        May be called again: what is short is tried anew, nothing is reserved twice.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date); state stays
            "approved" while something is short
        """
        lines = self.sudo()  # the team doesn't work in the inventory app
        lines._check_open()
        lines._reserve()
        return lines._get_facts()

    def _reserve(self):
        """Make the missing transfers, and take what is there for all."""
        stocked = self.filtered(lambda line: not line.is_drawing)
        fresh = stocked.filtered(lambda line: not line._get_open_moves("issue"))
        fresh._create_moves("issue")
        stocked._get_open_moves("issue")._action_assign()

    @act("issue", states=("reserved", "issued"), role="store")
    def action_issue(self, ref=None):
        """Hand reserved parts to the technician (R-P03).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise AccessError: the user neither works in the warehouse nor supervises
        :raise UserError: not reserved completely, or a gift without authorisation
        """
        lines = self.sudo()
        lines._get_open_moves("issue")._aftersales_validate()
        return lines._get_facts()

    def _free(self):
        """What is reserved for these lines is free for others (R-P06)."""
        self._get_open_moves("issue")._action_cancel()

    # ------------------------------------------------------------------
    # Stock
    # ------------------------------------------------------------------

    def _get_store(self):
        """The location the part is kept in; see the product's category (R-P01)."""
        store = "gift" if self.kind == "gift" else None
        store = store or self.product_id.categ_id.aftersales_store
        warehouse = self.warehouse_id
        return (
            warehouse[f"aftersales_{store}_loc_id"] if store else warehouse.lot_stock_id
        )

    def _get_way(self, act):
        """Where the goods go.

        :param act: "issue", "use", "return" or "collect"
        :return: (operation type, source, destination)
        """
        warehouse = self.warehouse_id
        technician = warehouse.aftersales_technician_loc_id
        partner = (self.partner_id or self.company_id.partner_id).with_company(
            self.company_id
        )
        customers = partner.property_stock_customer
        source, target = {
            "issue": (self._get_store(), technician),
            "use": (technician, customers),
            "return": (technician, self._get_store()),
            "collect": (customers, warehouse.aftersales_defective_loc_id),
        }[act]
        return warehouse[f"aftersales_{act}_type_id"], source, target

    def _create_moves(self, act, quantities=None, **vals):
        """Moves of these lines, confirmed, in one transfer for each visit or request.

        :param act: "issue", "use", "return" or "collect"
        :param quantities: dict of line → quantity; empty for all that was asked
        :param vals: more values of the moves
        :return: stock.move
        """
        pickings = self._create_pickings(act)
        vals_list = [
            {
                "product_id": line.product_id.id,
                "product_uom": line.product_id.uom_id.id,
                "product_uom_qty": quantities[line] if quantities else line.quantity,
                "picking_id": pickings[line._get_transfer_key(act)].id,
                "location_id": line._get_way(act)[1].id,
                "location_dest_id": line._get_way(act)[2].id,
                "company_id": line.company_id.id,
                "aftersales_part_line_id": line.id,
                "aftersales_part_act": act,
                "date": line.visit_id.scheduled_start or fields.Datetime.now(),
                "to_refund": False,  # an old part is no return of a delivery
                "move_orig_ids": line._get_origin_moves(act).ids,
                "aftersales_gift_id": act == "issue"
                and line.gift_authorization_ids[:1].id,
                **vals,
            }
            for line in self
        ]
        moves = self.env["stock.move"].sudo().create(vals_list)
        return moves._action_confirm(merge=False)

    def _get_origin_moves(self, act):
        """What the technician has came with these moves: the same serials."""
        issued = act in ("use", "return") and self.move_ids.filtered(
            lambda m: m.aftersales_part_act == "issue" and m.state == "done"
        )
        return issued or self.env["stock.move"]

    def _get_transfer_key(self, act):
        owner = self.visit_id or self.request_id
        return (*self._get_way(act), owner)

    def _create_pickings(self, act):
        pickings = {}
        for line in self:
            key = line._get_transfer_key(act)
            if key not in pickings:
                kind, source, target, owner = key
                pickings[key] = {
                    "picking_type_id": kind.id,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "partner_id": line.partner_id.id,
                    "origin": owner.name,
                    "company_id": line.company_id.id,
                }
        records = self.env["stock.picking"].sudo().create(list(pickings.values()))
        return dict(zip(pickings, records, strict=True))
