import json

from odoo import api, fields, models
from odoo.tools import SQL

from .warranty_card import COPIED_TERMS

# cards are made by the stock, not by a person: no mail about each
SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class AftersalesWarrantyCard(models.Model):
    """From the delivery to the acceptance, and back with a return."""

    _inherit = "aftersales.warranty.card"

    @api.model
    def _create_for_moves(self, moves):
        """Draft cards for delivered goods (R-W02).

        One for each serial number; one for each order line (and lot) of other goods,
        whose quantity grows with the deliveries. Safe to call again.

        :param moves: done moves to customers, of sale order lines
        :return: the new cards
        """
        moves = moves.filtered(
            lambda m: m.product_id.is_storable and not m.product_id.warranty_excluded
        )
        cards = self.with_context(**SILENT)
        singles = moves.filtered(lambda m: m.product_id.tracking == "serial")
        vals_list = cards._prepare_single_vals(singles)
        vals_list += cards._prepare_quantity_vals((moves - singles).sale_line_id)
        return cards._create_waiting(vals_list)

    def _create_waiting(self, vals_list):
        """Cards that take the place of those that have started or ended."""
        if vals_list:
            self.flush_model(["start_date", "is_void"])
        parts = [vals.pop("components") for vals in vals_list]
        cards = self.create(vals_list)
        cards._insert_components(parts)
        return cards

    def _insert_components(self, parts):
        """Add the rows of new cards by SQL.

        A delivery brings hundreds at once from which nothing is computed before the
        card starts; the ORM takes longer for them than for all the rest.

        :param parts: for each card a list of values of its components
        """
        rows = [
            {**part, "card_id": card.id}
            for card, own in zip(self, parts, strict=True)
            for part in own
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO aftersales_warranty_component
                          (card_id, product_id, months, quantity,
                           create_uid, create_date, write_uid, write_date)
                   SELECT part.*, %(user)s, %(now)s, %(user)s, %(now)s
                     FROM jsonb_to_recordset(%(rows)s) AS part
                          (card_id int, product_id int, months int, quantity numeric)
                """,
                user=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            )
        )
        self.invalidate_recordset(["component_ids"], flush=False)

    def _prepare_single_vals(self, moves):
        """Values of cards for serial numbers that have no valid one yet."""
        if not moves:
            return []
        carded = self._find_singles(moves.move_line_ids.lot_id)
        lines = moves.sale_line_id
        carded.filtered(lambda card: card.order_line_id not in lines)._end(
            "returned", self.env._("Sold again")
        )
        taken = carded.filtered(lambda card: not card.is_void).lot_id
        return self._prepare_all_vals(
            (
                move.sale_line_id,
                move.product_id,
                move.move_line_ids.lot_id - taken,
                1,
                move._get_local_date(),
            )
            for move in moves
        )

    @api.model
    def _find_singles(self, lots):
        """Valid cards of these serial numbers."""
        return self.search(
            [
                ("lot_id", "in", lots.ids),
                ("is_serial", "=", True),
                ("is_void", "!=", True),
            ]
        )

    def _prepare_quantity_vals(self, lines):
        """Let the cards of untracked goods and lots follow what was delivered.

        :param lines: sale order lines; the cards of each are brought to what the
            customer has of it now
        :return: values of the cards that are missing
        """
        if not lines:
            return []
        missing = []
        delivered = lines.move_ids._get_delivered_quantities()
        domain = [("order_line_id", "in", lines.ids), ("is_serial", "=", False)]
        cards = self.search([*domain, ("is_void", "=", False)], order="id")
        by_goods = cards.grouped(lambda c: (c.order_line_id, c.product_id, c.lot_id))
        for goods in {**delivered, **dict.fromkeys(by_goods, None)}:
            quantity, day = delivered.get(goods) or (0, False)
            existing = by_goods.get(goods, self.browse())
            more = quantity - sum(existing.mapped("quantity"))
            draft = existing.filtered(lambda card: not card.start_date)
            if more > 0 and draft:
                draft._grow(more, day)
            elif more > 0:
                line, product, lot = goods
                missing.append((line, product, lot or [lot], more, day))
            elif more < 0:
                existing._shrink(-more)
        return self._prepare_all_vals(missing)

    def _grow(self, quantity, day):
        """More was delivered of the same order line."""
        self._set_quantity(self.quantity + quantity)
        self.write(self._prepare_delivery_vals(self.company_id, day))

    def _shrink(self, quantity):
        """Some came back: what hasn't started goes first, then what started last."""
        for card in self.sorted(lambda c: (not c.start_date, c.id), reverse=True):
            taken = min(quantity, card.quantity)
            quantity -= taken
            if taken == card.quantity:
                card._end("returned", self.env._("Returned"))
            elif taken:
                card._set_quantity(card.quantity - taken)
                text = self.env._("%s came back", f"{taken:g}")
                self.env["aftersales.warranty.event"]._log(card, "quantity", text)

    def _set_quantity(self, quantity):
        """Components of goods without numbers are counted with them."""
        for row in self.component_ids.filtered(lambda row: not row.closed_on):
            row.quantity *= quantity / self.quantity
        self.quantity = quantity

    def _prepare_all_vals(self, goods):
        """Values of draft cards.

        :param goods: tuples of (sale order line, product, lots, quantity of each lot,
            local date); what all units have in common is prepared once
        """
        vals_list = []
        by_company = {}
        for entry in goods:
            by_company.setdefault(entry[0].company_id, []).append(entry)
        policies = self.env["aftersales.warranty.policy"]
        for company, entries in by_company.items():
            products = self.env["product.product"].union(*(e[1] for e in entries))
            chosen = policies._get_for_products(products, company)
            parts = products._get_key_components(company)
            for line, product, lots, quantity, day in entries:
                policy = line.order_id._get_warranty_policy() or chosen[product]
                if not (policy and lots):
                    continue
                vals = self._prepare_card_vals(line, product, policy, lots[0], quantity)
                vals |= self._prepare_delivery_vals(company, day)
                vals["components"] = self._prepare_components(vals, policy, parts)
                vals_list += [
                    vals | self._prepare_lot_vals(line, product, lot) for lot in lots
                ]
        return vals_list

    @api.model
    def _prepare_card_vals(self, line, product, policy, lot, quantity):
        """Values of a draft card with the terms copied from its policy."""
        order = line.order_id
        return {
            **self._prepare_lot_vals(line, product, lot),
            "company_id": order.company_id.id,
            "product_id": product.id,
            "is_serial": product.tracking == "serial",
            "quantity": quantity,
            "partner_id": order.partner_id.id,
            "order_line_id": line.id,
            "order_id": order.id,  # said, for computing it costs more
            "policy_id": policy.id,
            **{name: policy[name] for name in COPIED_TERMS},
        }

    @api.model
    def _prepare_lot_vals(self, line, product, lot):
        """What tells one unit's card from another's."""
        single = product.tracking == "serial"
        name = lot.name if single else f"{line.order_id.name}-{line.id}"
        return {"name": f"WC-{name}", "lot_id": lot.id}

    @api.model
    def _prepare_delivery_vals(self, company, day):
        wait = company.warranty_fallback_days
        return {"delivered_on": day, "fallback_on": fields.Date.add(day, days=wait)}

    @api.model
    def _prepare_components(self, vals, policy, components):
        """Values of the key components: one row for each of a single unit's, one row
        for all of the same kind of other goods."""
        product = self.env["product.product"].browse(vals["product_id"])
        single = vals["is_serial"]
        return [
            {
                "product_id": part.id,
                "months": policy._get_component_months(part),
                "quantity": 1 if single else count * vals["quantity"],
            }
            for part, count in components[product]
            for _number in range(count if single else 1)
        ]

    def _end(self, kind, reason):
        """These cards are not valid any more; their history stays."""
        ended = self.filtered(lambda card: not card.is_void)
        for company, cards in ended.grouped("company_id").items():
            last = kind != "void" and company._aftersales_now_local().date()
            cards.write({"is_void": True, "void_reason": reason, "ended_on": last})
        ended.flush_recordset()  # frees the place of the valid card
        ended.activity_ids.unlink()
        ended.maintenance_ids._cancel()
        self.env["aftersales.warranty.event"]._log(ended, kind, reason)
        ended._follow_plans()
