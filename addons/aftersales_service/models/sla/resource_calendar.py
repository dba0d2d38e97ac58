from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.intervals import Intervals


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "aftersales.working.time"]

    def _get_promise_domain(self):
        return Domain("calendar_id", "in", self.ids)

    def _aftersales_has_hours(self):
        """Whether there is an hour to count; without one all promises were late."""
        self.ensure_one()
        return not self.flexible_hours and any(
            row._is_work_period() and row.hour_to > row.hour_from
            for row in self.attendance_ids
        )

    def _aftersales_plan(self, start, value, unit="minute"):
        """Add working time to a moment; the one place where promises count time.

        An empty calendar counts 24 hours a day, 7 days a week; so does one that lost
        its hours after a promise was made: nothing falls due at once.

        :param start: naive UTC datetime
        :param value: how much; negative counts backwards
        :param unit: "minute", "hour" or "day" (a working day has the calendar's hours)
        :return: naive UTC datetime in whole seconds
        """
        straight = start + timedelta(**{f"{unit}s": value})
        if not (self and value and self._aftersales_has_hours()):
            return _whole_second(straight)
        hours = {"minute": value / 60, "hour": value, "day": value * self.hours_per_day}
        return _whole_second(
            hours[unit]
            and self.plan_hours(
                hours[unit],
                start,
                compute_leaves=True,
                domain=self._get_holiday_domain(),
            )
            or straight
        )

    def _aftersales_elapsed(self, start, stop):
        """Counted seconds between two naive UTC datetimes."""
        if not (self and self._aftersales_has_hours()):
            return (stop - start).total_seconds()
        hours = self.get_work_hours_count(
            start, stop, compute_leaves=True, domain=self._get_holiday_domain()
        )
        return round(hours * 3600)

    def _get_holiday_domain(self):
        """Holidays of this calendar and its company, not those of another company."""
        companies = (False, self.company_id.id)
        domain = [("time_type", "=", "leave")]
        return domain + [("company_id", "in", companies)] * bool(self.company_id)

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        """Add the hours of make-up working days to those of the week."""
        same = {"resources": resources, "domain": domain, "tz": tz, "lunch": lunch}
        result = super()._attendance_intervals_batch(start_dt, end_dt, **same)
        zone = tz or timezone(self.tz or "UTC")
        wanted = Intervals([(start_dt, end_dt, self.env["resource.calendar.leaves"])])
        for workday in self._aftersales_workdays(start_dt, end_dt):
            back = timedelta(days=workday.date.weekday() - int(workday.dayofweek))
            day = zone.localize(datetime.combine(workday.date - back, time()))
            usual = super()._attendance_intervals_batch(
                day, day + timedelta(days=1), **same
            )
            for resource_id, intervals in usual.items():
                moved = [(a + back, b + back, rec) for a, b, rec in intervals]
                added = Intervals(moved, keep_distinct=True) & wanted
                result[resource_id] = result[resource_id] | added
        return result

    @api.model
    def _aftersales_workdays(self, start_dt, end_dt):
        """Make-up working days of the calendar's company between aware datetimes."""
        days = self.env["aftersales.workday"].sudo()
        return days.search(
            [
                ("date", ">=", start_dt.date() - timedelta(days=1)),
                ("date", "<=", end_dt.date() + timedelta(days=1)),
                ("company_id", "in", (False, self.company_id.id or False)),
            ]
        )


def _whole_second(moment):
    """The nearest one: hours as fractions miss it by microseconds."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
