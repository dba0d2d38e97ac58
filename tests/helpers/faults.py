"""A database full of promises, servers to kill under it, and the count at the end."""

import os
import re
import signal
import time

from dev import database, postgres, server
from dev.paths import LOGS

from .server import free_port

NAME = "aftersales_faults"
DUE = """
INSERT INTO aftersales_sla_clock
    (res_model, res_id, res_name, company_id, code, start_event, stop_event,
     consequence, started_at, deadline, recorded_state, escalated_level,
     limit_seconds, warn_at, next_check_at)
SELECT 'aftersales.request', r.id, r.name, r.company_id, '{code}-' || n, 'a', 'b',
       CASE WHEN n % 3 = 0 THEN 'liability' ELSE 'none' END,
       at - interval '1 minute', at - interval '1 second', 'running', 0, 60, '', at
  FROM generate_series(1, {each}) n, aftersales_request r,
       (SELECT date_trunc('second', now() AT TIME ZONE 'utc')
               + interval '{seconds} seconds' AS at) t
"""
# Processes that hold due promises now; Odoo names its connections by process
WORKING = """
SELECT DISTINCT a.application_name FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE c.relname = 'aftersales_sla_clock' AND l.mode = 'RowShareLock'
   AND a.datname = '{name}' AND a.pid <> pg_backend_pid()
   AND EXISTS (SELECT 1 FROM aftersales_sla_clock
                WHERE next_check_at <= now() AT TIME ZONE 'utc')
"""
LEFT = """
SELECT (SELECT count(*) FROM aftersales_sla_clock
         WHERE next_check_at <= now() AT TIME ZONE 'utc')
     + (SELECT count(*) FROM aftersales_sla_escalation WHERE told_at IS NULL)
"""
# Every figure must be the number of clocks; a doubled or lost one changes a figure.
# Every third breach costs something.
COUNTS = """
SELECT (SELECT count(*) FROM aftersales_sla_clock WHERE recorded_state = 'breached'),
       (SELECT count(*) FROM aftersales_sla_escalation WHERE level = 100),
       (SELECT count(DISTINCT sla_clock_id) FROM mail_activity
         WHERE sla_clock_id IS NOT NULL),
       (SELECT 3 * count(*) FROM aftersales_liability)
"""
ACTIVITIES = """
SELECT max(number) FROM (SELECT count(*) AS number FROM mail_activity
 WHERE sla_clock_id IS NOT NULL GROUP BY sla_clock_id, user_id) t
"""
TOLD = "SELECT count(*) FROM aftersales_sla_escalation_res_users_rel"
DIGESTS = "SELECT body FROM mail_message WHERE message_type = 'user_notification'"
REQUESTS = """
env["aftersales.sla.policy"].search([]).active = False
env["aftersales.request"].create(
    [{"problem": "不能启动", "type": "inquiry"} for _ in range(70)]
)
env["mail.message"].search([("message_type", "=", "user_notification")]).unlink()
env.cr.commit()
"""


class Fleet:
    """Two servers with two cron workers each and two clock processes, one database.

    :param options: further options of Odoo for each server
    """

    def __init__(self, **options):
        self.options = options
        self.servers = []

    def __enter__(self):
        database.copy(database.TEST, NAME)
        database.shell(NAME, REQUESTS)
        self.servers = [self._start(number) for number in (0, 1)]
        return self

    def __exit__(self, *_error):
        for processes in self.servers:
            server.stop(processes)
        database.drop(NAME)

    def _start(self, number):
        ports = {"gevent_port": free_port(), **self.options}
        log = LOGS / f"faults-{number}.log"
        return server.start(NAME, free_port(), log=log, **ports)

    def kill_working(self, wait):
        """Kill the server that enforces at this moment and start it again.

        :param wait: seconds to let it work before it dies
        :return: whether one was killed at work
        """
        deadline = time.monotonic() + 60
        while not self._working() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(wait)
        working = self._working()
        for number, processes in enumerate(self.servers):
            if f"odoo-{processes[0].pid}" in working:
                os.killpg(processes[0].pid, signal.SIGKILL)
                server.stop(processes)
                self.servers[number] = self._start(number)
                return True
        return False

    def _working(self):
        return postgres.psql(WORKING.format(name=NAME), NAME).splitlines()

    def make_due(self, code, each=3, seconds=0):
        """Make promises that fall due, ``each`` for every one of the 70 requests."""
        postgres.psql(DUE.format(code=code, each=each, seconds=seconds), NAME)

    def wait_until_done(self, seconds):
        """Wait until nothing is due and everybody was told.

        :return: number of promises left
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            left = int(postgres.psql(LEFT, NAME))
            if not left:
                break
            time.sleep(0.5)
        return left

    def counts(self):
        """The number of breaches seen by everything that follows from a breach."""
        figures = postgres.psql(COUNTS, NAME).split("|")
        return {int(figure) for figure in figures}

    def most_activities(self):
        """The most tasks that one person has for one promise."""
        return int(postgres.psql(ACTIVITIES, NAME))

    def told(self):
        """Pairs of person and promise: as recorded, and as the messages list them."""
        lines = re.findall(r"<li>(.*?)</li>", postgres.psql(DIGESTS, NAME))
        listed = [line for line in lines if re.search(r"\bround\d+-\d", line)]
        more = [re.search(r"\d+", line) for line in lines if line not in listed]
        messages = len(listed) + sum(int(number.group()) for number in more)
        return int(postgres.psql(TOLD, NAME)), messages
