from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import require_text
from ..act.declaration import act
from .sale_order import DELIVERED
from .stock_move import SUPPLY


class SaleOrder(models.Model):
    """Production is followed and the customer is told (R-H10)."""

    _inherit = "sale.order"

    overdue_at = fields.Datetime(
        string="Goods Overdue Since",
        readonly=True,
        copy=False,
        help="The expected or promised date that passed without the goods; each is"
        " raised to the guide and the clerk once.",
    )
    last_progress = fields.Char(
        readonly=True,
        copy=False,
        help="What the customer was told last about the order.",
        portal=True,
    )
    last_progress_at = fields.Datetime(
        string="Progress Told On", readonly=True, copy=False, portal=True
    )

    @api.model
    def _cron_raise_overdue(self):
        """Raise orders whose goods are late to guide and clerk, each date once."""
        now = fields.Datetime.now()
        overdue = {}
        orders = self.search(self._get_overdue_domain(now))
        # read ahead for all of them together
        orders.order_line._get_open_deliveries().mapped("forecast_expected_date")
        for order in orders:
            moment = order._get_overdue_moment(now)
            if moment and (not order.overdue_at or order.overdue_at < moment):
                overdue[order] = moment
        for order, moment in overdue.items():
            order.overdue_at = moment
        self.browse(order.id for order in overdue)._raise_overdue()

    def _get_overdue_domain(self, now):
        """Waiting orders that may be late: promised before now, or lacking a product
        that some late supply would bring.
        """
        late = self.env["stock.move"].search(
            [
                ("state", "not in", ("draft", "done", "cancel")),
                ("date", "<", now),
                ("location_id.usage", "in", SUPPLY),
                ("location_dest_id.usage", "=", "internal"),
            ]
        )
        return Domain(
            [
                ("state", "=", "sale"),
                ("handed_off_at", "!=", False),
                ("goods_ready_at", "=", False),
                ("aftersales_state", "not in", DELIVERED),
            ]
        ) & (
            Domain("commitment_date", "<", now)
            | Domain("order_line.move_ids.product_id", "in", late.product_id.ids)
        )

    def _get_overdue_moment(self, now):
        """The latest date that has passed: promised, or expected from the factory."""
        moves = self.order_line._get_open_deliveries()
        if all(move._is_aftersales_available() for move in moves):
            return False
        dates = [self.commitment_date, *(move._get_expected_date() for move in moves)]
        return max((d for d in dates if d and d < now), default=False)

    def _raise_overdue(self):
        for user, orders in self._grouped_by_follower().items():
            user._aftersales_assign(
                orders,
                lambda order, env: env._(
                    "Goods overdue since %s: ask the factory, tell the customer",
                    order.with_env(env)._format_moment(order.overdue_at),
                ),
                activity_type="aftersales_service.mail_activity_type_overdue",
            )

    @act(
        "report_progress",
        states=("sale",),
        stamp="last_progress_at",
        access="read",
    )
    def action_report_progress(self, text, ref=None):
        """Tell the customer how far the goods are, in the portal and by mail (R-H10).

        :param text: what the customer reads
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, aftersales_state, last_progress_at)
        :raise UserError: nothing to tell, or the order isn't confirmed
        """
        orders = self._check_may_follow()
        text = require_text(self.env, text, self.env._("Progress"))
        orders.last_progress = text
        user = self.env.user
        for order in orders:
            order.message_post(
                body=text,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=order.partner_id.ids,
                author_id=user.partner_id.id,
                email_from=user.email_formatted or order.company_id.email_formatted,
            )
