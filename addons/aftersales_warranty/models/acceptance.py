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
        begun = waiting.filtered(lambda c: c.is_serial and c.lot_id in lines.lot_ids)
        counted = (waiting - begun).grouped("order_line_id")
        rests = {}
        for line in lines:
            rests |= counted.get(line.order_line_id, cards)._take_line(line)
        begun.union(*rests)._activate(day, reason=reason)
        cards.flush_model()  # two waiting cards of the same goods can't be
        for card, rest in rests.items():
            if rest:
                card._copy_waiting(rest)

    def _get_delivered_moves(self):
        """Deliveries that this acceptance is about."""
        return self.picking_ids.move_ids.filtered(
            lambda m: m.state == "done" and m._is_arrival() and m.sale_line_id
        )

    def _in_company_lang(self):
        return self.with_context(lang=self.company_id.partner_id.lang)


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    def _take_line(self, line):
        """What begins by an acceptance line.

        Of a kit's contents the whole begins: nobody counts them one by one.

        :param line: aftersales.acceptance.line of these cards
        :return: see ``_take_quantity``
        """
        cards = self.filtered(lambda card: not card.is_serial)
        same = cards.filtered(lambda card: card.product_id == line.product_id)
        whole = dict.fromkeys(cards - same, 0)
        return same._take_quantity(line.accepted_qty) | whole
