from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

LONGEST = timedelta(days=31)  # of an appointment, in whose hours rivals meet


class AftersalesVisitHour(models.Model):
    """An hour in which a company agrees times (R-D01).

    Whoever promises a technician's time changes the rows of its hours: who counted
    the free technicians of the same hour meanwhile is tried again, and counts anew.
    """

    _name = "aftersales.visit.hour"
    _description = "Hour with Appointments"
    _log_access = False
    _rec_name = "hour"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    hour = fields.Datetime(required=True, index=True)

    _hour_uniq = models.Constraint(
        "UNIQUE (company_id, hour)", "This hour is known already."
    )

    @api.model
    def _take(self, visits):
        """Meet the rivals for the hours of these visits.

        :param visits: aftersales.visit with their times
        """
        if not visits:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO aftersales_visit_hour (company_id, hour)
                   SELECT DISTINCT span.company, hour
                     FROM unnest(%s, %s::timestamp[], %s::timestamp[])
                          AS span (company, start, stop),
                          generate_series(
                              date_trunc('hour', span.start),
                              least(span.stop, span.start + %s)
                              - interval '1 second',
                              interval '1 hour') AS hour
                    ORDER BY 1, 2
                       ON CONFLICT (company_id, hour) DO UPDATE
                      SET hour = EXCLUDED.hour""",
                [visit.company_id.id for visit in visits],
                visits.mapped("scheduled_start"),
                visits.mapped("scheduled_stop"),
                LONGEST,
            ),
            log_exceptions=False,  # somebody was faster: Odoo tries again
        )

    @api.autovacuum
    def _gc_hours(self):
        """Forget the hours that are over."""
        domain = [
            ("hour", "<", fields.Datetime.subtract(fields.Datetime.now(), days=1))
        ]
        self.search(domain, limit=10_000).unlink()
