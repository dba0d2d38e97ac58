from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ResourceCalendarLeaves(models.Model):
    """Time off: asked for in time, and planners learn whom they lack (R-K03)."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._on_aftersales_absence()
        return leaves

    def write(self, vals):
        """A moved absence is asked for anew."""
        result = super().write(vals)
        if {"date_from", "date_to", "resource_id"} & set(vals):
            self._on_aftersales_absence()
        return result

    def _on_aftersales_absence(self):
        for leave in self.filtered("resource_id"):
            leave._check_aftersales_notice()
            visits = leave.sudo()._get_aftersales_visits()
            for affected in visits.grouped("company_id").values():
                affected[:1]._sla_recipients("supervisor")._aftersales_assign(
                    affected,
                    lambda visit, env, who=leave.resource_id.name: env._(
                        "%s is away: send somebody else", who
                    ),
                )

    def _check_aftersales_notice(self):
        """Technicians ask in time; whoever is ill tells the supervisor (R-K03)."""
        user = self.env.user
        # Time Off writes with the system's rights what its user asked for
        if user._is_superuser() or not user._is_aftersales("technician"):
            return
        if not user._is_aftersales("supervisor") and self.resource_id.user_id != user:
            raise AccessError(self.env._("Time off is asked for oneself only."))
        company = self.company_id or self.env.company
        hours = company.aftersales_leave_notice
        ahead = fields.Datetime.now() + timedelta(hours=hours)
        if self.date_from < ahead and not user._is_aftersales("supervisor"):
            raise UserError(
                self.env._(
                    "Time off is asked for %(hours)g hours ahead. Call your supervisor,"
                    " who can enter it for you.",
                    hours=hours,
                )
            )

    def _get_aftersales_visits(self):
        """Visits to come that the absent person is booked on."""
        assignments = self.env["aftersales.visit.assignment"].search(
            [
                ("employee_id.resource_id", "=", self.resource_id.id),
                ("start", "<", self.date_to),
                ("stop", ">", self.date_from),
                ("visit_id.state", "in", ("draft", "confirmed")),
            ]
        )
        return assignments.visit_id

    @api.model
    def _get_of_resources(self, resources, start, stop):
        """Time off of some people that touches a window.

        :param start: naive UTC datetime
        :param stop: naive UTC datetime
        """
        return self.search(
            [
                ("resource_id", "in", resources.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<", stop),
                ("date_to", ">", start),
            ]
        )
