from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act


class AftersalesExchange(models.Model):
    """The register of what came back and what replaced it (R-X05).

    One row for each unit with a serial number, or quantity of one delivery. Rows are
    made by the acts of a request, an order or a visit, and by Odoo's own return of
    delivered goods; no client writes them.
    """

    _name = "aftersales.exchange"
    _description = "Return or Exchange"
    _inherit = ["aftersales.act.mixin"]
    _order = "id desc"

    request_id = fields.Many2one(
        "aftersales.request",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="request_id.partner_id", store=True)
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", readonly=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [("exchange", "Exchange"), ("return", "Return")],
        required=True,
        default="exchange",
        readonly=True,
    )
    unplanned = fields.Boolean(
        readonly=True,
        help="The warehouse took the goods back before anybody registered it.",
    )
    reason = fields.Char(required=True, readonly=True)
    registered_on = fields.Datetime(
        required=True, default=fields.Datetime.now, index=True, readonly=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, readonly=True
    )
    quantity = fields.Float(
        default=1.0, required=True, digits="Product Unit", readonly=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit of Measure")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Unit Coming Back",
        index="btree_not_null",
        readonly=True,
    )
    new_lot_id = fields.Many2one(
        "stock.lot", string="Replaced By", index="btree_not_null", readonly=True
    )
    origin_move_id = fields.Many2one(
        "stock.move", string="Delivered With", required=True, index=True, readonly=True
    )
    move_ids = fields.One2many(
        "stock.move", "aftersales_exchange_id", string="Moves", readonly=True
    )
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_picking_ids"
    )
    visit_id = fields.Many2one(
        "aftersales.visit",
        string="Follow-up Visit",
        index="btree_not_null",
        readonly=True,
    )
    returned_at = fields.Datetime(string="Came Back On", readonly=True, copy=False)
    replaced_at = fields.Datetime(string="Replaced On", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    cause_id = fields.Many2one(related="request_id.cause_id", store=True)
    quality_class = fields.Selection(related="request_id.quality_class", store=True)
    responsible_department_id = fields.Many2one(
        related="request_id.responsible_department_id", store=True
    )
    responsible_employee_id = fields.Many2one(
        related="request_id.responsible_employee_id", store=True
    )
    refund_state = fields.Selection(related="request_id.refund_state", store=True)
    parts_supplied = fields.Char(
        compute="_compute_parts_supplied",
        help="What the customer got instead, and the parts used on the request.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity must be more than zero."
    )
    _lot_uniq = models.UniqueIndex(
        "(lot_id) WHERE state = 'open' AND lot_id IS NOT NULL",
        "This unit is being returned or exchanged already.",
    )

    @api.depends("request_id", "product_id", "lot_id")
    def _compute_display_name(self):
        for row in self:
            known = row.sudo()  # guides read no units, and no requests of others
            names = (known.request_id.name, known.product_id.name, known.lot_id.name)
            row.display_name = " ".join(filter(None, names))

    @api.depends("move_ids.picking_id")
    def _compute_picking_ids(self):
        for row in self:
            # agents see what waits in the warehouse, they don't work there
            row.picking_ids = row.sudo().move_ids.picking_id

    @api.depends("move_ids.state", "request_id.cost_ids")
    def _compute_parts_supplied(self):
        for row in self:
            known = row.sudo()  # guides and the warehouse see what, not what it cost
            sent = known._get_out_moves().filtered(lambda m: m.state == "done")
            parts = known.request_id.cost_ids.filtered(lambda c: c.kind == "parts")
            row.parts_supplied = ", ".join(
                f"{record.product_id.display_name or record.display_name}"
                f" × {record.quantity:g}"
                for records in (sent, parts)
                for record in records
            )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._take()
        return rows

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("The register is never deleted; cancel instead."))

    def _take(self, sign=1):
        """Count the quantity on the delivery that it came with.

        The delivery's row is written, so that two users who take the same goods back
        at the same time meet there: one of them is tried again and refused.
        """
        for row in self:
            move = row.origin_move_id
            move.aftersales_taken_back += sign * row.quantity

    @act("cancel", access="read")  # and of the request "write"
    def action_cancel(self, reason=None, ref=None):
        """Nothing comes back and nothing goes out after all.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        :raise UserError: goods have moved already
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.request_id.check_access("write")
        self.sudo()._cancel(reason)

    def _cancel(self, reason):
        moved = self.filtered(lambda row: row.returned_at or row.replaced_at)
        if moved:
            raise UserError(
                self.env._("%s: goods have moved already.", moved[0].display_name)
            )
        rows = self.filtered(lambda row: row.state == "open")
        rows.state = "cancelled"  # first, for open ones hold their transfers
        rows._take(-1)
        moves = rows.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        moves._action_cancel()
        for row in rows:
            row.request_id._message_log(
                body=self.env._(
                    "Cancelled: %(row)s, %(reason)s",
                    row=row.display_name,
                    reason=reason,
                )
            )
