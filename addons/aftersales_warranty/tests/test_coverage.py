import random
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..models.coverage import (
    CHARGEABLE,
    FREE,
    IN_WARRANTY,
    REPLACE,
    UNKNOWN,
    Fault,
    Terms,
    decide,
    last_day,
)

START = date(2024, 2, 29)
TERMS = Terms(
    start=START,
    unit_until=last_day(START, 36),
    repair_until=last_day(START, 60),
    exchange_until=last_day(START, 120),
    life_until=last_day(START, 120),
)


@tagged("post_install", "-at_install")
class TestDecide(BaseCase):
    """The pure function: no database."""

    def check(self, cases, **facts):
        for day, decision, clause in cases:
            with self.subTest(day=day, **facts):
                answer = decide(TERMS, Fault(day=date.fromisoformat(day), **facts))
                self.assertEqual((answer.decision, answer.clause), (decision, clause))

    def test_last_days_count(self):
        """R-W01 R-W08: ends are inclusive; 29 February begins a term as any day."""
        self.check(
            (
                ("2024-02-28", UNKNOWN, "R-A04"),
                ("2024-02-29", IN_WARRANTY, "R-W01"),
                ("2027-02-28", IN_WARRANTY, "R-W01"),
                ("2027-03-01", CHARGEABLE, "R-W09"),
            )
        )

    def test_product_causes_are_repaired_free_for_five_years(self):
        """R-W07: beyond the term of the unit, when the cause lies in the product."""
        self.check(
            (
                ("2027-03-01", IN_WARRANTY, "R-W07"),
                ("2029-02-28", IN_WARRANTY, "R-W07"),
                ("2029-03-01", CHARGEABLE, "R-W09"),
            ),
            cause_known=True,
        )

    def test_listed_causes_are_exchanged_for_ten_years(self):
        """R-W06: the exchange promise outlasts the others."""
        self.check(
            (
                ("2027-02-28", IN_WARRANTY, "R-W01"),
                ("2027-03-01", REPLACE, "R-W06"),
                ("2034-02-28", REPLACE, "R-W06"),
                ("2034-03-01", CHARGEABLE, "R-W09"),
            ),
            cause_known=True,
            exchange_cause=True,
        )

    def test_what_cannot_be_repaired_is_replaced(self):
        """R-W10 R-W07: in the term, and within the service life."""
        self.check(
            (
                ("2027-02-28", REPLACE, "R-W10"),
                ("2027-03-01", REPLACE, "R-W07"),
                ("2034-02-28", REPLACE, "R-W07"),
                ("2034-03-01", CHARGEABLE, "R-W09"),
            ),
            unrepairable=True,
        )

    def test_misuse_is_never_covered(self):
        """R-W08: whatever else is true of the fault."""
        self.check(
            (("2024-03-01", CHARGEABLE, "R-W09"), ("2040-01-01", CHARGEABLE, "R-W09")),
            misuse=True,
            unrepairable=True,
            exchange_cause=True,
        )

    def test_a_component_has_its_own_term(self):
        """R-W01 R-W03: the longer of its own and the unit's counts."""
        terms = Terms(
            start=START,
            unit_until=last_day(START, 36),
            component_until=date(2030, 5, 31),
        )
        for day, decision in (("2030-05-31", IN_WARRANTY), ("2030-06-01", CHARGEABLE)):
            answer = decide(terms, Fault(day=date.fromisoformat(day)))
            self.assertEqual(answer.decision, decision)
            self.assertEqual(answer.until, date(2030, 5, 31))

    def test_cards_that_cannot_answer(self):
        """R-W14 R-A04: void and not started."""
        day = Fault(day=date(2026, 1, 1))
        self.assertEqual(decide(Terms(), day).reason, "not_started")
        self.assertEqual(decide(Terms(start=START, void=True), day).reason, "void")

    def test_properties_of_every_decision(self):
        """R-W08: true for any terms, dates and causes (3,000 of them, repeatable)."""
        chance = random.Random(20261123)
        for number in range(3_000):
            terms, fault = self.draw(chance)
            with self.subTest(number=number, terms=terms, fault=fault):
                self.check_properties(terms, fault, decide(terms, fault))

    def draw(self, chance):
        start = date(2020, 1, 1) + timedelta(days=chance.randrange(2_500))
        names = ("unit", "component", "repair", "exchange", "life")
        months = {name: chance.randrange(1, 150) for name in names}
        ends = {
            f"{name}_until": last_day(start, count)
            for name, count in months.items()
            if name == "unit" or chance.random() < 0.7
        }
        flags = ("misuse", "cause_known", "exchange_cause", "unrepairable")
        return (
            Terms(start=start, void=chance.random() < 0.05, **ends),
            Fault(
                day=start + timedelta(days=chance.randrange(-400, 5_000)),
                **{flag: chance.random() < 0.3 for flag in flags},
            ),
        )

    def check_properties(self, terms, fault, answer):
        covered = answer.decision in (IN_WARRANTY, REPLACE)
        unknown = terms.void or fault.day < terms.start
        self.assertEqual(answer.decision == UNKNOWN, unknown)
        self.assertEqual(answer.price_basis == FREE, covered)
        if covered:
            self.assertLessEqual(fault.day, answer.until, "a term that covers runs")
            self.assertFalse(fault.misuse)
            earlier = Fault(day=terms.start, **_flags(fault))
            first = decide(terms, earlier).decision
            self.assertIn(first, (IN_WARRANTY, REPLACE), "covered from the first day")
            last = decide(terms, Fault(day=answer.until, **_flags(fault)))
            self.assertIn(last.decision, (IN_WARRANTY, REPLACE), "through the last day")
        if answer.decision == CHARGEABLE and not fault.misuse:
            longest = max(
                end for end in (terms.unit_until, terms.component_until) if end
            )
            self.assertGreater(fault.day, longest)
        self.assertEqual(answer, decide(terms, fault), "the same question again")


def _flags(fault):
    names = ("misuse", "cause_known", "exchange_cause", "unrepairable")
    return {name: getattr(fault, name) for name in names}
