from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.stock.models.stock_rule import ProcurementException

from ..act.declaration import act


class SaleOrder(models.Model):
    """Whether the goods are there, and who orders what is short (R-H03…R-H05)."""

    _inherit = "sale.order"

    goods_progress = fields.Char(
        string="Goods",
        compute="_compute_goods_progress",
        compute_sudo=True,
        help="How many of the order's lines could leave now, or have left.",
    )

    _supply_idx = models.Index(
        "(id) WHERE handed_off_at IS NOT NULL AND factory_ordered_at IS NULL"
        " AND goods_ready_at IS NULL"
    )

    @api.depends(
        "state",
        "order_line.product_uom_qty",
        "order_line.qty_delivered",
        "order_line.move_ids.state",
    )
    @api.depends_context("lang")
    def _compute_goods_progress(self):
        for order in self:
            # a list keeps what the lines of all orders are read ahead with
            goods = [line for line in order.order_line if line._is_aftersales_goods()]
            if order.state != "sale" or not goods:
                order.goods_progress = False
                continue
            order.goods_progress = order.env._(
                "%(ready)s of %(all)s lines ready",
                ready=sum(line._has_all_goods() for line in goods),
                all=len(goods),
            )

    def _has_all_goods(self):
        """Whether every delivery to the customer still open could leave now."""
        moves = self.order_line._get_open_deliveries()
        return bool(moves) and all(move._is_aftersales_available() for move in moves)

    # ------------------------------------------------------------------
    # Ordering from the factory
    # ------------------------------------------------------------------

    @act("order_goods", states=("sale",), role="user", access="read")
    def action_order_goods(self, ref=None):
        """Procure what is short, by purchase or manufacture as the routes say (R-H04).

        What was procured before isn't procured again: a retried call changes nothing.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, aftersales_state, factory_ordered_at, ordered: list of the
            names of the products procured now)
        :raise AccessError: not the clerk
        :raise UserError: not handed off, or no rule or vendor for a product
        """
        orders = self._check_may_follow()
        orders._ensure_handed_off()
        needs = orders.order_line._get_factory_needs()
        orders._procure(needs)
        for line, _move, _quantity in needs:
            line.aftersales_procured_qty = line.product_uom_qty
        waiting = orders.filtered(
            lambda o: not (o.factory_ordered_at or o.goods_ready_at)
        )
        waiting._mark_factory_ordered(fields.Datetime.now())
        names = [move.product_id.display_name for _line, move, _quantity in needs]
        return orders._get_facts("factory_ordered_at") | {"ordered": names}

    def _procure(self, needs):
        """Run the stock rules for all needs at once.

        :param needs: list of (order line, move, quantity in the product's unit)
        """
        # as for reordering rules, a missing vendor is an error and not a silent note
        rules = self.env["stock.rule"].with_context(from_orderpoint=True)
        for company, orders in self.grouped("company_id").items():
            procurements = [
                line._prepare_factory_procurement(move, quantity)
                for line, move, quantity in needs
                if line.order_id in orders
            ]
            try:
                rules.with_company(company).run(procurements, raise_user_error=False)
            except ProcurementException as error:
                problems = [text for _need, text in error.procurement_exceptions]
                raise UserError("\n".join(problems)) from error

    @act(
        "record_factory_order",
        states=("sale",),
        stamp="factory_ordered_at",
        after="handed_off_at",
        event="factory_ordered",
        access="read",
    )
    def action_record_factory_order(self, at=None, ref=None):
        """What is not in stock was ordered from the factory in another way (R-H04).

        :param at: UTC time of the order, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, factory_ordered_at) of the last order
        """
        self._check_may_follow()._ensure_handed_off()

    def _mark_factory_ordered(self, moment):
        self.write({"factory_ordered_at": moment})
        self._sla_event("factory_ordered", moment)

    def _notice_factory_orders(self):
        """What is short is on its way, whoever ordered it (R-H04)."""
        moves = self.order_line._get_open_deliveries()
        moves._forget_forecast()
        short = moves.filtered(lambda move: move._get_aftersales_shortage())
        supplied = (moves - short).sale_line_id.order_id - short.sale_line_id.order_id
        supplied._mark_factory_ordered(fields.Datetime.now())

    def _mark_goods_ready(self):
        """All goods are there: tell the guide to call the customer (R-H05)."""
        now = fields.Datetime.now()
        self.write({"goods_ready_at": now})
        self.activity_unlink(["aftersales_service.mail_activity_type_overdue"])
        self._sla_event("factory_ordered", now)
        self._announce_contact(now)
        for guide, orders in self.grouped(lambda o: o._get_guide()).items():
            guide._aftersales_assign(
                orders,
                lambda order, env: env._("Goods ready: call the customer"),
                activity_type="aftersales_service.mail_activity_type_call",
            )
