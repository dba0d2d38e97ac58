from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...concurrency import serialize
from ...tools import require_text
from ..act.declaration import act

COPIED = ("partner_id", "order_id", "user_id", "team_id")  # by promises


class AftersalesSlaMixin(models.AbstractModel):
    """What a business model inherits to have its promises kept.

    The model only announces events: ``record._sla_event("arrived", at=moment)``.
    Policies say which clocks start and stop on them; the model knows no minutes. Its
    acts, pause and resume among them, are those of ``aftersales.act.mixin``, which it
    inherits, too.
    """

    _name = "aftersales.sla.mixin"
    _description = "Keeps Promises"

    sla_clock_ids = fields.One2many(
        "aftersales.sla.clock",
        "res_id",
        string="Promises",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
    )
    sla_state = fields.Selection(
        [
            ("none", "No Promise"),
            ("running", "On Time"),
            ("paused", "Waiting"),
            ("at_risk", "At Risk"),
            ("breached", "Breached"),
            ("met", "Kept"),
        ],
        string="Promise State",
        compute="_compute_sla_state",
        help="The worst state among the promises of this record, at this moment.",
    )
    sla_deadline = fields.Datetime(
        string="Next Deadline",
        compute="_compute_sla_state",
        help="The nearest deadline of a promise still to be kept.",
    )
    sla_risk_at = fields.Datetime(
        string="At Risk From",
        compute="_compute_sla_state",
        help="When the promise with the next deadline gets at risk.",
    )

    @api.depends("sla_clock_ids.state", "sla_clock_ids.at_risk")
    def _compute_sla_state(self):
        for record in self:
            clocks = record.sudo().sla_clock_ids
            running = clocks.filtered(
                lambda c: c.state in ("running", "breached") and not c.stopped_at
            )
            nearest = running.sorted("deadline")[:1]
            record.sla_deadline = nearest.deadline
            record.sla_risk_at = nearest.risk_at
            record.sla_state = clocks._worst_state()

    def _field_to_sql(self, alias, field_expr, query=None):
        """Sort by the next deadline: what is most urgent comes first."""
        if field_expr != "sla_deadline":
            return super()._field_to_sql(alias, field_expr, query)
        known = self.env["aftersales.sla.clock"]._fields
        columns = ("deadline", "stopped_at", "recorded_state")
        return SQL(
            """(SELECT min(%(deadline)s) FROM aftersales_sla_clock clock
                 WHERE clock.res_model = %(model)s AND clock.res_id = %(record)s
                   AND %(stopped_at)s IS NULL
                   AND %(recorded_state)s IN ('running', 'breached'))""",
            model=self._name,
            record=SQL.identifier(alias, "id"),
            **{
                name: SQL.identifier("clock", name, to_flush=known[name])
                for name in columns
            },
        )

    # ------------------------------------------------------------------
    # Announcing events
    # ------------------------------------------------------------------

    def _sla_event(self, event, at=None):
        """Tell the ledger that something happened to these records.

        Clocks that wait for the event stop, those that begin with it start.

        :param event: name used by the targets' start and stop events
        :param at: naive UTC datetime of the act; empty means now
        """
        if not self:
            return
        serialize(self)  # a promise begins once, and ends once
        at = at or fields.Datetime.now()
        clocks = self.env["aftersales.sla.clock"].sudo()
        existing = clocks._get_current(self)
        waiting = existing.filtered(lambda c: c.stop_event == event)
        waiting._stop(at)
        if any(clock.deadline < fields.Datetime.now() for clock in waiting):
            # what followed from a breach may have made these promises already, even
            # where the breach was corrected at once
            existing = clocks._get_current(self)
        clocks._start(self, event, at, existing)

    def _sla_cancel(self, reason):
        """End the open promises of these records without keeping them."""
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        clocks._cancel(reason)

    def _sla_reevaluate(self, reason, events):
        """Match the policies again after a record changed in kind, or its moment moved.

        Open promises whose terms or deadline differ now are cancelled with the reason
        and started anew from the same event; new ones start from when it happened.

        What happened already counts, and waiting for the customer isn't lost.

        :param reason: text kept on the cancelled promises
        :param events: dict of event name → naive UTC datetime at which it happened
        """
        clocks = self.env["aftersales.sla.clock"].sudo()
        entered = min(self.mapped("create_date"), default=None)
        for event, at in events.items():
            if at:
                existing = clocks._get_current(self)
                replaced = clocks._replace(self, event, at, existing, reason)
                # a breach found now may have led to the same promises already
                existing = clocks._get_current(self)
                new = clocks._start(self, event, at, existing - replaced)
                new._take_over_pauses()
                for done, moment in events.items():
                    if moment and moment >= at:  # it was kept before it was promised
                        kept = new.filtered(lambda c, e=done: c.stop_event == e)
                        kept._stop(moment, entered)

    def write(self, vals):
        """Promises follow the record to its customer, contract and people."""
        result = super().write(vals)
        if not vals.keys().isdisjoint((*COPIED, "employee_ids")):
            self.env["aftersales.sla.clock"].sudo()._follow(self)
        return result

    # ------------------------------------------------------------------
    # Hooks for the models
    # ------------------------------------------------------------------

    def _sla_company(self):
        """Company whose policies and days count."""
        return self.company_id or self.env.company

    def _prepare_sla_clock_vals(self):
        """Whom a new promise belongs to: partner, order, user, team, company (ids)."""
        self.ensure_one()
        clocks = self.env["aftersales.sla.clock"]._fields
        vals = {
            name: self[name].id
            for name in COPIED
            # a sales team, too, may be called team_id
            if name in self._fields
            and self._fields[name].comodel_name == clocks[name].comodel_name
        }
        return vals | {"company_id": self._sla_company().id}

    def _sla_moment(self, name, started_at):
        """The agreed moment that a promise ends at.

        :param name: value of the target's ``moment``; by default a field name
        :param started_at: naive UTC datetime of the start event
        :return: naive UTC datetime or False
        """
        return self[name]

    def _sla_recipients(self, role):
        """Users to tell about a promise of this record.

        :param role: "assignee", "supervisor" or "manager"
        :return: res.users; never empty for supervisor and manager while the
            groups have members of the company
        """
        self.ensure_one()
        company = self._sla_company()
        if role == "assignee":
            return self.user_id if "user_id" in self._fields else self.env["res.users"]
        return company._aftersales_people(role)

    def _sla_breached(self, clocks):
        """Apply the consequences of broken promises, once for each clock.

        Called by the engine in the transaction that records the breach.

        :param clocks: aftersales.sla.clock records of these records (sudo)
        """

    def _sla_waived(self, clock):
        """Take back what a broken promise led to; a manager gave it up (R-S10).

        :param clock: aftersales.sla.clock of this record (sudo)
        """

    def _sla_corrected(self, clock, reason):
        """Take back what a breach led to that was none: the act was in time (R-E05).

        :param clock: aftersales.sla.clock of this record (sudo)
        :param reason: why it counts as kept
        """

    # ------------------------------------------------------------------
    # Public methods
    # ------------------------------------------------------------------

    @act("sla_pause")
    def action_sla_pause(self, reason, ref=None):
        """Let the pausable promises of these records wait for the customer (R-S16).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: list of dicts, see ``get_sla_status``
        :raise UserError: no reason given, or no running promise that may wait
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        pausable = clocks.filtered(lambda c: c.pausable and c.state == "running")
        if not pausable:
            raise UserError(
                self.env._("No running promise of this record may be paused.")
            )
        pausable._pause(reason, self.env.user)
        return self.get_sla_status()

    @act("sla_resume")
    def action_sla_resume(self, ref=None):
        """Let the paused promises of these records run again.

        :param ref: the caller's own reference of this act, for a retry
        :return: list of dicts, see ``get_sla_status``
        :raise UserError: nothing is paused
        """
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(self)
        paused = clocks.filtered(lambda c: c.state == "paused")
        if not paused:
            raise UserError(self.env._("No promise of this record is paused."))
        paused._resume(fields.Datetime.now())
        return self.get_sla_status()

    def get_sla_status(self):
        """Every promise of these records as it stands at this second (R-S15).

        :return: list of dicts: res_id, code, name, state, at_risk, deadline and
            stopped_at (UTC strings or False), remaining_seconds, clause
        """
        self.check_access("read")
        clocks = self.env["aftersales.sla.clock"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return [clock._get_status() for clock in clocks.search(domain, order="id")]
