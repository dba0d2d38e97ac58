"""What the benchmarks share: databases side by side, timing, verdicts.

Runs inside the virtual environment. ``manage.py bench`` names two databases in the
environment: ``BENCH_PLAIN_DB`` (the same Odoo without the addons) and
``BENCH_DB`` (with them), and the configuration file in ``BENCH_CONF``.
"""

import os
import sys
import time
from contextlib import contextmanager
from statistics import median

import odoo
from odoo import api
from odoo.modules.registry import Registry

PLAIN = os.environ["BENCH_PLAIN_DB"]
OURS = os.environ["BENCH_DB"]
odoo.tools.config.parse_config(["-c", os.environ["BENCH_CONF"], "--log-level=error"])


@contextmanager
def environment(database):
    """An environment whose changes are rolled back at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
        cr.rollback()


def measure(env, action):
    """Seconds and queries of ``action()`` with a cold cache, flush included."""
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    action()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries


def compare(prepare, rounds=5):
    """Measure one action on both databases in turn.

    :param prepare: function of an environment that returns the action to measure
    :return: dict of database → (median seconds, median queries)
    """
    samples = {PLAIN: [], OURS: []}
    for turn in range(rounds + 1):
        for database, results in samples.items():
            with environment(database) as env:
                sample = measure(env, prepare(env))
            if turn:  # the first one warms the registry
                results.append(sample)
    return {
        database: tuple(median(column) for column in zip(*results, strict=True))
        for database, results in samples.items()
    }


class Verdict:
    """Collects figures against their targets and ends with the exit code."""

    def __init__(self):
        self.failed = False

    def line(self, label, value, target, unit=""):
        good = value <= target
        self.failed |= not good
        mark = "ok  " if good else "FAIL"
        print(
            f"{mark} {label}: {value:.2f}{unit} (target ≤ {target}{unit})", flush=True
        )

    def end(self):
        sys.exit(1 if self.failed else 0)
