from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import act_time, check_keys, require_text
from ..act.declaration import act

TAKE_BACK = ("reason", "loan_note", "at")


class AftersalesRequest(models.Model):
    """What can't be repaired on the spot is taken along (R-S13)."""

    _inherit = "aftersales.request"

    repair_ids = fields.One2many(
        "repair.order",
        "aftersales_request_id",
        string="Taken Along",
        groups="aftersales_service.group_aftersales_technician",
    )

    is_taken_along = fields.Boolean(compute="_compute_is_taken_along")

    @api.depends("repair_ids")
    def _compute_is_taken_along(self):
        for request in self:
            # whoever reads the request may know it, not the repair
            request.is_taken_along = bool(request.sudo().repair_ids)

    @act("take_back", states=("replied", "on_site"))
    def action_take_back(self, vals, ref=None):
        """Take the unit along against a numbered receipt; tell the supervisor (R-S13).

        :param vals: dict of reason (required), loan_note, at (UTC time, empty for now)
        :return: dict(id, state, repair_id, receipt_number)
        :raise UserError: no unit is named, or a receipt is out already
        """
        vals = check_keys(self.env, vals, TAKE_BACK)
        reason = require_text(self.env, vals.get("reason"), self.env._("Reason"))
        repairs = self.env["repair.order"].sudo()
        for request in self.sudo():
            after = request.arrived_at or request.replied_at or request.reported_at
            repair = repairs.create(
                {
                    **request._prepare_repair_vals(),
                    "take_back_reason": reason,
                    "loan_note": vals.get("loan_note") or False,
                    "taken_at": act_time(self.env, vals.get("at"), after),
                }
            )
            picking = repair._move_unit("in_type_id", "stock")
            # said, for Odoo would count the transfer before it is complete
            repair.write({"picking_id": picking.id, "product_qty": repair.product_qty})
            repairs += repair
            if request.state != "on_site":  # it was brought to us
                for event in ("dispatched", "arrived"):
                    request._sla_cancel_waiting(event, self.env._("Brought to us"))
            request._sla_recipients("supervisor")._aftersales_assign(
                request,
                lambda r, env, reason=reason: env._("Taken along: %s", reason),
            )
            request._message_log(
                body=self.env._(
                    "Taken along against receipt %(number)s: %(reason)s",
                    number=repair.receipt_number,
                    reason=reason,
                )
            )
        return {
            "repair_id": repairs[-1:].id,
            "receipt_number": repairs[-1:].receipt_number,
        }

    def _check_take_back(self, values):
        """The unit is named, and no receipt of it is out.

        :param values: arguments of the act
        """
        for request in self.sudo():
            product = request.product_id
            if not product or (product.tracking != "none" and not request.lot_id):
                raise UserError(
                    self.env._(
                        "%s: name the unit with its serial number.", request.name
                    )
                )
            request._check_receipts()

    def _check_receipts(self):
        """Nothing ends while a receipt is out (R-S13)."""
        out = self.sudo().repair_ids.filtered(lambda r: r.receipt_state == "out")
        if out:
            raise UserError(
                self.env._(
                    "The customer still has receipt %s.",
                    ", ".join(out.mapped("receipt_number")),
                )
            )

    def _prepare_repair_vals(self):
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return {
            "aftersales_request_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "under_warranty": self.coverage != "chargeable",
            "receipt_number": sequence.next_by_code("aftersales.take.back"),
            "receipt_state": "out",
        }
