from odoo import api, fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """Goods are opened, checked and repacked before they leave (R-D04)."""

    _inherit = "stock.move"

    # made of the order's line, which the team doesn't read
    description_picking = fields.Text(compute_sudo=True)
    aftersales_check = fields.Selection(
        [("ok", "Checked"), ("defect", "Defect")],
        string="Before Leaving",
        copy=False,
        help="The goods were opened, checked and repacked. What has a defect stays.",
    )
    aftersales_check_note = fields.Char(string="Defect Found", copy=False)
    aftersales_checked_by_id = fields.Many2one(
        "res.users",
        string="Checked By",
        compute="_compute_aftersales_checked",
        store=True,
        precompute=True,
    )
    aftersales_checked_at = fields.Datetime(
        string="Checked On",
        compute="_compute_aftersales_checked",
        store=True,
        precompute=True,
    )

    @api.depends("aftersales_check")
    def _compute_aftersales_checked(self):
        for move in self:
            checked = bool(move.aftersales_check)
            move.aftersales_checked_by_id = checked and self.env.user
            move.aftersales_checked_at = checked and fields.Datetime.now()

    def write(self, vals):
        """A defect is told to guide and supervisor."""
        result = super().write(vals)
        if vals.get("aftersales_check") == "defect":
            self.sudo()._tell_defect()
        return result

    def _tell_defect(self):
        for order, moves in self.grouped(lambda m: m.sale_line_id.order_id).items():
            if order:
                people = order.user_id | order._sla_recipients("supervisor")
                people._aftersales_notify(
                    self.env._("Defect found before leaving"),
                    [
                        f"{order.name}: {move.product_id.display_name}"
                        f" {move.aftersales_check_note or ''}"
                        for move in moves
                    ],
                )

    @api.constrains("state")
    def _check_left_checked(self):
        """Whatever call lets goods go, they were checked before (R-D04)."""
        self.filtered(lambda m: m.state == "done")._check_before_leaving()

    def _check_before_leaving(self):
        """What is defective or wasn't checked doesn't leave (R-D04).

        :raise UserError: names the goods; set their quantity to 0 to send the rest
        """
        leaving = self.sudo().filtered(  # the warehouse reads no visits
            lambda m: m.state != "cancel" and m.quantity and m.picked
        )
        stopped = leaving.filtered(lambda m: m.aftersales_check == "defect")
        if stopped:
            raise UserError(
                self.env._(
                    "A defect was found before leaving: %s. Replace the goods, or set"
                    " their quantity to 0 to send the rest.",
                    ", ".join(stopped.product_id.mapped("display_name")),
                )
            )
        unchecked = leaving.filtered(
            lambda m: not m.aftersales_checked_at and m._is_check_demanded()
        )
        if unchecked:
            raise UserError(
                self.env._(
                    "Not checked before leaving: %s. Open, check and repack the goods,"
                    " and note it on the transfer.",
                    ", ".join(unchecked.product_id.mapped("display_name")),
                )
            )

    def _is_check_demanded(self):
        """Goods that our crew takes to a customer are checked first (R-D04).

        They belong to an order that was handed off, or to a visit. Sold at the
        counter or sent by a vendor they don't; and once the crew has arrived with
        them, it is too late to hold them back.
        """
        visits = self.picking_id.aftersales_visit_ids.filtered(
            lambda visit: visit.state != "cancelled"
        )
        return (
            self.company_id.aftersales_check_goods
            and self.location_id.usage in ("internal", "transit")
            and self.location_dest_id.usage == "customer"
            and not any(visit.arrived_at for visit in visits)
            and bool(visits or self.sale_line_id.order_id.handed_off_at)
        )

    def _tell_unchecked(self, visit):
        """The crew has delivered what nobody noted as checked: the supervisor asks."""
        unchecked = self.filtered(lambda m: m.quantity and not m.aftersales_checked_at)
        if unchecked and visit.company_id.aftersales_check_goods:
            names = ", ".join(unchecked.product_id.mapped("display_name"))
            visit._sla_recipients("supervisor")._aftersales_notify(
                self.env._("Delivered without a check before leaving"),
                [f"{visit.summary}: {names}"],
            )
