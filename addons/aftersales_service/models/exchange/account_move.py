from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Credit notes for goods in the register need the manager's word (R-X03)."""

    _inherit = "account.move"

    def _post(self, soft=True):
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        notes.sudo()._check_aftersales_refund()  # accountants read no requests
        return super()._post(soft)

    def _check_aftersales_refund(self):
        """Refuse to credit more than was approved.

        :raise UserError: names the request
        """
        lines = self.invoice_line_ids.filtered(lambda line: line.quantity > 0)
        sale_lines = lines.sale_line_ids
        if not sale_lines:
            return
        rows = self.env["aftersales.exchange"].search(
            [
                ("origin_move_id.sale_line_id", "in", sale_lines.ids),
                ("state", "!=", "cancelled"),
            ],
            order="id",
        )
        by_line = rows.grouped(lambda row: row.origin_move_id.sale_line_id)
        for sale_line in sale_lines:
            found = by_line.get(sale_line, rows.browse())
            found._check_credit(sale_line, lines)
        bound = self.env["aftersales.request"]._find_open_returns(sale_lines)
        bound.filtered(lambda r: not r.exchange_ids)._check_refund_approved()


class AftersalesExchange(models.Model):
    _inherit = "aftersales.exchange"

    def _check_credit(self, sale_line, lines):
        """What is credited of one order line was approved.

        :param sale_line: sale.order.line that these rows took goods back from
        :param lines: lines of the credit notes about to be posted
        """
        if not self:
            return
        unit = sale_line.product_id.uom_id
        since = min(self.mapped("registered_on"))
        earlier = sale_line.invoice_lines.filtered(
            lambda x: (
                x.move_id.move_type == "out_refund"
                and x.move_id.state == "posted"
                and x.move_id.create_date >= since
            )
        )
        credited = sum(
            line.product_uom_id._compute_quantity(line.quantity, unit)
            for line in earlier | lines.filtered(lambda x: sale_line in x.sale_line_ids)
        )
        approved = self.filtered(lambda row: row.refund_state == "approved")
        if unit.compare(credited, sum(approved.mapped("quantity"))) > 0:
            (self - approved).request_id._check_refund_approved()
            raise UserError(
                self.env._(
                    "%(line)s: %(credited)g are credited, %(approved)g were approved.",
                    line=sale_line.display_name,
                    credited=credited,
                    approved=sum(approved.mapped("quantity")),
                )
            )
