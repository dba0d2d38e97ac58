"""Whether a fault is covered: one pure function that knows no database (R-W08).

Everything that asks (form, portal, programs, parts, repair) gets its answer here.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

IN_WARRANTY, REPLACE = "in_warranty", "replace"
CHARGEABLE, UNKNOWN = "chargeable", "unknown"
FREE, COST, OPEN = "free", "cost", "open"  # what material costs the customer


def last_day(start, months):
    """Last day of a term that begins on ``start``; where its month has no such day,
    the last of that month.

    >>> last_day(date(2026, 11, 23), 36)
    datetime.date(2029, 11, 22)
    >>> last_day(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    end = start + relativedelta(months=months)
    return end - relativedelta(days=1) if end.day == start.day else end


@dataclass(frozen=True)
class Terms:
    """What a card promises until when; every day is the last that counts."""

    start: date | None = None
    unit_until: date | None = None
    component_until: date | None = None  # of the faulty component, if it has a term
    repair_until: date | None = None
    exchange_until: date | None = None
    life_until: date | None = None
    void: bool = False


@dataclass(frozen=True)
class Fault:
    """What is known of a fault on its local day."""

    day: date
    misuse: bool = False
    cause_known: bool = False
    exchange_cause: bool = False  # a cause that the exchange promise lists
    unrepairable: bool = False


@dataclass(frozen=True)
class Answer:
    """The decision; ``reason`` is a code that the caller words."""

    decision: str
    reason: str
    until: date | None
    clause: str
    price_basis: str


def decide(terms, fault):
    """Decide whether a fault is covered.

    :param terms: Terms of the unit
    :param fault: Fault
    :return: Answer; ``until`` is the last day of the term that decided

    >>> from datetime import date
    >>> terms = Terms(start=date(2026, 11, 23), unit_until=date(2029, 11, 22))
    >>> decide(terms, Fault(day=date(2029, 11, 22))).decision
    'in_warranty'
    >>> decide(terms, Fault(day=date(2029, 11, 23))).price_basis
    'cost'
    """
    obstacle = _get_obstacle(terms, fault.day)
    if obstacle:
        return Answer(UNKNOWN, *obstacle, OPEN)
    ends = filter(None, (terms.unit_until, terms.component_until))
    term = max(ends, default=terms.start)
    if fault.misuse:
        return Answer(CHARGEABLE, "misuse", term, "R-W09", COST)
    for applies, until, decision, reason, clause in _get_promises(terms, fault, term):
        if applies and until and fault.day <= until:
            return Answer(decision, reason, until, clause, FREE)
    return Answer(CHARGEABLE, "ended", term, "R-W09", COST)


def _get_obstacle(terms, day):
    """(reason, until, clause) where the card can't answer, else None."""
    if terms.void:
        return "void", None, "R-W14"
    if not terms.start:
        return "not_started", None, "R-A04"
    return ("before_start", None, "R-A04") if day < terms.start else None


def _get_promises(terms, fault, term):
    """(applies, until, decision, reason, clause) in the order in which they count."""
    of_component = term != terms.unit_until
    broken, cause = fault.unrepairable, fault.cause_known
    return (
        (broken, term, REPLACE, "unrepairable", "R-W10"),
        (broken, terms.life_until, REPLACE, "service_life", "R-W07"),
        (not of_component, term, IN_WARRANTY, "unit", "R-W01"),
        (of_component, term, IN_WARRANTY, "component", "R-W01"),
        (fault.exchange_cause, terms.exchange_until, REPLACE, "exchange", "R-W06"),
        (cause, terms.repair_until, IN_WARRANTY, "repair", "R-W07"),
    )
