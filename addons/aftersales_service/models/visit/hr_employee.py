import pytz

from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _get_aftersales_work(self, start, stop):
        """Working hours of these people by rota, holidays and make-up days (R-K03).

        :param start: naive UTC datetime
        :param stop: naive UTC datetime
        :return: dict employee → list of (start, stop), naive UTC; those whose hours
            are free are left out
        """
        span = [pytz.utc.localize(moment) for moment in (start, stop)]
        found = {}
        people = self.sudo()  # the rota is HR's
        for calendar, members in people.grouped("resource_calendar_id").items():
            if not calendar or calendar.flexible_hours:
                continue
            work = calendar._work_intervals_batch(
                *span, resources=members.resource_id, tz=pytz.timezone(calendar.tz)
            )
            for person in members:
                found[person.with_env(self.env)] = [
                    (naive_utc(begin), naive_utc(end))
                    for begin, end, _records in work[person.resource_id.id]
                ]
        return found

    def _get_aftersales_off_windows(self, windows):
        """Windows that are not within somebody's working hours.

        :param windows: list of (start, stop), naive UTC, in order
        :return: list of (employee id, start, stop)
        """
        work = self._get_aftersales_work(windows[0][0], windows[-1][1])
        return [
            (person.id, start, stop)
            for person, hours in work.items()
            for start, stop in windows
            if not any(begin <= start and stop <= end for begin, end in hours)
        ]


def naive_utc(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)
