from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import check_signature, require_text
from ..act.declaration import act


class RepairOrder(models.Model):
    """A unit taken along for repair, against a numbered receipt (R-S13)."""

    _name = "repair.order"
    _inherit = ["repair.order", "aftersales.act.mixin"]

    aftersales_request_id = fields.Many2one(
        "aftersales.request",
        string="After-sales Request",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    receipt_number = fields.Char(readonly=True, copy=False)
    receipt_state = fields.Selection(
        [("out", "With the Customer"), ("collected", "Collected")],
        string="Receipt",
        readonly=True,
        copy=False,
    )
    taken_at = fields.Datetime(readonly=True, copy=False)
    take_back_reason = fields.Char(
        string="Taken Along Because", readonly=True, copy=False
    )
    loan_note = fields.Char(
        readonly=True, copy=False, help="What the customer got on loan meanwhile."
    )
    handed_back_at = fields.Datetime(readonly=True, copy=False)
    handed_back_to = fields.Char(readonly=True, copy=False)
    handed_back_signature = fields.Image(
        attachment=True, max_width=1024, max_height=1024, readonly=True, copy=False
    )
    handed_back_picking_id = fields.Many2one(
        "stock.picking", string="Hand-back", readonly=True, copy=False
    )

    _receipt_uniq = models.UniqueIndex(
        "(company_id, receipt_number) WHERE receipt_number IS NOT NULL",
        "This receipt exists already.",
    )

    _receipt_out_uniq = models.UniqueIndex(
        "(aftersales_request_id) WHERE receipt_state = 'out'",
        "The customer has a receipt already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_receipt(self):
        if any(repair.receipt_number for repair in self):
            raise UserError(self.env._("What a receipt was given for stays."))

    @act(
        "hand_back",
        stamp="handed_back_at",
        after="taken_at",
        access=None,  # technicians don't work in the inventory app
    )
    def action_hand_back(self, name, signature_base64=None, at=None, ref=None):
        """Return the unit, collect the receipt, let the customer sign (R-S13).

        :param name: who takes the unit back; required
        :param signature_base64: drawn signature as a picture; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, handed_back_at, receipt_number, receipt_state)
        :raise UserError: no receipt is out, or the repair isn't finished
        """
        self.ensure_one()
        self.aftersales_request_id.check_access("write")
        repair = self.sudo()
        if repair.receipt_state != "out":
            raise UserError(self.env._("%s: no receipt is out.", repair.name))
        if repair.state not in ("done", "cancel"):
            raise UserError(self.env._("%s: finish the repair first.", repair.name))
        vals = {
            "handed_back_to": require_text(self.env, name, self.env._("Name")),
            "handed_back_signature": check_signature(self.env, signature_base64),
            "receipt_state": "collected",
        }
        picking = repair._move_unit("out_type_id", "customers")
        repair.write(vals | {"handed_back_picking_id": picking.id})
        return {
            "receipt_number": repair.receipt_number,
            "receipt_state": repair.receipt_state,
        }

    def _move_unit(self, type_field, destination):
        """Move the unit between the customer and our stock at once.

        :param type_field: field of the warehouse with the operation type
        :param destination: "stock" or "customers"
        :return: the validated stock.picking
        """
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        customer = (self.partner_id or self.company_id.partner_id).with_company(
            self.company_id
        )
        customers = customer.property_stock_customer
        places = (warehouse.lot_stock_id, customers)
        if destination == "stock":
            places = places[::-1]
        source, target = places
        where = {"location_id": source.id, "location_dest_id": target.id}
        taken = self.picking_id.move_ids  # a unit handed back returns from there
        unit = {
            "product_id": self.product_id.id,
            "origin_returned_move_id": destination == "customers" and taken[:1].id,
            **where,
        }
        picking = self.env["stock.picking"].create(
            {
                **where,
                "picking_type_id": warehouse[type_field].id,
                "partner_id": self.partner_id.id,
                "origin": self.receipt_number,
                "move_ids": [
                    Command.create(unit | {"product_uom_qty": self.product_qty})
                ],
            }
        )
        picking.action_confirm()
        line = {"product_id": self.product_id.id, **where}
        line |= {"lot_id": self.lot_id.id, "quantity": self.product_qty}
        picking.move_ids.move_line_ids = [Command.clear(), Command.create(line)]
        picking.move_ids.picked = True
        picking._action_done()
        return picking
