from odoo import fields, models


class StockMove(models.Model):
    """The moves of parts and gifts; what is done here is done from any client."""

    _inherit = "stock.move"

    aftersales_part_line_id = fields.Many2one(
        "aftersales.part.line",
        string="After-sales Part",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    aftersales_part_act = fields.Selection(
        [
            ("issue", "Issue"),
            ("use", "Fitting"),
            ("return", "Bring Back"),
            ("collect", "Old Part"),
        ],
        string="Part Is",
        readonly=True,
        copy=False,
    )
    aftersales_supply_line_id = fields.Many2one(
        "aftersales.part.line",
        string="Ordered For",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    aftersales_gift_id = fields.Many2one(
        "aftersales.gift.authorization",
        string="Gift Authorised",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def _prepare_move_split_vals(self, qty):
        """What stays behind belongs to the same part."""
        vals = super()._prepare_move_split_vals(qty)
        return vals | {
            "aftersales_part_line_id": self.aftersales_part_line_id.id,
            "aftersales_part_act": self.aftersales_part_act,
            "aftersales_supply_line_id": self.aftersales_supply_line_id.id,
            "aftersales_gift_id": self.aftersales_gift_id.id,
        }

    def _is_aftersales_linked(self):
        """Whether the system wrote on the move what it belongs to."""
        return bool(
            self.aftersales_part_line_id
            or self.aftersales_supply_line_id
            or self.aftersales_gift_id
        )

    def _create_backorder(self):
        """The rest of a part or gift keeps its link, whoever validates."""
        linked = self.filtered(lambda move: move._is_aftersales_linked())
        rest = super(StockMove, self - linked)._create_backorder()
        return rest | super(StockMove, linked.sudo())._create_backorder()

    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "aftersales_part_line_id",
            "aftersales_part_act",
            "aftersales_supply_line_id",
            "aftersales_gift_id",
        ]

    def _aftersales_validate(self):
        """Validate just these moves; what else their transfers hold waits on."""
        self.picked = True
        self._action_done()
        done = self.picking_id.filtered(lambda p: p.state == "done" and not p.date_done)
        done.date_done = fields.Datetime.now()

    def _action_assign(self, force_qty=False):
        """Two people who reach for the last part don't both get it (R-P06)."""
        parts = self.filtered(lambda move: move.aftersales_part_act == "issue")
        parts._lock_stock()
        return super()._action_assign(force_qty=force_qty)

    def _lock_stock(self):
        """Wait for who reserves the same parts at this moment.

        Odoo doesn't: it books a second reservation beside what somebody else holds. A
        reservation writes the row that is waited for here: who waited fails to
        serialize, and Odoo tries again. Who found nothing left stops nobody.
        """
        if self:
            self.env.cr.execute(
                """SELECT q.id FROM stock_quant q
                     JOIN stock_location l ON l.id = q.location_id
                    WHERE q.product_id = ANY(%s) AND l.usage = 'internal'
                    ORDER BY q.id FOR NO KEY UPDATE OF q""",
                [self.product_id.ids],
                log_exceptions=False,
            )

    def _action_done(self, cancel_backorder=False):
        """Parts move their lines on here: every client and screen ends up here."""
        self.filtered(lambda m: m.state not in ("done", "cancel"))._adopt_returns()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._notice_parts()
        return moves

    def _adopt_returns(self):
        """Issued parts that the warehouse takes back by Odoo's return wizard."""
        for move in self:
            issue = move.origin_returned_move_id
            if issue.aftersales_part_act == "issue" and not move.aftersales_part_act:
                move.sudo().write(
                    {
                        "aftersales_part_line_id": issue.aftersales_part_line_id.id,
                        "aftersales_part_act": "return",
                    }
                )

    def _is_leaving_gift(self):
        """Whether a gift would leave with this move, which isn't done yet (R-P08)."""
        line = self.sudo().aftersales_part_line_id
        if line:
            return self.aftersales_part_act == "issue" and line._is_gift()
        return "gift" in {
            place._get_leaving() for place in self.move_line_ids or [self]
        }

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _notice_parts(self):
        """Move the part lines on, whoever validated (R-W03, R-P07)."""
        parts = self.sudo().filtered("aftersales_part_line_id")  # stock users, too
        for act, moves in parts.grouped("aftersales_part_act").items():
            quantities = {}
            for move in moves:
                line = move.aftersales_part_line_id
                quantities[line] = quantities.get(line, 0) + move._get_moved()
            lines = moves.aftersales_part_line_id
            if act == "issue":
                lines._on_issued(quantities)
            elif act == "use":
                lines._keep_fitting(moves, quantities)
            elif act == "return":
                lines._sync_use()

    def _spread(self, shares):
        """Fit these shares with moves that nothing is reserved for.

        :param shares: list of [stock.lot, quantity in the product's unit]
        :return: the moves that fit something
        """
        fitting = self.browse()
        for move in self:
            room = move.product_qty
            rows = []
            while shares and (room > 0 or move == self[-1:]):
                lot, there = shares[0]
                taken = there if move == self[-1:] else min(there, room)
                values = move._prepare_move_line_vals(quantity=taken)
                rows.append(fields.Command.create(values | {"lot_id": lot.id}))
                room -= taken
                shares[0][1] -= taken
                shares = shares if shares[0][1] > 0 else shares[1:]
            if rows:
                move.move_line_ids = rows
                fitting |= move
        return fitting

    def _set_fitted_demand(self, quantity):
        """Reserve less of what the technician has; nothing: no fitting any more."""
        if self.product_uom.is_zero(quantity):
            self._action_cancel()
        elif self.product_uom.compare(self.product_uom_qty, quantity):
            self._do_unreserve()
            self.product_uom_qty = quantity
            self._action_assign()
