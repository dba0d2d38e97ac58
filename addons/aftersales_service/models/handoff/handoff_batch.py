import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...concurrency import retried_when_known
from ...tools import require_text
from ..act.declaration import act

_logger = logging.getLogger(__name__)

# The scheduler may wake up to a minute late; what it hands over within this time
# after the cut-off counts as handed over at the cut-off.
TOLERANCE = timedelta(minutes=5)


class AftersalesHandoffBatch(models.Model):
    """The orders of a day, handed to the order clerk at the cut-off (R-H01)."""

    _name = "aftersales.handoff.batch"
    _description = "Daily Hand-off"
    _inherit = ["aftersales.act.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _locked_states = ("sent", "acknowledged")

    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Order Clerk",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        editable="always",
    )
    order_ids = fields.One2many("sale.order", "handoff_batch_id", string="Orders")
    order_count = fields.Integer(compute="_compute_order_count")
    line_ids = fields.Many2many(
        "sale.order.line",
        string="Ordered Goods",
        compute="_compute_line_ids",
        help="Every product of the orders, with its stock (R-H03).",
    )
    returned_order_ids = fields.Many2many(
        "sale.order",
        "aftersales_handoff_returned_rel",
        string="Returned to the Guide",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("acknowledged", "Acknowledged")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    sent_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _day_uniq = models.UniqueIndex(
        "(company_id, date)", "This day's hand-off exists already."
    )

    @api.depends("company_id")
    def _compute_user_id(self):
        for batch in self:
            company = batch.company_id
            batch.user_id = (
                company.aftersales_clerk_id or company.aftersales_supervisor_id
            )

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("handoff_batch_id", "in", self.ids)],
                ["handoff_batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            batch.order_count = counts.get(batch, 0)

    @api.depends("order_ids.order_line.product_id")
    def _compute_line_ids(self):
        for batch in self:
            batch.line_ids = batch.order_ids.order_line.filtered(
                lambda line: line.product_id.type == "consu"
            )

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for batch in self:
            batch.display_name = self.env._(
                "Hand-off %(date)s", date=fields.Date.to_string(batch.date)
            )

    def _get_lock_refusal(self):
        return self.env._("%s was sent and stays.", self.display_name)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("A hand-off that was sent can't be deleted."))

    # ------------------------------------------------------------------
    # The daily cut-off
    # ------------------------------------------------------------------

    @api.model
    def _cron_create_batches(self):
        """Hand over, for each company, what was confirmed up to its last cut-off."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("active", "=", True)])
        for company in companies:
            self._create_safely(company, company._aftersales_last_cutoff(now))
        following = [c._aftersales_next_cutoff(now) for c in companies]
        later = [moment for moment in following if moment > now]
        if later:
            cron = self.env.ref("aftersales_service.ir_cron_create_handoff_batches")
            cron._trigger(at=min(later))

    def _create_safely(self, company, cutoff):
        """One company in trouble keeps no other waiting; it is tried again soon."""
        try:
            with self.env.cr.savepoint():
                self.with_company(company)._create_batch(company, cutoff)
        except (psycopg2.OperationalError, ConcurrencyError):
            raise  # another worker was faster: the job is run again
        except Exception:  # pylint: disable=broad-except
            self.env.invalidate_all(flush=False)
            _logger.exception("No hand-off could be made for company %s", company.id)

    def _create_batch(self, company, cutoff):
        """Make and send the batch of one cut-off, unless it went out already."""
        day = company._aftersales_to_local(cutoff).date()
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("aftersales_goods", "=", True),
                ("handed_off_at", "=", False),
                ("delivery_status", "!=", "full"),  # nothing is left to be done
                ("confirmed_at", "<=", cutoff),
            ]
        )
        known = [("company_id", "=", company.id), ("date", "=", day)]
        batch = self.search(known)  # somebody may have prepared it
        if not orders or batch.state in ("sent", "acknowledged"):
            return
        complete = orders.filtered("is_handoff_complete")
        with retried_when_known(self.env):
            batch = batch or self.create({"company_id": company.id, "date": day})
        batch.order_ids = complete
        late = fields.Datetime.now() - cutoff > TOLERANCE
        batch._send_at(fields.Datetime.now() if late else cutoff)
        batch._return_orders(orders - complete)

    @act("send", states=("draft",), to="sent", stamp="sent_at")
    def action_send(self, ref=None):
        """Hand the orders over to the clerk now (R-H01).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, sent_at)
        :raise UserError: sent already, empty, or with incomplete orders
        """
        for batch in self:
            if not batch.order_ids:
                raise UserError(self.env._("There is no order to hand off."))
            incomplete = batch.order_ids.filtered(lambda o: not o.is_handoff_complete)
            if incomplete:
                raise UserError(
                    self.env._(
                        "Incomplete: %(orders)s",
                        orders=", ".join(incomplete.mapped("name")),
                    )
                )

    def _after_send(self, values):
        """The orders are the clerk's from now on."""
        self.sudo()._hand_over(self[:1]._act_at())  # orders are readonly to clerks

    def _hand_over(self, moment):
        """Mark the orders of sent batches and tell the clerks.

        :param moment: naive UTC time
        """
        self.order_ids._mark_handed_off(moment)
        for user, batches in self.grouped("user_id").items():
            user._aftersales_assign(
                batches,
                lambda batch, env: env._(
                    "Take over %(count)s orders", count=len(batch.order_ids)
                ),
            )

    def _send_at(self, moment):
        """Send at the cut-off; where all orders are incomplete nothing is taken over.

        :param moment: naive UTC time
        """
        self.write({"state": "sent", "sent_at": moment})
        self._act_log("send", moments=dict.fromkeys(self.ids, moment))
        empty = self.filtered(lambda batch: not batch.order_ids)
        empty.write({"state": "acknowledged", "acknowledged_at": moment})
        (self - empty)._hand_over(moment)

    @act("acknowledge", states=("sent",), to="acknowledged", stamp="acknowledged_at")
    def action_acknowledge(self, ref=None):
        """The clerk has taken the orders over (R-H01).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, acknowledged_at)
        :raise UserError: not sent, or acknowledged already
        """
        batches = self.sudo()
        batches.acknowledged_by_id = self.env.user
        batches.activity_ids.action_feedback()

    @act("order_goods")
    def action_order_goods(self, ref=None):
        """Order from the factory what the orders of these batches lack (R-H04).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, ordered: list of the names of the products)
        :raise UserError: not handed off, or no rule or vendor for a product
        """
        orders = self.order_ids.filtered(
            lambda o: o.state == "sale" and not o.goods_ready_at
        )
        return {"ordered": orders.action_order_goods()["ordered"] if orders else []}

    @act("return_order", states=("sent", "acknowledged"))
    def action_return_order(self, order_id, reason, ref=None):
        """Give an order back to its guide with the reason (R-H02).

        It counts as not handed off until the guide resubmits it.

        :param order_id: id of an order of this batch
        :param reason: what is wrong; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, order_id)
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        batch = self.sudo()  # orders are readonly to clerks
        order = batch.order_ids.filtered(lambda o: o.id == order_id)
        if not order:
            raise UserError(
                self.env._("Order %(id)s is not handed off in this batch.", id=order_id)
            )
        order.write(
            {
                "handoff_batch_id": False,
                "handed_off_at": False,
                "handoff_return_reason": reason,
            }
        )
        order._act_log("return", {"reason": reason})
        order._end_road(
            self.env._("Returned by the clerk: %s", reason),
            ("contacted", "appointment_agreed"),
        )
        batch._return_orders(order)
        return {"order_id": order_id}

    def _return_orders(self, orders):
        """Tell each guide what is missing in which order (R-H02)."""
        self.returned_order_ids |= orders
        task = "aftersales_service.mail_activity_type_complete"
        orders.activity_unlink([task])  # of the day before
        for guide, returned in orders.grouped(lambda o: o._get_guide()).items():
            guide._aftersales_assign(
                returned,
                lambda order, env: env._("Complete the contract"),
                lambda order, env: order.with_env(env).handoff_issues,
                activity_type=task,
            )
