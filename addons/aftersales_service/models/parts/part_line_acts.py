from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...concurrency import serialize
from ...tools import require_text


class AftersalesPartLine(models.Model):
    """What people decide about a part: approval, reservation, issue (R-P03)."""

    _inherit = "aftersales.part.line"

    def _act(self, who, *states):
        """The lines with the right to record an act on them.

        :param who: "supervisor", "store" (warehouse users and supervisors), "team"
            (whoever may write the line, and the store) or "reader"
        :param states: states in which the act is possible
        :raise AccessError: the user has no right to this act
        :raise UserError: a line is in another state
        """
        self._check_right(who)
        serialize(self)  # two people at once must not move the same part twice
        labels = dict(self._fields["state"]._description_selection(self.env))
        for line in self:
            if line.state not in states:
                raise UserError(
                    self.env._(
                        "%(part)s is “%(state)s”; this needs: %(states)s.",
                        part=line.display_name,
                        state=labels[line.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )
        return self.sudo()  # state and stock are readonly to those who act here

    def _check_right(self, who):
        user = self.env.user
        supervisor = user._is_aftersales("supervisor")
        store = self._is_store()
        self.check_access("read" if store or who == "reader" else "write")
        if who == "supervisor" and not supervisor:
            raise AccessError(self.env._("Parts are approved by a supervisor."))
        if who == "store" and not store:
            raise AccessError(
                self.env._("Parts leave the store and come back by the warehouse.")
            )

    def _is_store(self):
        """Whether the user may receive goods in the store."""
        user = self.env.user
        return user._is_aftersales("supervisor") or user.has_group(
            "stock.group_stock_user"
        )

    def _get_facts(self):
        line = self[-1:]
        return {
            "id": line.id,
            "state": line.state,
            "reserved_qty": line.reserved_qty,
            "shortage_qty": line.shortage_qty,
            "expected_date": fields.Datetime.to_string(line.expected_date),
        }

    def action_approve(self):
        """Approve what was asked for; nothing moves before (R-P03).

        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise AccessError: the user is no supervisor
        """
        lines = self._act("supervisor", "requested")
        lines._check_open()
        lines.write(self._prepare_decision("approved"))
        return self._get_facts()

    def action_refuse(self, reason=None):
        """Refuse a part; what was reserved for it is free again (R-P03).

        :param reason: why; required
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        lines = self._act("supervisor", "requested", "approved", "reserved")
        lines._free()
        lines.write(self._prepare_decision("refused") | {"refusal_reason": reason})
        for user, refused in lines.grouped("create_uid").items():
            (user - self.env.user)._aftersales_notify(
                self.env._("Parts refused"),
                [f"{line.display_name}: {reason}" for line in refused[:50]],
            )
        return self._get_facts()

    def _prepare_decision(self, decision):
        return {
            "decision": decision,
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
        }

    def action_reserve(self):
        """Reserve approved parts in their store (R-P06).

        May be called again: what is short is tried anew, nothing is reserved twice.

        :return: dict(id, state, reserved_qty, shortage_qty, expected_date); state stays
            "approved" while something is short
        """
        lines = self._act("team", "approved", "reserved")
        lines._check_open()
        stocked = lines.filtered(lambda line: not line.is_drawing)
        fresh = stocked.filtered(lambda line: not line._get_open_moves("issue"))
        fresh._create_moves("issue")
        stocked._get_open_moves("issue")._action_assign()
        return self._get_facts()

    def action_issue(self):
        """Hand reserved parts to the technician (R-P03).

        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise AccessError: the user neither works in the warehouse nor supervises
        :raise UserError: not reserved completely, or a gift without authorisation
        """
        lines = self._act("store", "reserved", "issued")
        lines._get_open_moves("issue")._aftersales_validate()
        return self._get_facts()

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
