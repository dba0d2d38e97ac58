from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import api, models
from odoo.tools.intervals import Intervals


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _aftersales_plan(self, start, value, unit="minute"):
        """Add working time to a moment; the one place where promises count time.

        An empty calendar counts 24 hours a day, 7 days a week.

        :param start: naive UTC datetime
        :param value: how much; negative counts backwards
        :param unit: "minute", "hour" or "day" (a working day has the calendar's hours)
        :return: naive UTC datetime
        """
        if not self:
            return start + timedelta(**{f"{unit}s": value})
        hours = {"minute": value / 60, "hour": value, "day": value * self.hours_per_day}
        return self.plan_hours(hours[unit], start, compute_leaves=True) or start

    def _aftersales_elapsed(self, start, stop):
        """Counted seconds between two naive UTC datetimes."""
        if not self:
            return (stop - start).total_seconds()
        return self.get_work_hours_count(start, stop, compute_leaves=True) * 3600

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
