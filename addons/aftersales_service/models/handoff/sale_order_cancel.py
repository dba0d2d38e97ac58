from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

# What a contract has reached; confirmed again after a cancellation it starts again
FACTS = (
    "handoff_batch_id",
    "handoff_return_reason",
    "handed_off_at",
    "factory_ordered_at",
    "goods_ready_at",
    "overdue_at",
    "contacted_at",
    "agreed_start",
    "agreed_stop",
    "scheduled_at",
    "accepted_on",
    "last_progress",
    "last_progress_at",
)


class SaleOrder(models.Model):
    """What hangs on a contract ends with it, in every stage."""

    _inherit = "sale.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        orders = self.sudo()  # who deletes may not read what hangs on it
        if orders.visit_ids or orders.acceptance_ids or orders.sla_clock_ids:
            raise UserError(
                self.env._("An order with promises or visits is kept as proof.")
            )

    def _action_confirm(self):
        """Confirmed now, whoever's rights confirm it; nothing of before counts."""
        fresh = dict.fromkeys(FACTS, False)
        self.sudo().write(fresh | {"confirmed_at": fields.Datetime.now()})
        return super()._action_confirm()

    def _action_cancel(self):
        """End promises and tasks; who has the order already is told (R-H01)."""
        self.check_access("write")
        orders = self.sudo()  # a guide may neither write the ledger nor see purchases
        taken = orders.filtered(lambda o: o.state == "sale" and o.handed_off_at)
        result = super(SaleOrder, orders)._action_cancel()
        orders._sla_cancel(self.env._("The order was cancelled"))
        orders.activity_ids.filtered("automated").unlink()
        drafts = orders.filtered(lambda o: o.handoff_batch_id.state == "draft")
        drafts.write({"handoff_batch_id": False})
        orders.order_line.filtered("aftersales_procured_qty").write(
            {"aftersales_procured_qty": 0}
        )
        taken._tell_cancelled()
        return result

    def _tell_cancelled(self):
        """One message to each guide and clerk that lists their cancelled orders."""
        for user, orders in self._grouped_by_follower().items():
            env = orders.with_context(lang=user.lang).env
            lines = [order.with_env(env)._get_cancel_text() for order in orders]
            user._aftersales_notify(env._("Order cancelled"), lines)

    def _get_cancel_text(self):
        values = {"order": self.name, "customer": self.partner_id.display_name}
        if self.factory_ordered_at:
            return self.env._(
                "%(order)s (%(customer)s) was cancelled: look after what was ordered"
                " from the factory",
                **values,
            )
        return self.env._("%(order)s (%(customer)s) was cancelled", **values)

    def _grouped_by_follower(self):
        """Guides and clerks → their part of these orders."""
        followed = defaultdict(self.browse)
        for order in self:
            for user in order.user_id | order._get_clerk():
                followed[user] += order
        return followed

    def _get_clerk(self):
        """Who has taken over the order, or would."""
        company = self._sla_company()
        return (
            self.handoff_batch_id.user_id
            or company.aftersales_clerk_id
            or company.aftersales_supervisor_id
        )
