from odoo import api, fields, models
from odoo.tools import format_date


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_stock = fields.Char(
        string="Stock",
        compute="_compute_aftersales_stock",
        compute_sudo=True,
        help="Available now, expected on a date, or to be ordered (R-H03).",
        groups="base.group_user",
    )
    aftersales_procured_qty = fields.Float(
        string="Secured Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Up to this quantity the goods were there or have been ordered from the"
        " factory; only what is ordered beyond it is procured again (R-H04).",
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "product_uom_qty",
        "qty_delivered",
        "qty_available_today",
        "virtual_available_at_date",
        "aftersales_procured_qty",
        "move_ids.state",
        "move_ids.quantity",
    )
    @api.depends_context("lang")
    def _compute_aftersales_stock(self):
        for line in self:
            open_qty = line.product_uom_qty - line.qty_delivered
            if not line.product_id.is_storable or open_qty <= 0:
                line.aftersales_stock = False
            elif line.state == "sale":
                line.aftersales_stock = line._get_stock_of_moves()
            else:
                line.aftersales_stock = line._get_stock_of_quotation(open_qty)

    def _get_stock_of_quotation(self, open_qty):
        if self.qty_available_today >= open_qty:
            return self.env._("Available")
        return self._get_expected_text(self.forecast_expected_date)

    def _get_stock_of_moves(self):
        """Where the goods of a confirmed line are, as its deliveries know it."""
        moves = self._get_open_deliveries()
        if not any(move._get_aftersales_shortage() for move in moves):
            expected = max(
                filter(None, (move._get_expected_date() for move in moves)),
                default=False,
            )
            if moves and not expected:
                return self.env._("Available")
            return bool(moves) and self._get_expected_text(expected)
        if (
            self.product_uom_id.compare(
                self.aftersales_procured_qty, self.product_uom_qty
            )
            >= 0
        ):
            return self.env._("Ordered, date unknown")
        return self._get_expected_text(False)

    def _get_expected_text(self, moment):
        if not moment:
            return self.env._("To be ordered")
        company = self.order_id._sla_company()
        day = company._aftersales_to_local(moment).date()
        return self.env._("Expected on %s", format_date(self.env, day))

    # ------------------------------------------------------------------
    # Goods
    # ------------------------------------------------------------------

    def _is_aftersales_goods(self):
        return self.product_id.type == "consu" and self.product_uom_qty > 0

    def _get_open_deliveries(self):
        """Moves still to leave for the customer; where they take several steps, the
        steps that are known.
        """
        moves = self.move_ids
        deliveries = moves.filtered(
            lambda move: (
                move.state not in ("draft", "done", "cancel")
                and move._is_bound_for_customer()
            )
        )
        return deliveries.with_prefetch(moves._prefetch_ids)  # forecast together

    def _has_all_goods(self):
        """Whether what the line still owes could leave now."""
        moves = self._get_open_deliveries()
        if not moves:
            return self.qty_delivered >= self.product_uom_qty
        return all(move._is_aftersales_available() for move in moves)

    def _get_factory_needs(self):
        """What must still be ordered from the factory (R-H04).

        :return: list of (order line, move, quantity in the product's unit)
        """
        needs = []
        self._get_open_deliveries()._forget_forecast()
        for line in self:
            left = line.product_uom_qty - line.aftersales_procured_qty
            if line.product_uom_id.compare(left, 0) <= 0:
                continue
            for move in line._get_open_deliveries():
                quantity = move._get_aftersales_shortage()
                if move.product_id == line.product_id:  # else part of a kit
                    unit = line.product_id.uom_id
                    quantity = min(
                        quantity, line.product_uom_id._compute_quantity(left, unit)
                    )
                # made to order: Odoo has procured it with the confirmation
                if quantity > 0 and move.procure_method != "make_to_order":
                    needs.append((line, move, quantity))
        return needs

    def _prepare_factory_procurement(self, move, quantity):
        """One procurement into the warehouse that delivers.

        :param move: the delivery that lacks goods
        :param quantity: in the product's unit
        :return: stock.rule Procurement
        """
        order, product = self.order_id, move.product_id
        warehouse = self.warehouse_id or order.warehouse_id
        needed = order.commitment_date
        now = fields.Datetime.now()
        return self.env["stock.rule"].Procurement(
            product,
            quantity,
            product.uom_id,
            warehouse.lot_stock_id,
            product.display_name,
            order.name,
            order.company_id,
            {
                "reference_ids": order.stock_reference_ids,
                "warehouse_id": warehouse,
                "route_ids": self.route_ids,
                "date_planned": max(needed, now) if needed else now,
                "date_deadline": needed,
                "company_id": order.company_id,
            },
        )

    # ------------------------------------------------------------------
    # Hand-off
    # ------------------------------------------------------------------

    def _get_handoff_issues(self, number):
        """What one line of goods lacks (R-H02).

        :param number: position among the goods, for the reader
        :return: list of texts
        """
        env, product = self.env, self.product_id
        free = self.price_unit <= 0 and self.discount < 100
        checks = (
            (
                self.order_id._sla_company().aftersales_require_reference
                and not product.default_code,
                env._("model"),
            ),
            (self.product_uom_qty <= 0, env._("quantity")),
            (free, env._("unit price")),
        )
        return [
            env._(
                "Line %(number)s (%(product)s): %(item)s",
                number=number,
                product=product.name,
                item=item,
            )
            for missing, item in checks
            if missing
        ]
