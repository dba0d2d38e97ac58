import logging
from collections import defaultdict

import psycopg2
from markupsafe import Markup
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL, unique

from .sla_clock import BREACH

_logger = logging.getLogger(__name__)

BATCH = 200  # promises in one transaction
TOLD = 2000  # warnings and breaches that one round of messages lists
RETRY = 5  # minutes after which what failed is tried again
ROLES = ("assignee", "supervisor", "manager")


class AftersalesSlaClock(models.Model):
    """Warnings and breaches: each exactly once, whatever dies in between (R-S15)."""

    _inherit = "aftersales.sla.clock"

    @api.model
    def _cron_enforce_clocks(self):
        """Warn, escalate and apply consequences for the clocks that are due.

        Work is committed in batches; what is due is found by an index, so that the
        cost doesn't grow with what is open. Safe with any number of workers. Whatever
        is taken leaves the queue: escalated, with a later moment, or set aside.
        """
        self._run_batches(self._enforce_due, BATCH)
        self._run_batches(self.env["aftersales.sla.escalation"]._tell_due, TOLD)

    @api.model
    def _run_batches(self, step, size):
        """Repeat a step while there is work, and commit each time.

        An act on one of the records may have been faster: then everything is undone
        and done again with fewer at once, so that one busy record can't hold up many.

        :param step: function of a number → how many were done, at most that number
        :param size: the number to begin with
        """
        while True:
            try:
                done = step(size)
            except (SerializationFailure, DeadlockDetected):
                self.env.cr.rollback()
                if size == 1:
                    raise  # the job is run again
                size = max(size // 4, 1)
                continue
            remaining = int(done == size)
            if not self.env["ir.cron"]._commit_progress(done, remaining=remaining):
                break
            if not remaining:
                break

    @api.model
    def _enforce_due(self, limit):
        """Enforce at most so many due clocks.

        :return: their number
        """
        clocks = self._lock_due(limit)
        clocks._enforce_safely(fields.Datetime.now())
        return len(clocks)

    @api.model
    def _look_again(self, domain):
        """Put running promises into the queue: the moment of a warning may have moved.

        :param domain: which ones
        """
        now = fields.Datetime.now()
        clocks = self.search(Domain("next_check_at", ">", now) & domain)
        if clocks:
            clocks.next_check_at = now
            self.env.ref("aftersales_service.ir_cron_enforce_clocks")._trigger()

    @api.model
    def _lock_due(self, limit):
        """Take due clocks that no other worker and no act holds."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM aftersales_sla_clock WHERE next_check_at <= %s"
                " ORDER BY next_check_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                fields.Datetime.now(),
                limit,
            )
        )
        return self.sudo().browse(row[0] for row in rows)

    def _enforce_safely(self, now):
        """Enforce together; if that fails, one by one, so that one can't block all."""
        if self._try_enforce(now):
            return
        failed = self.filtered(lambda c: len(self) == 1 or not c._try_enforce(now))
        failed._set_aside(now)

    def _try_enforce(self, now):
        """Enforce all of these or, if that fails, none.

        :return: whether they were enforced
        """
        try:
            with self.env.cr.savepoint():
                self._enforce(now)
            return True
        except (psycopg2.OperationalError, ConcurrencyError):
            raise  # an act or another worker was faster: the job is run again
        except Exception:  # pylint: disable=broad-except
            self.env.invalidate_all(flush=False)
            if len(self) == 1 and not self.failed_at:
                _logger.exception("Promise %s could not be enforced", self.id)
            return False

    def _set_aside(self, now):
        """Try again later; a supervisor learns once that the system is at fault."""
        if not self:
            return
        new = self.filtered(lambda c: not c.failed_at)
        new.failed_at = now
        self.next_check_at = fields.Datetime.add(now, minutes=RETRY)
        for company, clocks in new.grouped("company_id").items():
            for user in company._aftersales_people("supervisor"):
                env = clocks.with_context(lang=user.lang).env
                user._aftersales_try_notify(
                    env._("Promises that could not be enforced"),
                    [
                        f"{c.target_id.name or c.code} ({c.res_name})"
                        for c in clocks.with_env(env)
                    ],
                )

    def _enforce(self, now):
        """Record the level each clock has reached, tell people, apply consequences."""
        alive = self._without_orphans()
        points = {clock: dict(clock._get_checkpoints()) for clock in alive}
        levels = {
            clock: max((level for level, at in due.items() if at <= now), default=0)
            for clock, due in points.items()
        }
        alive.filtered("failed_at").failed_at = False
        clocks = alive.filtered(lambda c: levels[c] > c.escalated_level)
        (alive - clocks)._compute_checks()  # looked at too early: later
        for clock in clocks:
            clock.write(clock._prepare_level_vals(levels[clock]))
        records = clocks._get_records()
        roles = {c: _get_roles(levels[c], points[c]) for c in clocks}
        told = {c: c._get_told(roles[c], records[c]) for c in clocks}
        due = {c: points[c][levels[c]] for c in clocks}
        clocks._log_escalations(levels, due, told, now)
        clocks._schedule_activities(levels, roles, records)
        breached = clocks.filtered(lambda c: levels[c] == BREACH)
        for model, group in breached.grouped("res_model").items():
            records = self.env[model].sudo().browse(unique(group.mapped("res_id")))
            records._sla_breached(group)

    def _without_orphans(self):
        """Clocks whose document still exists; those of deleted ones are cancelled."""
        alive = self.browse()
        for model, clocks in self.grouped("res_model").items():
            if model not in self.env:
                continue  # its addon is gone
            ids = set(
                self.env[model].sudo().browse(clocks.mapped("res_id")).exists().ids
            )
            alive += clocks.filtered(lambda c, ids=ids: c.res_id in ids)
        (self - alive).write(
            {
                "recorded_state": "cancelled",
                "cancel_reason": self.env._("The document was deleted"),
            }
        )
        return alive

    def _prepare_level_vals(self, level):
        vals = {"escalated_level": level}
        if level == BREACH:
            vals |= {"recorded_state": "breached", "breached_at": self.deadline}
        return vals

    # ------------------------------------------------------------------
    # Telling people
    # ------------------------------------------------------------------

    def _get_record(self):
        return self.env[self.res_model].sudo().browse(self.res_id)

    def _get_records(self):
        """The document of each promise, so that all of one model are read together.

        :return: dict of clock → record (sudo)
        """
        found = {}
        for model, clocks in self.grouped("res_model").items():
            records = self.env[model].sudo().browse(unique(clocks.mapped("res_id")))
            by_id = {record.id: record for record in records}
            found |= {clock: by_id[clock.res_id] for clock in clocks}
        return found

    def _get_told(self, roles, record):
        users = self.env["res.users"].union(
            *(record._sla_recipients(role) for role in roles)
        )
        return users or record._sla_recipients("supervisor")

    def _log_escalations(self, levels, due, told, now):
        self.env["aftersales.sla.escalation"].create(
            [
                {
                    "clock_id": clock.id,
                    "level": levels[clock],
                    "due_at": due[clock],
                    "done_at": now,
                    "user_ids": [fields.Command.set(told[clock].ids)],
                }
                for clock in self
            ]
        )
        for model, clocks in self.grouped("res_model").items():
            bodies = defaultdict(Markup)
            for clock in clocks:
                summary = clock._in_company_lang()._get_summary(levels[clock])
                bodies[clock.res_id] += Markup("<p>%s</p>") % summary
            records = self.env[model].sudo().browse(bodies)
            records._message_log_batch(bodies=bodies)

    def _in_company_lang(self):
        """The same clock for texts that stay in the file, whoever reads them."""
        return self.with_context(lang=self.company_id.partner_id.lang)

    def _get_summary(self, level):
        """One line for a human: which promise, how it stands."""
        values = {
            "promise": self.target_id.name or self.code,
            "document": self.res_name,
        }
        if level == BREACH:
            return self.env._("Promise broken: %(promise)s (%(document)s)", **values)
        return self.env._(
            "%(percent)s%% of the time used: %(promise)s (%(document)s)",
            percent=level,
            **values,
        )

    def _schedule_activities(self, levels, roles, records):
        """A task for the role that this level brings in."""
        type_id = self.env.ref("aftersales_service.mail_activity_type_sla").id
        vals_list = []
        for clock in self:
            record, level = records[clock], levels[clock]
            users = record._sla_recipients(roles[clock][-1])
            for user in users or record._sla_recipients("supervisor"):
                as_user = clock.with_context(lang=user.lang)
                company = record._sla_company()
                vals_list.append(
                    {
                        "activity_type_id": type_id,
                        "summary": as_user._get_summary(level),
                        "date_deadline": company._aftersales_now_local().date(),
                        "automated": True,
                        "user_id": user.id,
                        "res_model_id": self.env["ir.model"]._get_id(clock.res_model),
                        "res_id": clock.res_id,
                        "sla_clock_id": clock.id,
                    }
                )
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quick.create(vals_list)

    def _close_warnings(self):
        """A kept or cancelled promise needs no reminder any more."""
        done = self.filtered(
            lambda c: c.escalated_level and c.recorded_state in ("met", "cancelled")
        )
        if done:
            activities = self.env["mail.activity"].search(
                [("sla_clock_id", "in", done.ids)]
            )
            activities.unlink()


def _get_roles(level, points):
    """Roles told at a level: the assignee first, the manager of a breach.

    :param points: levels of the promise, in ascending order
    """
    if level == BREACH:
        return ROLES
    return ROLES[: min(list(points).index(level) + 1, 2)]
