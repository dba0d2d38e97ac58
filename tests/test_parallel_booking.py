"""Eight planners book the same technicians for the same times."""

from tests.helpers.planners import Planners


def test_nobody_is_booked_twice_and_nothing_is_lost(server):
    """R-D06: one planner gets each technician and time; the others are told why."""
    planners = Planners(server)
    promised, refusals = planners.book()
    assert len(promised) == planners.wanted
    assert planners.count_booked(promised) == (planners.wanted, planners.wanted)
    assert all("技师" in text or "echnician" in text for text in refusals), refusals
