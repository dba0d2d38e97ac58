from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import refuse_acts

CHECKED = {"aftersales_checked_by_id", "aftersales_checked_at"}


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
        "res.users", string="Checked By", readonly=True, copy=False
    )
    aftersales_checked_at = fields.Datetime(
        string="Checked On", readonly=True, copy=False
    )

    def write(self, vals):
        """Who checked and when is kept; a defect is told to guide and supervisor."""
        refuse_acts(self, CHECKED, vals)
        if "aftersales_check" not in vals:
            return super().write(vals)
        checked = bool(vals["aftersales_check"])
        result = super().write(
            vals
            | {
                "aftersales_checked_by_id": checked and self.env.uid,
                "aftersales_checked_at": checked and fields.Datetime.now(),
            }
        )
        if vals["aftersales_check"] == "defect":
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

    def _check_before_leaving(self):
        """What was found defective doesn't leave (R-D04).

        :raise UserError: names the goods; set their quantity to 0 to send the rest
        """
        stopped = self.filtered(
            lambda m: (
                m.aftersales_check == "defect"
                and m.state not in ("done", "cancel")
                and m.quantity
                and m.picked
            )
        )
        if stopped:
            raise UserError(
                self.env._(
                    "A defect was found before leaving: %s. Replace the goods, or set"
                    " their quantity to 0 to send the rest.",
                    ", ".join(stopped.product_id.mapped("display_name")),
                )
            )
