from odoo import api, fields, models


class AftersalesSlaClock(models.Model):
    """How promises begin, wait, end and are replaced."""

    _inherit = "aftersales.sla.clock"

    @api.model
    def _get_current(self, records):
        """Every promise of these records that wasn't cancelled."""
        return self.search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("recorded_state", "!=", "cancelled"),
            ]
        )

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
        return self.create([vals for vals in vals_list if vals])

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

    def _stop(self, at):
        """The awaited event happened: kept if in time, else recorded as broken."""
        open_clocks = self.filtered(lambda c: not c.stopped_at)
        open_clocks.filtered(lambda c: c.recorded_state == "paused")._resume(at)
        open_clocks._enforce_late(at)
        for clock in open_clocks:
            kept = clock.recorded_state == "running"
            clock.write(
                {"stopped_at": at} | ({"recorded_state": "met"} if kept else {})
            )
        open_clocks._close_warnings()
        kept = open_clocks.filtered(lambda c: c._is_kept_in_truth())
        if not self.env.user._is_aftersales("supervisor"):
            # whether enforcement was faster than the entry must make no difference
            kept = kept.filtered(lambda c: c.create_date > c.deadline)
        kept._correct(self.env._("Entered later with its true time"))

    def _enforce_late(self, at):
        """A late act is a breach, though nobody was watching (R-S15).

        So is one that is entered late: whoever looked meanwhile saw a broken promise,
        and only a supervisor corrects that. Not what was due when it was registered:
        a report entered afterwards has its acts entered afterwards, too.
        """
        now = fields.Datetime.now()
        late = self.filtered(
            lambda c: (
                c.recorded_state == "running"
                and c.deadline < (now if (c.create_date or now) <= c.deadline else at)
            )
        )
        if late:
            late._enforce(fields.Datetime.now())
            late.escalation_ids.filtered(lambda e: not e.told_at)._notify_users()

    def _cancel(self, reason):
        """End open promises without keeping them; broken ones stay broken."""
        self._enforce_late(fields.Datetime.now())
        running = self.filtered(lambda c: c.recorded_state in ("running", "paused"))
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
        by_key = {(c.res_id, c.code): c for c in existing if c.start_event == event}
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
        if self.target_id.id != terms["target_id"]:
            return True
        if not terms["moment"]:
            return False
        deadline = self.target_id._get_deadline(terms, at, record)
        return bool(deadline) and deadline != self.deadline

    def _take_over_pauses(self, replaced, waiting):
        """What the old promise of the record waited, the new one waits, too.

        :param replaced: the clocks that these ones replace
        :param waiting: those of them that waited when they were replaced
        """
        old = {(clock.res_id, clock.code): clock for clock in replaced}
        for clock in self.filtered("pausable"):
            before = old.get((clock.res_id, clock.code), self.browse())
            for pause in before.pause_ids:
                if pause.started_at > clock.deadline:
                    break
                pause.copy({"clock_id": clock.id, "ended_at": False})
                clock.recorded_state = "paused"
                if before not in waiting or pause != before.pause_ids[-1]:
                    clock._resume(pause.ended_at)

    @api.model
    def _follow(self, records):
        """Copy anew to whom the promises of these records belong.

        Customer, contract and team belong to all of them; who takes care answers for
        what is still to be kept.
        """
        clocks = self._get_current(records)
        open_states = ("running", "paused")
        by_id = clocks.grouped("res_id")
        for record in records.sudo().filtered(lambda r: r.id in by_id):
            vals = record._prepare_sla_clock_vals()
            people = {k: vals.pop(k) for k in ("user_id", "employee_id") if k in vals}
            mine = by_id[record.id]
            mine.write(vals)
            mine.filtered(lambda c: c.state in open_states).write(people)

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
            calendar = clock.calendar_id
            ended_at = max(at, pause.started_at)
            left = calendar._aftersales_elapsed(pause.started_at, clock.deadline)
            pause.ended_at = ended_at
            clock.write(
                {
                    "deadline": calendar._aftersales_plan(ended_at, left / 60),
                    "recorded_state": "running",
                }
            )
