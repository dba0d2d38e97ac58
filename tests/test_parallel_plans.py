"""Two schedulers make the same visits, one of them is killed: each exactly once."""

import random
import time

from dev import database
from tests.helpers.schedulers import Schedulers

NAME, COUNT = "aftersales_plans", 400


def test_each_promised_visit_is_made_once():
    """R-V06: two schedulers at once; a third is killed at work and loses nothing."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    database.copy(database.TEST, NAME)
    try:
        schedulers = Schedulers(NAME, COUNT)
        victim = schedulers.start()
        while not schedulers.figures()[0]:
            time.sleep(0.02)
        time.sleep(random.Random(seed).uniform(0, 0.3))
        victim.kill()
        victim.wait()
        made = schedulers.figures()[0]
        print(f"killed after {made} visits")
        assert 0 < made < COUNT
        assert made == schedulers.figures()[2], "each one with its promise"
        both = [schedulers.start(), schedulers.start()]
        assert [process.wait(300) for process in both] == [0, 0]
        assert schedulers.figures() == (COUNT, COUNT, COUNT, 0)
    finally:
        database.drop(NAME)
