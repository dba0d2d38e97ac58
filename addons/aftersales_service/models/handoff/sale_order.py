from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

DELIVERED = ("delivered", "accepted_with_remarks", "accepted")


class SaleOrder(models.Model):
    """A contract after the sale: where it is and who must act next (R-H01…R-H08)."""

    _name = "sale.order"
    _inherit = [
        "sale.order",
        "aftersales.act.mixin",
        "aftersales.sla.mixin",
        "aftersales.portal.fields",
    ]

    aftersales_state = fields.Selection(
        [
            ("pending", "To Hand Off"),
            ("incomplete", "Incomplete"),
            ("handed_off", "Handed Off"),
            ("in_production", "In Production"),
            ("ready", "Goods Ready"),
            ("contacted", "Customer Contacted"),
            ("scheduled", "Scheduled"),
            ("delivered", "Delivered"),
            ("accepted_with_remarks", "Accepted with Remarks"),
            ("accepted", "Accepted"),
        ],
        string="After-sales Stage",
        compute="_compute_aftersales_state",
        store=True,
        help="Goods that are ready before the hand-off don't skip it.",
        portal=True,
    )
    aftersales_goods = fields.Boolean(
        string="Has Goods",
        compute="_compute_aftersales_goods",
        store=True,
        help="Orders of services only are not handed off.",
        portal=True,
    )
    confirmed_at = fields.Datetime(string="Confirmed On", readonly=True, copy=False)
    handed_off_at = fields.Datetime(string="Handed Off On", readonly=True, copy=False)
    factory_ordered_at = fields.Datetime(
        string="Ordered from Factory On", readonly=True, copy=False
    )
    goods_ready_at = fields.Datetime(string="Goods Ready On", readonly=True, copy=False)
    contacted_at = fields.Datetime(
        string="Customer Contacted On", readonly=True, copy=False
    )
    agreed_start = fields.Datetime(
        string="Agreed From", readonly=True, copy=False, tracking=True, portal=True
    )
    agreed_stop = fields.Datetime(
        string="Agreed Until", readonly=True, copy=False, tracking=True, portal=True
    )
    scheduled_at = fields.Datetime(
        string="Visit Confirmed On", readonly=True, copy=False
    )
    accepted_on = fields.Datetime(readonly=True, copy=False)
    handoff_batch_id = fields.Many2one(
        "aftersales.handoff.batch",
        string="Hand-off",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    technical_adviser_id = fields.Many2one(
        "res.users",
    )

    @api.depends("order_line.product_id.type")
    def _compute_aftersales_goods(self):
        for order in self:
            types = order.order_line.product_id.mapped("type")
            order.aftersales_goods = "consu" in types

    @api.depends(
        "state",
        "aftersales_goods",
        "is_handoff_complete",
        "handed_off_at",
        "factory_ordered_at",
        "goods_ready_at",
        "contacted_at",
        "scheduled_at",
        "delivery_status",
        "accepted_on",
    )
    def _compute_aftersales_state(self):
        for order in self:
            followed = order.aftersales_goods or order.accepted_on
            order.aftersales_state = (
                order._get_aftersales_state()
                if followed and order.state == "sale"
                else False
            )

    def _get_aftersales_state(self):
        """The furthest stage that the recorded facts prove."""
        reached = (
            ("accepted", self.accepted_on),
            ("delivered", self.delivery_status == "full"),
            ("scheduled", self.scheduled_at),
            ("contacted", self.contacted_at),
            ("pending", not self.handed_off_at and self.is_handoff_complete),
            ("incomplete", not self.handed_off_at),
            ("ready", self.goods_ready_at),
            ("in_production", self.factory_ordered_at),
        )
        return next((stage for stage, fact in reached if fact), "handed_off")

    # ------------------------------------------------------------------
    # Promises
    # ------------------------------------------------------------------

    def _prepare_sla_clock_vals(self):
        return super()._prepare_sla_clock_vals() | {"order_id": self.id}

    def _sla_moment(self, name, started_at):
        if name == "handoff_cutoff":
            return self._sla_company()._aftersales_next_cutoff(started_at)
        return super()._sla_moment(name, started_at)

    def action_confirm(self):
        """Confirm, and promise the hand-off at the next cut-off (R-H01)."""
        result = super().action_confirm()
        goods = self.filtered(lambda o: o.state == "sale" and o.aftersales_goods)
        goods._sla_event("confirmed", goods[:1].confirmed_at)
        return result

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def _check_may_follow(self, cancelled=False):
        """Guides act on their own orders, after-sales on all.

        :param cancelled: the act is possible on a cancelled order, too
        :return: the orders with the rights to record facts
        """
        user = self.env.user
        if user._is_aftersales("user"):
            self.check_access("read")
        elif user.has_group("sales_team.group_sale_salesman"):
            self.check_access("write")
        else:  # warehouse users may write orders, but not speak for the guide
            raise AccessError(self.env._("Only the guide or after-sales may do this."))
        orders = self.sudo()  # the facts are readonly to readers
        orders.filtered(
            lambda o: not (cancelled and o.state == "cancel")
        )._ensure_confirmed()
        return orders

    def _ensure_confirmed(self):
        wrong = self.filtered(lambda o: o.state != "sale")
        if wrong:
            names = ", ".join(wrong.mapped("name"))
            raise UserError(self.env._("%(orders)s: not confirmed.", orders=names))
        return self

    def _ensure_handed_off(self):
        waiting = self.filtered(lambda o: o.aftersales_goods and not o.handed_off_at)
        if waiting:
            names = ", ".join(waiting.mapped("name"))
            raise UserError(
                self.env._("%(orders)s: hand the order off first.", orders=names)
            )

    def _mark_handed_off(self, moment):
        """The clerk has them; where the goods are there or on their way already,
        nothing is left to be ordered.
        """
        self.write({"handed_off_at": moment})
        self.activity_unlink(["aftersales_service.mail_activity_type_complete"])
        self._sla_event("handed_off", moment)
        ready = self.filtered("goods_ready_at")
        ready._sla_event("factory_ordered", moment)
        (self - ready)._notice_factory_orders()
        ready._announce_contact(moment)

    def _return_to_guide(self, reason):
        """See ``action_return_order`` of the batch."""
        return self.handoff_batch_id.action_return_order(self.id, reason)

    def _on_accepted(self, at):
        """Everything was accepted by the customer.

        :param at: naive UTC datetime of the signature
        """
        self.write({"accepted_on": at})
        self._sla_event("accepted", at)
        self._end_road(self.env._("The goods are accepted already"))

    def _act_answer(self, act):
        return super()._act_answer(act) | {
            "aftersales_state": self.sudo()[-1:].aftersales_state
        }

    def _get_facts(self, *names):
        """Plain values for other programs: id, stage and the named facts."""
        order = self[-1:]
        return {"id": order.id, "aftersales_state": order.aftersales_state} | {
            name: fields.Datetime.to_string(order[name]) for name in names
        }
