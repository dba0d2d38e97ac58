from odoo import models


class AftersalesAcceptance(models.Model):
    _inherit = "aftersales.acceptance"

    def _on_accepted(self):
        """The signed acceptance starts the warranty of what was accepted (R-A04)."""
        result = super()._on_accepted()
        cards = self.env["aftersales.warranty.card"].sudo()  # technicians may sign
        for acceptance in self:
            moves = acceptance.picking_ids.move_ids
            cards._create_for_moves(moves.filtered(lambda m: m.state == "done"))
            lines = acceptance.line_ids.order_line_id
            day = acceptance.company_id._aftersales_to_local(acceptance.accepted_on)
            cards.search([("order_line_id", "in", lines.ids)])._activate(day.date())
        return result
