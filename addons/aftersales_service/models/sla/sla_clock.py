from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sla_target import parse_percents

STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Kept"),
    ("breached", "Breached"),
    ("cancelled", "Cancelled"),
]
BREACH = 100  # escalation level of a broken promise, in percent of its limit


class AftersalesSlaClock(models.Model):
    """One promise made to a customer: when it was due and what happened (R-Q03).

    Rows are written by the engine only. ``recorded_state`` is what the ledger has
    recorded so far; ``state`` is what is true at the second of reading, even if no
    scheduled action has run since (R-S15).
    """

    _name = "aftersales.sla.clock"
    _inherit = ["aftersales.act.mixin", "aftersales.sla.proof"]
    _description = "After-sales Promise Clock"
    _order = "deadline, id"
    _rec_name = "res_name"

    target_id = fields.Many2one(
        "aftersales.sla.target", string="Promise", ondelete="restrict", index=True
    )
    policy_id = fields.Many2one(related="target_id.policy_id")
    res_model = fields.Char(string="Record Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True
    )
    res_name = fields.Char(string="Document")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Responsible", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)

    # Terms, copied when the promise was made
    code = fields.Char(required=True)
    start_event = fields.Char(required=True)
    stop_event = fields.Char(required=True)
    moment = fields.Char()
    warn_at = fields.Char()
    pausable = fields.Boolean()
    consequence = fields.Selection(
        [
            ("none", "None"),
            ("at_our_cost", "At Our Cost"),
            ("liability", "Liability"),
        ],
        required=True,
        default="none",
    )
    clause = fields.Char(string="Rule")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        index="btree_not_null",
        ondelete="restrict",
    )
    matched_domain = fields.Char(
        string="Filter Met",
        help="Why this promise was made: the record met this filter of the policy,"
        " and no policy before it promised the same.",
    )
    limit_seconds = fields.Integer(
        help="Counted seconds between start and first deadline."
    )

    started_at = fields.Datetime(required=True)
    deadline = fields.Datetime(required=True, index=True)
    stopped_at = fields.Datetime()
    breached_at = fields.Datetime()
    recorded_state = fields.Selection(STATES, default="running", required=True)
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        search="_search_state",
        help="The state at this very second.",
    )
    risk_at = fields.Datetime(
        compute="_compute_checks",
        store=True,
        precompute=True,
        help="First warning; from then on the promise is at risk.",
    )
    at_risk = fields.Boolean(compute="_compute_state", search="_search_at_risk")
    remaining_seconds = fields.Integer(
        compute="_compute_state",
        help="Seconds to the deadline; negative when it has passed. For a paused clock"
        " what was left; for a stopped one, how early it was.",
    )
    escalated_level = fields.Integer(
        readonly=True, help="Highest percentage of the limit that was escalated."
    )
    late_from = fields.Datetime(
        compute="_compute_checks",
        store=True,
        precompute=True,
        help="First second at which it counts as broken.",
    )
    next_check_at = fields.Datetime(
        compute="_compute_checks",
        store=True,
        precompute=True,
        help="When the engine must look at it again; empty when it needn't.",
    )
    failed_at = fields.Datetime(
        string="Not Enforced Since",
        help="The system could not warn or escalate; a supervisor was told, and it is"
        " tried again.",
    )
    cancel_reason = fields.Char()
    ended_waiting = fields.Boolean(help="It waited for the customer when cancelled.")
    pause_reason = fields.Char(compute="_compute_pause_reason")
    pause_ids = fields.One2many("aftersales.sla.pause", "clock_id", string="Pauses")
    escalation_ids = fields.One2many(
        "aftersales.sla.escalation", "clock_id", string="Escalations"
    )

    _record_idx = models.Index("(res_model, res_id)")
    _check_idx = models.Index("(next_check_at) WHERE next_check_at IS NOT NULL")
    _open_uniq = models.UniqueIndex(
        "(res_model, res_id, code) WHERE recorded_state IN ('running', 'paused')",
        "This promise runs already.",
    )

    # ------------------------------------------------------------------
    # When to look again
    # ------------------------------------------------------------------

    @api.depends(
        "recorded_state", "deadline", "warn_at", "limit_seconds", "escalated_level"
    )
    def _compute_checks(self):
        for clock in self:
            points = clock._get_checkpoints()
            due = [at for level, at in points if level > clock.escalated_level]
            running = clock.recorded_state == "running" and due
            clock.risk_at = points[0][1] if len(points) > 1 else False
            clock.late_from = points[-1][1]
            clock.next_check_at = min(due) if running else False

    def _get_checkpoints(self):
        """Moments at which the engine acts on a running clock.

        :return: list of (level, naive UTC datetime); the last is the breach, the
            first second after the deadline
        """
        self.ensure_one()
        warnings = [
            (percent, self._get_warning_moment(percent))
            for percent in parse_percents(self.warn_at) or []
        ]
        breach = (BREACH, self.deadline + timedelta(seconds=1))
        return [w for w in warnings if w[1] <= self.deadline] + [breach]

    def _get_warning_moment(self, percent):
        left = self.limit_seconds * (100 - percent) / 100
        return self.calendar_id._aftersales_plan(self.deadline, -left / 60)

    # ------------------------------------------------------------------
    # Reading: exact at any second
    # ------------------------------------------------------------------

    @api.depends(
        "recorded_state", "late_from", "stopped_at", "risk_at", "pause_ids.ended_at"
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            running = clock.recorded_state == "running"
            late = running and clock.late_from and clock.late_from <= now
            clock.state = "breached" if late else clock.recorded_state
            clock.at_risk = bool(
                running and not late and clock.risk_at and clock.risk_at <= now
            )
            clock.remaining_seconds = clock._get_remaining(now)

    def _get_remaining(self, now):
        if not self.deadline:
            return 0
        pause = self.pause_ids.filtered(lambda p: not p.ended_at)
        moment = self.stopped_at or pause[:1].started_at or now
        return int((self.deadline - moment).total_seconds())

    @api.depends("pause_ids.ended_at", "pause_ids.reason")
    def _compute_pause_reason(self):
        for clock in self:
            clock.pause_reason = clock.pause_ids.filtered(lambda p: not p.ended_at)[
                :1
            ].reason

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        # the deadline has an index
        late = Domain("deadline", "<", now) & Domain("late_from", "<=", now)
        running = Domain("recorded_state", "=", "running")
        domains = {
            "running": running & ~late,
            "breached": Domain("recorded_state", "=", "breached") | (running & late),
        }
        return Domain.OR(
            domains.get(state, Domain("recorded_state", "=", state)) for state in value
        )

    def _search_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return (
            Domain("recorded_state", "=", "running")
            & Domain("late_from", ">", now)
            & Domain("risk_at", "<=", now)
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Group and sort by the state as it is now, not as it was recorded."""
        if field_expr == "state":
            return SQL(
                "CASE WHEN %(recorded)s = 'running' AND %(late_from)s <= %(now)s"
                " THEN 'breached' ELSE %(recorded)s END",
                recorded=self._field_to_sql(alias, "recorded_state", query),
                late_from=self._field_to_sql(alias, "late_from", query),
                now=fields.Datetime.now(),
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _worst_state(self):
        """One state for several promises, the most urgent first."""
        states = set(self.mapped("state"))
        if "breached" in states:
            return "breached"
        if any(self.mapped("at_risk")):
            return "at_risk"
        order = ("running", "paused", "met")
        return next((state for state in order if state in states), "none")

    def _get_status(self):
        self.ensure_one()
        names = ("code", "state", "at_risk", "remaining_seconds", "res_id")
        return {name: self[name] for name in names} | {
            "name": self.target_id.name or self.code,
            "clause": self.clause or "",
            "deadline": fields.Datetime.to_string(self.deadline),
            "stopped_at": fields.Datetime.to_string(self.stopped_at),
        }

    def action_open_record(self):
        """Open the document that made the promise."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
