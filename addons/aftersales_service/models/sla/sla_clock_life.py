from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger

OPEN = ("running", "paused")


class AftersalesSlaClock(models.Model):
    """How promises begin, wait, end and are replaced."""

    _inherit = "aftersales.sla.clock"

    @api.model
    def _get_current(self, records):
        """Every promise of these records that wasn't cancelled, locked for an act.

        The scheduler or another act may hold it: this one waits. If the other changed
        it, PostgreSQL refuses the lock and Odoo does the act again on what is true now.
        """
        self.flush_model(["res_model", "res_id", "recorded_state", "deadline"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM aftersales_sla_clock WHERE res_model = %s"
                " AND res_id = ANY(%s) AND recorded_state != 'cancelled'"
                " ORDER BY deadline, id FOR NO KEY UPDATE",
                records._name,
                records.ids,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _start(self, records, event, at, existing):
        """Make the promises that begin with an event.

        :param records: records of one model to which it happened
        :param event: event name
        :param at: naive UTC datetime of the event
        :param existing: clocks of the records; a code that is there isn't made again
        :return: the new clocks
        """
        taken = {(clock.res_id, clock.code) for clock in existing}
        vals_list = [
            self._prepare_vals(record, terms, at)
            for record, terms in self._match(records.sudo(), event)
            if (record.id, terms["code"]) not in taken
        ]
        try:
            with mute_logger("odoo.sql_db"):
                return self.create([vals for vals in vals_list if vals])
        except UniqueViolation as error:
            # another act made it at the same time: Odoo does this one again, which
            # then finds it
            raise ConcurrencyError(self.env._("This promise runs already.")) from error

    @api.model
    def _match(self, records, event):
        """Pairs of (record, terms): for each code the first policy that fits."""
        policies = self.env["aftersales.sla.policy"]
        matches = {}
        for company, group in records.grouped(lambda r: r._sla_company()).items():
            for domain, targets in policies._get_terms(group._name, company.id):
                starting = [t for t in targets if t["start_event"] == event]
                if not starting:
                    continue
                for record in group.filtered_domain(list(domain)):
                    for terms in starting:
                        matches.setdefault((record, terms["code"]), terms)
        return [(record, terms) for (record, _code), terms in matches.items()]

    @api.model
    def _prepare_vals(self, record, terms, at):
        """Values of a new clock; None when its agreed moment isn't known yet."""
        deadline = self.env["aftersales.sla.target"]._get_deadline(terms, at, record)
        if not deadline:
            return None
        calendar = self.env["resource.calendar"].browse(terms["calendar_id"])
        kept = dict(terms)
        kept.pop("limit_value")
        kept.pop("limit_unit")
        return {
            **kept,
            **record._prepare_sla_clock_vals(),
            "res_model": record._name,
            "res_id": record.id,
            "res_name": record.display_name,
            "started_at": at,
            "deadline": deadline,
            "limit_seconds": calendar._aftersales_elapsed(at, max(at, deadline)),
        }

    def _stop(self, at, entered=None):
        """The awaited event happened: kept if in time, else recorded as broken.

        An act that is entered after the deadline is somebody's word: the promise stays
        broken until a supervisor corrects it, or enters the act himself (R-E05).

        :param at: naive UTC datetime of the event
        :param entered: when it was entered at the earliest; empty means now
        """
        open_clocks = self.filtered(lambda c: not c.stopped_at)
        open_clocks.filtered(lambda c: c.recorded_state == "paused")._resume(at)
        open_clocks._enforce_late(max(at, entered or fields.Datetime.now()))
        # a breach may have changed what is promised
        open_clocks = open_clocks.filtered(lambda c: c.recorded_state != "cancelled")
        for clock in open_clocks:
            kept = clock.recorded_state == "running"
            clock.write(
                {"stopped_at": at} | ({"recorded_state": "met"} if kept else {})
            )
        open_clocks._close_warnings()
        if self.env.user._is_aftersales("supervisor"):
            kept = open_clocks.filtered(lambda c: c._is_kept_in_truth())
            kept._correct(self.env._("Entered later with its true time"))

    def _enforce_late(self, at):
        """What is late at a moment is a breach, though nobody was watching (R-S15)."""
        late = self.filtered(
            lambda c: c.recorded_state == "running" and c.deadline < at
        )
        if late:
            late._enforce(fields.Datetime.now())
            late.escalation_ids.filtered(lambda e: not e.told_at)._notify_users()

    def _cancel(self, reason):
        """End open promises without keeping them; broken ones stay broken."""
        self._enforce_late(fields.Datetime.now())
        running = self.filtered(lambda c: c.recorded_state in OPEN)
        running.filtered(lambda c: c.recorded_state == "paused").ended_waiting = True
        running.pause_ids.filtered(lambda p: not p.ended_at).write(
            {"ended_at": fields.Datetime.now()}
        )
        running.write(
            {
                "recorded_state": "cancelled",
                "cancel_reason": reason,
                "stopped_at": fields.Datetime.now(),
            }
        )
        running._close_warnings()

    @api.model
    def _replace(self, records, event, at, existing, reason):
        """Cancel the promises whose terms differ now; ``_start`` makes them anew.

        :return: the clocks that no longer stand in the way of a new start
        """
        started = existing.filtered(lambda c: c.start_event == event)
        by_key = {
            (c.res_id, c.code): c
            for c in started.sorted(lambda c: c.recorded_state in OPEN)
        }
        replaced = self.browse()
        for record, terms in self._match(records.sudo(), event):
            clock = by_key.pop((record.id, terms["code"]), self)
            if clock and not clock.stopped_at and clock._differs(record, terms, at):
                replaced += clock
        unmatched = self.union(*by_key.values()).filtered(lambda c: not c.stopped_at)
        (replaced + unmatched)._cancel(reason)
        replaced.flush_recordset()  # frees the place of the open promise
        return replaced

    def _differs(self, record, terms, at):
        """Whether a new promise must take the place of this one.

        A broken one stays in its place where the new one would be broken at once: one
        lateness is told, admitted and paid for once.
        """
        deadline = self.target_id._get_deadline(terms, at, record)
        if self.state == "breached" and not (
            deadline and deadline >= fields.Datetime.now()
        ):
            return False
        if self.target_id.id != terms["target_id"]:
            return True
        return bool(terms["moment"] and deadline) and deadline != self.deadline

    def _take_over_pauses(self):
        """What an earlier promise of the same start waited, these wait, too.

        Whatever the record was taken for in between; who waited then still does.
        """
        pausable = self.filtered("pausable")
        if not pausable:
            return
        domain = [
            ("res_model", "in", pausable.mapped("res_model")),
            ("res_id", "in", pausable.mapped("res_id")),
            ("code", "in", pausable.mapped("code")),
            ("recorded_state", "=", "cancelled"),
            ("pause_ids", "!=", False),
        ]
        earlier = {
            (c.res_id, c.code, c.started_at): c for c in self.search(domain, order="id")
        }
        for clock in pausable:
            key = clock.res_id, clock.code, clock.started_at
            clock._copy_pauses(earlier.get(key, self.browse()))

    def _copy_pauses(self, before):
        """Wait as long as an earlier promise did.

        :param before: the earlier promise; none is possible
        """
        for pause in before.pause_ids:
            if pause.started_at > self.deadline:
                break
            pause.copy({"clock_id": self.id, "ended_at": False})
            self.recorded_state = "paused"
            if not before.ended_waiting or pause != before.pause_ids[-1]:
                self._resume(pause.ended_at)

    @api.model
    def _follow(self, records):
        """Copy anew to whom the promises of these records belong.

        Customer, contract and team belong to all of them; who takes care answers for
        what is still to be kept.
        """
        clocks = self._get_current(records)
        by_id = clocks.grouped("res_id")
        for record in records.sudo().filtered(lambda r: r.id in by_id):
            vals = record._prepare_sla_clock_vals()
            people = {k: vals.pop(k) for k in ("user_id", "employee_id") if k in vals}
            mine = by_id[record.id]
            mine.write(vals)
            mine.filtered(lambda c: c.state in OPEN).write(people)

    def _pause(self, reason, user):
        """Let running clocks wait; called by ``action_sla_pause``."""
        now = fields.Datetime.now()
        self.env["aftersales.sla.pause"].create(
            [
                {
                    "clock_id": clock.id,
                    "started_at": now,
                    "reason": reason,
                    "user_id": user.id,
                }
                for clock in self
            ]
        )
        self.write({"recorded_state": "paused"})

    def _resume(self, at):
        """Run again: the deadline moves by the counted time that was waited."""
        for clock in self:
            pause = clock.pause_ids.filtered(lambda p: not p.ended_at)
            pause.ended_at = max(at, pause.started_at)
            clock.write(
                {
                    "deadline": clock._get_deadline_after(pause),
                    "recorded_state": "running",
                }
            )

    def _get_deadline_after(self, pause):
        """The deadline when a pause is over: what was left then is left again."""
        calendar = self.calendar_id
        left = calendar._aftersales_elapsed(pause.started_at, self.deadline)
        if left:
            return calendar._aftersales_plan(pause.ended_at, left / 60)
        # the rest lay outside working hours: nothing falls due at once
        return self.deadline + (pause.ended_at - pause.started_at)
