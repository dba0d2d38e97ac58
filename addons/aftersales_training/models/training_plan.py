from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MORNING = 9.0  # local hour at which sessions are proposed


class AftersalesTrainingPlan(models.Model):
    """The training promised in a contract: 35 people, proved (R-T01)."""

    _name = "aftersales.training.plan"
    _description = "Training Plan"
    _inherit = ["aftersales.sla.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    order_id = fields.Many2one(
        "sale.order", required=True, check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", store=True, string="Customer", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    headcount = fields.Integer(string="Promised", required=True, default=35)
    commissioning_start = fields.Date(tracking=True)
    commissioning_end = fields.Date(tracking=True)
    accepted_on = fields.Datetime(readonly=True)
    liaison_id = fields.Many2one(
        "res.partner",
        string="Customer's Liaison",
        help="Follows from commissioning to operation (R-T08).",
    )
    event_ids = fields.One2many("event.event", "aftersales_plan_id", string="Sessions")
    event_count = fields.Integer(compute="_compute_counts")
    trained_count = fields.Integer(
        string="Trained",
        compute="_compute_counts",
        help="Distinct people who attended.",
    )
    missing_count = fields.Integer(string="Missing", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    handover_held_at = fields.Datetime(readonly=True, copy=False)
    handover_minutes = fields.Text(readonly=True, copy=False)
    handover_participants = fields.Text(readonly=True, copy=False)
    handover_commissioning_report = fields.Boolean(
        string="Commissioning Report", readonly=True, copy=False
    )
    handover_operating_manual = fields.Boolean(
        string="Operating Manual", readonly=True, copy=False
    )
    handover_key_points = fields.Boolean(
        string="Key Points of Each Machine", readonly=True, copy=False
    )
    is_cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "To Plan"),
            ("planned", "Planned"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
    )

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "The order has its training plan already."
    )
    _headcount_positive = models.Constraint(
        "CHECK (headcount BETWEEN 1 AND 10000)", "Between 1 and 10000 people."
    )
    _dates_check = models.Constraint(
        "CHECK (commissioning_end >= commissioning_start)",
        "Commissioning can't end before it starts.",
    )

    @api.depends("order_id.name")
    def _compute_name(self):
        for plan in self:
            plan.name = f"T-{plan.order_id.name}"

    @api.depends("event_ids.registration_ids.state", "headcount")
    def _compute_counts(self):
        trained = self._count_trained()
        for plan in self:
            plan.event_count = len(plan.event_ids)
            plan.trained_count = trained.get(plan.id, 0)
            plan.missing_count = max(0, plan.headcount - plan.trained_count)
            plan.progress = 100 * plan.trained_count / (plan.headcount or 1)

    def _count_trained(self):
        """People who attended, each counted once by phone, else by name (R-T01)."""
        if not self.ids:
            return {}
        self.env["event.registration"].flush_model(["state", "phone", "name"])
        rows = self.env.execute_query(
            SQL(
                """SELECT e.aftersales_plan_id,
                    COUNT(DISTINCT COALESCE(
                        NULLIF(RIGHT(REGEXP_REPLACE(r.phone, '\\D', '', 'g'), 11), ''),
                        LOWER(TRIM(r.name))))
                FROM event_registration r JOIN event_event e ON e.id = r.event_id
                WHERE r.state = 'done' AND e.aftersales_plan_id IN %s
                GROUP BY e.aftersales_plan_id""",
                tuple(self.ids),
            )
        )
        return dict(rows)

    @api.depends("is_cancelled", "event_ids", "trained_count", "headcount")
    def _compute_state(self):
        for plan in self:
            if plan.is_cancelled:
                plan.state = "cancelled"
            elif plan.trained_count >= plan.headcount:
                plan.state = "done"
            elif plan.trained_count:
                plan.state = "running"
            else:
                plan.state = "planned" if plan.event_ids else "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promise(self):
        raise UserError(self.env._("A promised training is cancelled, not deleted."))

    def _cancel(self, reason):
        self.write({"is_cancelled": True})
        self._sla_cancel(reason)

    def _get_session_start(self, template):
        """When a session is proposed: its anchor moved by the template's offset.

        :return: naive UTC datetime; False while the anchor isn't known
        """
        anchor = self[template.anchor]
        if not anchor:
            return False
        company = self.company_id
        if template.anchor == "accepted_on":
            anchor = company._aftersales_to_local(anchor).date()
        day = anchor + relativedelta(
            months=template.offset_months, days=template.offset_days
        )
        return company._aftersales_at(day, MORNING)

    def _prepare_event_vals(self, template, start):
        return {
            "name": f"{self.order_id.name} {template.name}",
            "aftersales_plan_id": self.id,
            "aftersales_template_id": template.id,
            "company_id": self.company_id.id,
            "date_begin": start,
            "date_end": start + timedelta(hours=template.hours),
            "date_tz": self.company_id.aftersales_tz,
            "event_mail_ids": [fields.Command.clear()],  # people are told by hand
            "event_ticket_ids": [fields.Command.clear()],
        }
