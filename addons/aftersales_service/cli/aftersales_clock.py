import logging
import signal
import sys
import time

import psycopg2

from odoo import sql_db
from odoo.cli import Command
from odoo.tools import config

_logger = logging.getLogger("odoo.addons.aftersales_service.clock")

LEADER = "SELECT pg_try_advisory_lock(hashtext('aftersales_clock'))"
# The last one, too: behind one that can't be enforced others fall due
DUE = """
    SELECT min(next_check_at), max(next_check_at) FROM aftersales_sla_clock
     WHERE next_check_at <= %s
"""
# SQL instead of the ORM: the process needs no registry, so that it starts in a second,
# takes 50 MB and outlives every update of the addons. Whole seconds: a trigger with
# microseconds would be fired twice.
TRIGGER = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT res_id, %(now)s FROM ir_model_data
     WHERE module = 'aftersales_service' AND name = 'ir_cron_enforce_clocks'
       AND NOT EXISTS (SELECT 1 FROM ir_cron_trigger
                        WHERE cron_id = res_id AND call_at <= %(now)s)
"""
AGAIN = 5  # seconds after which a sleeping scheduler is woken once more, then doubled
LONGEST = 60  # seconds; as often the scheduler looks by itself
WAIT = 2  # seconds between attempts to reach the database or to become the leader


class AftersalesClock(Command):
    """Wake Odoo's scheduler at the very second at which a promise falls due (R-S15).

    Optional: without it, the scheduled action does the same up to a minute later.
    Any number may run on any hosts; one of them acts, another takes over if it dies.
    """

    name = "aftersales_clock"

    def run(self, args):
        """Run until a signal ends it.

        :param args: Odoo's options; ``-c FILE`` and ``-d DATABASE`` suffice
        """
        config.parse_config([*args, "--no-http"], setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: odoo aftersales_clock -d DATABASE")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        Waker(names[0]).run()


class Waker:
    """One database's promises, looked at once a second.

    :param database: name of the database
    """

    def __init__(self, database):
        self.database = database
        self.known = (None, None)  # what was due when the scheduler was woken
        self.next = 0.0  # when it is woken again if that stays
        self.wait = AGAIN

    def run(self):
        """Watch for ever, whatever happens to the database server."""
        while True:
            try:
                with sql_db.db_connect(self.database).cursor() as cr:
                    self._watch(cr)
            except psycopg2.errors.UndefinedTable:
                _logger.info("%s has no promises yet", self.database)
            except (psycopg2.Error, sql_db.PoolError) as error:
                _logger.info("The database is away: %s", str(error).strip())
                sql_db.close_db(self.database)
            time.sleep(WAIT)

    def _watch(self, cr):
        while not self._leads(cr):
            time.sleep(WAIT)
        _logger.info("Watching the promises of %s", self.database)
        while True:
            self._tick(cr)
            time.sleep(1.01 - time.time() % 1)  # due times are whole seconds

    def _leads(self, cr):
        cr.execute(LEADER)
        leads = cr.fetchone()[0]
        cr.commit()
        return leads

    def _tick(self, cr):
        """Wake the scheduler when something is due that it wasn't told of."""
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        cr.execute(DUE, [now])
        if self.must_wake(cr.fetchone(), time.monotonic()):
            cr.execute(TRIGGER, {"now": now})
            cr.commit()
            self._notify()
        cr.commit()

    def must_wake(self, due, now):
        """Whether the scheduler is woken: for what is new at once, else ever rarer.

        A promise that nobody can enforce must not keep the scheduler busy.

        :param due: (first, last) moment at which something that waits fell due, or
            (None, None)
        :param now: seconds of a clock that only goes forward
        :return: bool; the answer yes is remembered
        """
        if due[0] is None or (due == self.known and now < self.next):
            return False
        self.wait = min(2 * self.wait, LONGEST) if due == self.known else AGAIN
        self.known, self.next = due, now + self.wait
        return True

    def _notify(self):
        # the scheduler listens on this database, whichever it serves
        with sql_db.db_connect("postgres").cursor() as cr:
            cr.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])
