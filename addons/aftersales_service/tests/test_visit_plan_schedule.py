from datetime import date
from itertools import islice

from odoo.tests import BaseCase, tagged

from ..models.plan.schedule import find_slots, iter_slots, nth_date

DATES = [
    # anchor, months, number, expected
    (date(2026, 1, 31), 1, 1, date(2026, 2, 28)),
    (date(2026, 1, 31), 1, 2, date(2026, 3, 31)),
    (date(2026, 1, 31), 1, 3, date(2026, 4, 30)),
    (date(2028, 1, 31), 1, 1, date(2028, 2, 29)),
    (date(2028, 2, 29), 12, 1, date(2029, 2, 28)),
    (date(2028, 2, 29), 12, 4, date(2032, 2, 29)),
    (date(2026, 8, 31), 6, 1, date(2027, 2, 28)),
    (date(2026, 8, 31), 6, 2, date(2027, 8, 31)),
    (date(2026, 11, 30), 3, 1, date(2027, 2, 28)),
    (date(2026, 11, 30), 3, 2, date(2027, 5, 30)),
    (date(2026, 12, 15), 4, 1, date(2027, 4, 15)),
]

PLANS = [
    (
        "R-V01: every 3 months in the first year, every 6 after",
        date(2026, 3, 31),
        [(3, date(2027, 3, 31)), (6, None)],
        ["2026-06-30", "2026-09-30", "2026-12-31", "2027-03-31"]
        + ["2027-09-30", "2028-03-31"],
    ),
    (
        "R-V02: three times a year",
        date(2026, 1, 31),
        [(4, None)],
        ["2026-05-31", "2026-09-30", "2027-01-31", "2027-05-31"],
    ),
    (
        "R-V03: half-yearly from the end of the warranty, whatever its day",
        date(2026, 1, 10),
        [(4, date(2027, 2, 20)), (6, None)],
        ["2026-05-10", "2026-09-10", "2027-01-10", "2027-08-20", "2028-02-20"],
    ),
    (
        "R-V04: yearly from 29 February",
        date(2028, 2, 29),
        [(12, None)],
        ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
    ),
    (
        "R-V05: monthly from the 31st",
        date(2027, 12, 31),
        [(1, date(2028, 4, 30))],
        ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"],
    ),
    (
        "a phase shorter than its interval has no date",
        date(2026, 1, 1),
        [(6, date(2026, 3, 1)), (1, date(2026, 5, 1))],
        ["2026-04-01", "2026-05-01"],
    ),
    (
        "a phase that ends before the one before it adds nothing",
        date(2026, 1, 1),
        [(3, date(2026, 7, 1)), (1, date(2026, 2, 1)), (6, None)],
        ["2026-04-01", "2026-07-01", "2027-01-01"],
    ),
]


@tagged("post_install", "-at_install")
class TestVisitPlanSchedule(BaseCase):
    def test_nth_date(self):
        """R-V01: calendar months from the anchor; the 31st and 29 February."""
        for anchor, months, number, expected in DATES:
            with self.subTest(anchor=anchor, months=months, number=number):
                self.assertEqual(nth_date(anchor, months, number), expected)

    def test_plans(self):
        """R-V01 R-V02 R-V03 R-V04 R-V05: dates of the plans in the regulation."""
        for name, start, phases, expected in PLANS:
            with self.subTest(name):
                slots = list(islice(iter_slots(start, phases), len(expected)))
                self.assertEqual([str(slot.day) for slot in slots], expected)
                indexes = [slot.index for slot in slots]
                self.assertEqual(indexes, list(range(1, len(expected) + 1)))

    def test_last_day_is_included(self):
        start, until = date(2026, 1, 1), date(2026, 4, 1)
        self.assertEqual(len(list(iter_slots(start, [(3, until)]))), 1)
        self.assertEqual(list(iter_slots(start, [(3, date(2026, 3, 31))])), [])

    def test_find(self):
        phases = [(1, date(2026, 6, 1))]
        start = date(2026, 1, 1)
        found = find_slots(start, phases, index=3)
        self.assertEqual([slot.day for slot in found], [date(2026, 4, 1)])
        found = find_slots(start, phases, day=date(2026, 4, 2), count=5)
        self.assertEqual([slot.index for slot in found], [4, 5])
        self.assertEqual(find_slots(start, phases, index=6), [])

    def test_no_interval(self):
        for months in (0, -3):
            with self.subTest(months=months), self.assertRaises(ValueError):
                next(iter_slots(date(2026, 1, 1), [(months, None)]))
