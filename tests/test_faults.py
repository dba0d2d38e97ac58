"""Servers die, the database restarts: each promise is enforced exactly once (R-S15)."""

import random

import pytest

from dev import postgres
from tests.helpers.faults import Fleet

KILLS = 20
EACH = 3 * 70  # promises made due before each kill


def check(fleet, promises):
    """Nothing lost, nothing doubled, whatever counts a breach."""
    assert fleet.wait_until_done(180) == 0
    assert fleet.counts() == {promises}
    assert fleet.most_activities() == 1
    recorded, listed = fleet.told()
    assert recorded == listed >= promises


@pytest.fixture
def chance():
    """Random numbers that a failed run can repeat."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    return random.Random(seed)


def test_servers_killed_while_they_enforce(chance):
    """R-S15: two servers, two cron workers each, killed at random points."""
    with Fleet() as fleet:
        killed = rounds = 0
        while killed < KILLS and rounds < 2 * KILLS:
            fleet.make_due(f"round{rounds}")
            killed += fleet.kill_working(chance.uniform(0, 1.5))
            rounds += 1
        check(fleet, rounds * EACH)
    print(f"{killed} servers killed at work, {rounds * EACH} promises enforced once")
    assert killed == KILLS


@pytest.mark.alone
def test_database_restarts(chance):
    """R-S15: clock process and cron workers come back by themselves."""
    with Fleet(workers=1) as fleet:
        for number in range(3):
            fleet.make_due(f"round{number}", seconds=number)
            postgres.restart()
        check(fleet, 3 * EACH)
