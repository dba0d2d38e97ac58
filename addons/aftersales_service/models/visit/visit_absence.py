from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class AftersalesVisit(models.Model):
    """Whether the team can be there: time off, rota, holidays (R-K03)."""

    _inherit = "aftersales.visit"

    team_warning = fields.Char(
        compute="_compute_team_warning",
        help="Who of the team doesn't work at that time by rota or holiday.",
    )

    @api.depends("scheduled_start", "scheduled_stop", "assignment_ids.employee_id")
    def _compute_team_warning(self):
        for visit in self:
            off = visit._get_off_duty() if visit.scheduled_start else None
            names = ", ".join(off.mapped("name")) if off else ""
            visit.team_warning = names and self.env._(
                "Not at work at that time: %s", names
            )

    def _get_off_duty(self):
        """Team members whose working hours don't touch the visit."""
        team = self.sudo().assignment_ids.employee_id
        work = team._get_aftersales_work(self.scheduled_start, self.scheduled_stop)
        return team.filtered(lambda person: not work.get(person, True))

    def _check_absences(self):
        """Nobody is planned into asked-for time off (R-K03).

        :raise UserError: names who is away and until when
        """
        absence = self._get_absences()[:1]
        if absence:
            zone = self.company_id.aftersales_tz
            raise UserError(
                self.env._(
                    "%(who)s is away until %(until)s: choose somebody else or another"
                    " time for %(visit)s.",
                    who=absence.resource_id.name,
                    until=format_datetime(
                        self.env, absence.date_to, tz=zone, dt_format="short"
                    ),
                    visit=self.name,
                )
            )

    def _get_absences(self):
        if not self.scheduled_start:
            return self.env["resource.calendar.leaves"]
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            ._get_of_resources(
                self.sudo().assignment_ids.employee_id.resource_id,
                self.scheduled_start,
                self.scheduled_stop,
            )
        )
