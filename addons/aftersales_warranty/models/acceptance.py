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
        waiting = cards._get_waiting(lines.order_line_id)
        units = waiting.filtered(lambda c: c.is_serial and c.lot_id in lines.lot_ids)
        counted = (waiting - units).grouped("order_line_id")
        begun = dict.fromkeys(units, 0)
        for line in lines:
            mine = counted.get(line.order_line_id, cards)
            begun |= mine._take_line(line, line.accepted_qty)
        cards._begin(begun, day, reason)

    def _on_defect_cured(self, request):
        """The warranty of a defective unit starts when it is cured (R-A03, R-A04).

        So does that of the unit it was exchanged for.
        """
        result = super()._on_defect_cured(request)
        for acceptance in self.sudo().filtered("accepted_on"):
            acceptance._start_cured(request)
        return result

    def _start_cured(self, request):
        cards = self.env["aftersales.warranty.card"]
        day = self.company_id._aftersales_now_local().date()
        reason = self._in_company_lang().env._("Cured: %s", request.name)
        if request.lot_id:
            units = cards.search([("lot_id", "=", request.lot_id.id)])
            units |= units.replaced_by_id
            units.filtered("is_serial")._activate(day, reason=reason)
            return
        for line in self.line_ids.filtered(
            lambda x: x.defective_qty and x.product_id == request.product_id
        ):
            waiting = cards._get_waiting(line.order_line_id)
            cards._begin(waiting._take_line(line, line.defective_qty), day, reason)

    def _get_delivered_moves(self):
        """Deliveries that this acceptance is about."""
        return self.picking_ids.move_ids.filtered(
            lambda m: m.state == "done" and m._is_arrival() and m.sale_line_id
        )

    def _in_company_lang(self):
        return self.with_context(lang=self.company_id.partner_id.lang)


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    def _get_waiting(self, lines):
        """Cards of these sale order lines that haven't begun."""
        return self.search(
            [
                ("order_line_id", "in", lines.ids),
                ("start_date", "=", False),
                ("is_void", "=", False),
            ]
        )

    def _begin(self, rests, day, reason):
        """Start cards on a day, or earlier where the delivery was long ago.

        :param rests: dict of the cards that begin → quantity that goes on waiting
        """
        begun = self.union(*rests)
        # a unit that was delivered long ago isn't new because somebody signs today
        begun.filtered(
            lambda c: c.fallback_on and c.fallback_on < day
        )._start_unsigned()
        begun._activate(day, reason=reason)
        self.flush_model()  # two waiting cards of the same goods can't be
        for card, rest in rests.items():
            if rest:
                card._copy_waiting(rest)

    def _take_line(self, line, quantity):
        """What begins by an acceptance line.

        Of a kit's contents the whole begins: nobody counts them one by one.

        :param line: aftersales.acceptance.line of these cards
        :param quantity: how many of it, in the unit of the line
        :return: see ``_take_quantity``
        """
        cards = self.filtered(lambda card: not card.is_serial)
        same = cards.filtered(lambda card: card.product_id == line.product_id)
        whole = dict.fromkeys(cards - same, 0)
        pieces = line.product_uom_id._compute_quantity(quantity, line.product_id.uom_id)
        return same._take_quantity(pieces) | whole


class AftersalesAcceptanceLine(models.Model):
    _inherit = "aftersales.acceptance.line"

    def _get_refused_lots(self):
        """Units whose warranty doesn't begin by itself: rejected, or with a defect."""
        rejected = self.acceptance_id.state == "rejected"
        return self._get_delivered_lots() if rejected else self.defective_lot_ids
