from odoo import models


class AftersalesAcceptance(models.Model):
    _inherit = "aftersales.acceptance"

    def _on_accepted(self):
        """The signed acceptance starts the warranty of what was accepted (R-A04)."""
        result = super()._on_accepted()
        for acceptance in self.sudo():  # technicians and customers sign
            acceptance._start_warranty()
        return result

    def _start_warranty(self):
        """Begin for the accepted units only; what has begun goes on unchanged."""
        cards = self.env["aftersales.warranty.card"]
        cards._create_for_moves(self._get_delivered_moves())
        day = self.company_id._aftersales_to_local(self.accepted_on).date()
        reason = self._in_company_lang().env._("Signed acceptance %s", self.name)
        lines = self.line_ids.filtered("accepted_qty")
        waiting = cards.search(
            [
                ("order_line_id", "in", lines.order_line_id.ids),
                ("start_date", "=", False),
                ("is_void", "=", False),
            ]
        )
        singles = waiting.filtered(lambda c: c.is_serial and c.lot_id in lines.lot_ids)
        singles._activate(day, reason=reason)
        for line in lines:
            (waiting - singles)._activate_line(line, day, reason)

    def _get_delivered_moves(self):
        """Deliveries that this acceptance is about."""
        return self.picking_ids.move_ids.filtered(
            lambda m: (
                m.state == "done"
                and m.location_dest_id.usage == "customer"
                and m.sale_line_id
            )
        )

    def _in_company_lang(self):
        return self.with_context(lang=self.company_id.partner_id.lang)


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    def _activate_line(self, line, day, reason):
        """Begin for the accepted quantity of an acceptance line.

        Of a kit's contents the whole begins: nobody counts them one by one.

        :param line: aftersales.acceptance.line
        """
        cards = self.filtered(
            lambda c: c.order_line_id == line.order_line_id and not c.is_serial
        )
        same = cards.filtered(lambda c: c.product_id == line.product_id)
        same._activate_quantity(line.accepted_qty, day, reason)
        (cards - same)._activate(day, reason=reason)
