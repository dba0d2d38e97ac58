"""When the visits of a plan fall due: date arithmetic without a database.

Every date comes from an anchor and a number of intervals, never from the date before:
a plan that starts on 31 January has its monthly visits on 28 February, 31 March and
30 April, and no visit drifts because an earlier one was moved.
"""

from itertools import count as numbers
from itertools import islice
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Slot(NamedTuple):
    """One promised date of a plan."""

    index: int  # 1, 2, 3 … over all phases
    day: object  # date
    phase: int  # position of the phase, from 0


def nth_date(anchor, months, number):
    """The date ``number`` intervals of calendar months after the anchor.

    :param anchor: date
    :param months: calendar months between two dates, 1 or more
    :param number: how many intervals
    :return: date; the last day of the month where the anchor's day doesn't exist
    """
    return anchor + relativedelta(months=months * number)


def iter_slots(start, phases):
    """All dates of a plan in order (R-V01 to R-V03).

    A phase begins where the one before ended, and its last day belongs to it.

    :param start: date from which the first phase counts
    :param phases: list of (months between two visits, last date or None)
    :return: iterator of Slot, endless when the last phase has no end
    :raise ValueError: an interval of less than a month
    """
    index, anchor = 0, start
    for number, (months, until) in enumerate(phases):
        if months < 1:
            raise ValueError("The interval must be a month or more.")
        for k in numbers(1):
            day = nth_date(anchor, months, k)
            if until and day > until:
                break
            index += 1
            yield Slot(index, day, number)
        anchor = max(anchor, until)


def find_slots(start, phases, index=1, day=None, count=1):
    """The first slots from an index and a date on.

    :param index: the lowest index that will do
    :param day: the earliest date that will do, or None
    :param count: how many
    :return: list of Slot, shorter than wanted when the plan ends before
    """
    slots = iter_slots(start, phases)
    later = (s for s in slots if s.index >= index and (not day or s.day >= day))
    return list(islice(later, count))
