from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesRequest(models.Model):
    """The parts of a request (R-P05)."""

    _inherit = "aftersales.request"

    part_line_ids = fields.One2many(
        "aftersales.part.line", "request_id", string="Parts", portal=True
    )

    def _check_closing(self, vals):
        """Issued parts are fitted or brought back first (R-P07)."""
        result = super()._check_closing(vals)
        out = self.part_line_ids.filtered(lambda line: line.state == "issued")
        if out:
            raise UserError(
                self.env._(
                    "Still with the technician: %s. Record them as fitted or returned.",
                    ", ".join(out.mapped("display_name")),
                )
            )
        return result

    def _on_closed(self):
        """What is not needed any more is free for others (R-P06)."""
        result = super()._on_closed()
        open_lines = self.sudo().part_line_ids.filtered(
            lambda line: line.state in ("requested", "approved", "reserved")
        )
        open_lines._free()
        open_lines.write(
            open_lines._prepare_decision("refused")
            | {"refusal_reason": self.env._("The request ended.")}
        )
        self.sudo().part_line_ids._get_open_moves("use")._action_cancel()
        return result

    def _get_goods_under_way(self):
        waiting = self.part_line_ids.filtered(
            lambda line: line.state in ("requested", "approved", "reserved", "issued")
        )
        return super()._get_goods_under_way() + waiting.mapped("display_name")
