from odoo import api, models
from odoo.fields import Domain


class AftersalesWorkingTime(models.AbstractModel):
    """What working time is made of: hours, holidays, make-up days.

    A deadline stays as it was promised. When people are warned of it is counted in
    working time: the promises concerned are looked at again as soon as that changes.
    """

    _name = "aftersales.working.time"
    _description = "Working Time of Promises"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._recount_promises()
        return rows

    def write(self, vals):
        self._recount_promises()  # they may be of another calendar afterwards
        result = super().write(vals)
        self._recount_promises()
        return result

    def unlink(self):
        self._recount_promises()
        return super().unlink()

    def _recount_promises(self):
        clocks = self.env["aftersales.sla.clock"].sudo()
        clocks._look_again(self._get_promise_domain())

    def _get_promise_domain(self):
        """Which promises count in this time; models that are part of it say so."""
        return Domain.FALSE


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "aftersales.working.time"]

    def _get_promise_domain(self):
        return Domain("calendar_id", "in", self.calendar_id.ids)


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "aftersales.working.time"]

    def _get_promise_domain(self):
        """Those of the calendar or of all; a person's own leave moves no promise."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays - holidays.filtered("calendar_id"):
            return Domain("calendar_id", "!=", False)
        return Domain("calendar_id", "in", holidays.calendar_id.ids)
