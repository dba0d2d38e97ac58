from odoo import api, fields, models
from odoo.exceptions import ValidationError

QUIET_HOURS = (
    ("aftersales_meal_start", "aftersales_meal_stop"),
    ("aftersales_rest_start", "aftersales_rest_stop"),
)


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_meal_start = fields.Float(
        string="Meal From", default=12.0, groups="base.group_user"
    )
    aftersales_meal_stop = fields.Float(
        string="Meal Until", default=13.5, groups="base.group_user"
    )
    aftersales_rest_start = fields.Float(
        string="Rest From", default=20.0, groups="base.group_user"
    )
    aftersales_rest_stop = fields.Float(
        string="Rest Until", default=8.0, groups="base.group_user"
    )
    aftersales_window_hours = fields.Float(
        string="Appointment Window",
        default=2.0,
        help="Length in hours of the windows that customers may choose from.",
        groups="base.group_user",
    )
    aftersales_check_goods = fields.Boolean(
        string="Check Goods Before They Leave",
        default=True,
        help="Goods of an order that was handed off, and those of a visit, leave when"
        " the warehouse noted that they were opened, checked and repacked (R-D04).",
        groups="base.group_user",
    )
    aftersales_leave_notice = fields.Float(
        string="Notice of Leave",
        default=36.0,
        help="Hours ahead at which technicians ask for time off (R-K03).",
        groups="base.group_user",
    )

    @api.constrains(*(name for pair in QUIET_HOURS for name in pair))
    def _check_aftersales_quiet_hours(self):
        for company in self:
            hours = [company[name] for pair in QUIET_HOURS for name in pair]
            if not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(
                    self.env._("Rest and meal times are hours between 0:00 and 23:59.")
                )

    @api.constrains("aftersales_window_hours")
    def _check_aftersales_window_hours(self):
        if any(not 0 < company.aftersales_window_hours <= 12 for company in self):
            raise ValidationError(
                self.env._(
                    "The appointment window is more than 0 and at most 12 hours."
                )
            )

    def _aftersales_is_quiet(self, start, stop):
        """Whether a visit would begin or end in rest or meal times (R-D05).

        Work that goes on over a whole meal or night is fine: the crew pauses, too.

        :param start: naive UTC datetime
        :param stop: naive UTC datetime
        """
        begin, end = map(self._aftersales_hour, (start, stop))
        for first, last in QUIET_HOURS:
            quiet_from, quiet_until = self[first], self[last]
            if _is_within(begin, quiet_from, quiet_until) or (
                end != quiet_from and _is_within(end, quiet_from, quiet_until)
            ):
                return True
        return False

    def _aftersales_hour(self, moment):
        """Local hour of a naive UTC moment, 17.5 for 17:30."""
        local = self._aftersales_to_local(moment)
        return local.hour + local.minute / 60


def _is_within(hour, start, stop):
    """Whether an hour lies in [start, stop[, which may go over midnight."""
    if start <= stop:
        return start <= hour < stop
    return hour >= start or hour < stop
