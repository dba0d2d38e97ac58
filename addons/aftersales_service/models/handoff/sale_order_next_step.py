from odoo import api, fields, models
from odoo.tools import format_datetime

# The promise that limits each stage, as a target code
PROMISES = {
    "incomplete": "handoff",
    "pending": "handoff",
    "handed_off": "factory_order",
    "ready": "contact",
}
PORTAL_STAGES = (
    "ordered",
    "production",
    "ready",
    "appointment",
    "delivered",
    "accepted",
)
PORTAL_STAGE = {
    "in_production": "production",
    "ready": "ready",
    "contacted": "appointment",
    "scheduled": "appointment",
    "delivered": "delivered",
    "accepted_with_remarks": "accepted",
    "accepted": "accepted",
}


class SaleOrder(models.Model):
    """Where is my order, who must do what until when."""

    _inherit = "sale.order"

    aftersales_next_step = fields.Char(
        string="Next Step",
        compute="_compute_aftersales_next_step",
        compute_sudo=True,
        help="Who must do what until when, as the recorded facts and promises say.",
    )

    @api.depends(
        "aftersales_state",
        "handoff_issues",
        "goods_progress",
        "agreed_start",
        "sla_clock_ids.deadline",
        "sla_clock_ids.recorded_state",
    )
    @api.depends_context("lang", "tz")
    def _compute_aftersales_next_step(self):
        for order in self:
            order.aftersales_next_step = bool(
                order.aftersales_state and order.aftersales_goods
            ) and " · ".join(filter(None, order._get_next_step()))

    def _get_next_step(self):
        """Texts: who must do what, and until when."""
        env, stage = self.env, self.aftersales_state
        acts = {
            "incomplete": lambda: env._(
                "Complete: %s", ", ".join((self.handoff_issues or "").splitlines())
            ),
            "pending": lambda: env._("Hand-off to the clerk"),
            "handed_off": lambda: env._("Order from the factory what is short"),
            "in_production": lambda: env._(
                "Wait for the goods: %s", self.goods_progress
            ),
            "ready": lambda: env._("Call the customer"),
            "contacted": lambda: (
                env._("Confirm the visit of %s", self._format_moment(self.agreed_start))
                if self.agreed_start
                else env._("Agree another time with the customer")
            ),
            "scheduled": lambda: env._(
                "Deliver on %s", self._format_moment(self.agreed_start)
            ),
            "delivered": lambda: env._("Have the delivery accepted"),
            "accepted_with_remarks": lambda: env._(
                "Accepted with remarks: %s open", self._count_open_defects()
            ),
            "accepted": lambda: env._(
                "Accepted on %s", self._format_moment(self.accepted_on)
            ),
        }
        return [self._get_actor(stage), acts[stage](), self._get_until(stage)]

    def _count_open_defects(self):
        """How many defects of the acceptance wait for their cure; see the requests."""
        return 0

    def _get_actor(self, stage):
        """Name of who must act."""
        if stage in ("incomplete", "ready"):
            return self.user_id.name
        if stage in ("pending", "handed_off", "in_production"):
            return self._get_clerk().name or self.env._("Order clerk")
        return stage != "accepted" and self.env._("After-sales")

    def _get_until(self, stage):
        code = PROMISES.get(stage)
        clock = next(
            (
                clock
                for clock in self.sla_clock_ids
                if clock.code == code
                and clock.recorded_state != "cancelled"
                and not clock.stopped_at
            ),
            None,
        )
        if not clock:
            return False
        until = self._format_moment(clock.deadline)
        if clock.state == "breached":
            return self.env._("overdue since %s", until)
        return self.env._("until %s", until)

    def _format_moment(self, moment):
        """A naive UTC datetime as the reader writes it, in the reader's time zone."""
        zone = self.env.context.get("tz") or self._sla_company().aftersales_tz
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    def _get_portal_stages(self):
        """The way of the order as its customer sees it (R-H10).

        :return: list of dicts: label, state (done, current or open)
        """
        env = self.env
        labels = (
            env._("Ordered"),
            env._("In production"),
            env._("Ready"),
            env._("Appointment"),
            env._("Delivered"),
            env._("Accepted"),
        )
        stage = PORTAL_STAGE.get(self.aftersales_state, "ordered")
        reached = PORTAL_STAGES.index(stage)
        return [
            {
                "label": label,
                "state": "done"
                if position < reached
                else "current"
                if position == reached
                else "open",
            }
            for position, label in enumerate(labels)
        ]
