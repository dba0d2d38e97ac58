"""Planning: the calendar with many visits, and planners who book at once."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import OURS, Verdict, environment, measure  # noqa: E402

from tests.helpers.planners import Planners  # noqa: E402
from tests.helpers.server import TestServer  # noqa: E402

FIELDS = {
    "partner_id": {"fields": {"display_name": {}}},
    "lead_employee_id": {"fields": {"display_name": {}}},
    **{
        name: {}
        for name in ("display_name", "kind", "address", "state")
        + ("scheduled_start", "scheduled_stop")
    },
}
START = datetime(2027, 3, 1)


def fill(env, count):
    """Visits of one week; each technician has one after the other."""
    partner = env["res.partner"].create({"name": "上海市第三中学", "city": "上海市"})
    people = env["hr.employee"].create(
        [{"name": f"技师{number}"} for number in range(count // 40)]
    )
    visits = env["aftersales.visit"].create(
        [
            {
                "partner_id": partner.id,
                "scheduled_start": START + timedelta(hours=4 * (number % 40)),
                "scheduled_stop": START + timedelta(hours=4 * (number % 40) + 3),
            }
            for number in range(count)
        ]
    )
    env["aftersales.visit.assignment"].create(
        [
            {
                "visit_id": visit.id,
                "employee_id": people[number // 40].id,
                "role": "lead",
            }
            for number, visit in enumerate(visits)
        ]
    )
    env.flush_all()


def open_calendar(env):
    """What the client asks for when somebody looks at a week."""
    domain = [
        ("state", "!=", "cancelled"),
        ("scheduled_start", "<=", START + timedelta(days=8)),
        ("scheduled_stop", ">=", START),
    ]
    visits = env["aftersales.visit"]
    return visits.web_search_read(domain, FIELDS, limit=10_000)


def main():
    verdict, found = Verdict(), {}
    for count in (200, 5_000):
        with environment(OURS) as env:
            fill(env, count)
            measure(env, lambda: open_calendar(env))  # warms the registry
            found[count] = measure(env, lambda: open_calendar(env))
        seconds, queries = found[count]
        print(f"calendar of {count} visits: {seconds * 1000:.0f} ms, {queries} queries")
    more = found[5_000][1] - found[200][1]
    verdict.line("queries more with 5,000 than with 200 visits", more, 5)
    with TestServer("aftersales_bench_planners") as running:
        planners = Planners(running)
        promised, refusals = planners.book()
        rows, kept = planners.count_booked(promised)
        print(f"8 planners at once: {len(promised)} booked, {len(refusals)} refused")
        verdict.line("double bookings", rows - planners.wanted, 0)
        verdict.line("lost bookings", len(promised) - kept, 0)
        verdict.line("times left empty", planners.wanted - len(promised), 0)
    verdict.end()


main()
