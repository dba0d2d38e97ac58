from datetime import timedelta

from odoo import models


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
