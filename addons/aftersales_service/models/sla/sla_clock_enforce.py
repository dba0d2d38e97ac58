import logging
from collections import defaultdict

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, unique

from ...tools import serialize
from .sla_clock import BREACH

_logger = logging.getLogger(__name__)

BATCH = 200
ROLES = ("assignee", "supervisor", "manager")


class AftersalesSlaClock(models.Model):
    """Warnings and breaches: each exactly once, whatever dies in between (R-S15)."""

    _inherit = "aftersales.sla.clock"

    @api.model
    def _cron_enforce_clocks(self):
        """Warn, escalate and apply consequences for the clocks that are due.

        Work is committed in batches; what is due is found by an index, so that the
        cost doesn't grow with what is open. Safe with any number of workers.
        """
        while clocks := self._lock_due(BATCH):
            clocks._enforce_safely(fields.Datetime.now())
            remaining = int(len(clocks) == BATCH)
            if not self.env["ir.cron"]._commit_progress(
                len(clocks), remaining=remaining
            ):
                break
        self.env["aftersales.sla.escalation"]._lock_untold()._notify_users()

    @api.model
    def _lock_due(self, limit):
        """Take due clocks that no other worker holds."""
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
        if self._try_enforce(now) or len(self) == 1:
            return
        for clock in self:
            clock._try_enforce(now)

    def _try_enforce(self, now):
        try:
            with self.env.cr.savepoint():
                self._enforce(now)
            return True
        except (psycopg2.OperationalError, ConcurrencyError):
            raise  # another worker was faster: the job is run again
        except Exception:  # pylint: disable=broad-except
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.exception("Promise %s could not be enforced", self.id)
                self.next_check_at = fields.Datetime.add(now, minutes=5)
            return False

    def _enforce(self, now):
        """Record the level each clock has reached, tell people, apply consequences."""
        serialize(self)  # an act and the scheduler escalate each level once
        clocks = self._without_orphans()
        levels = {clock: clock._get_due_level(now) for clock in clocks}
        clocks = clocks.filtered(lambda c: levels[c] > c.escalated_level)
        for clock in clocks:
            clock.write(clock._prepare_level_vals(levels[clock]))
        records = clocks._get_records()
        told = {c: c._get_told(levels[c], records[c]) for c in clocks}
        clocks._log_escalations(levels, told, now)
        clocks._schedule_activities(levels, records)
        breached = clocks.filtered(lambda c: levels[c] == BREACH)
        for model, group in breached.grouped("res_model").items():
            records = self.env[model].sudo().browse(unique(group.mapped("res_id")))
            records._sla_breached(group)

    def _without_orphans(self):
        """Clocks whose document still exists; those of deleted ones are cancelled."""
        alive = self.browse()
        for model, clocks in self.grouped("res_model").items():
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

    def _get_due_level(self, now):
        return max(
            (level for level, at in self._get_checkpoints() if at <= now), default=0
        )

    def _prepare_level_vals(self, level):
        vals = {"escalated_level": level}
        if level == BREACH:
            vals |= {"recorded_state": "breached", "breached_at": self.deadline}
        return vals

    # ------------------------------------------------------------------
    # Telling people
    # ------------------------------------------------------------------

    def _get_roles(self, level):
        """Roles told at a level: the assignee first, the manager of a breach."""
        if level == BREACH:
            return ROLES
        levels = [point for point, _at in self._get_checkpoints()]
        return ROLES[: min(levels.index(level) + 1, 2)]

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

    def _get_told(self, level, record):
        users = self.env["res.users"].union(
            *(record._sla_recipients(role) for role in self._get_roles(level))
        )
        return users or record._sla_recipients("supervisor")

    def _log_escalations(self, levels, told, now):
        self.env["aftersales.sla.escalation"].create(
            [
                {
                    "clock_id": clock.id,
                    "level": levels[clock],
                    "due_at": dict(clock._get_checkpoints())[levels[clock]],
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

    def _schedule_activities(self, levels, records):
        """A task for the role that this level brings in."""
        type_id = self.env.ref("aftersales_service.mail_activity_type_sla").id
        vals_list = []
        for clock in self:
            record, level = records[clock], levels[clock]
            users = record._sla_recipients(clock._get_roles(level)[-1])
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
