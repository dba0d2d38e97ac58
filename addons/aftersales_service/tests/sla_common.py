from odoo.fields import Command

from .common import AftersalesCase


class SlaCase(AftersalesCase):
    """Visits as subject of promises that only these tests know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.sla.policy"].search([]).active = False
        cls.policy = cls.create_policy(
            code="reply",
            start_event="t_reported",
            stop_event="t_replied",
            limit_value=30,
            pausable=True,
            clause="R-S03",
        )

    @classmethod
    def create_policy(cls, domain="[]", sequence=50, calendar=None, **target):
        target = {"name": "Reply in time", "warn_at": "50,80", **target}
        return cls.env["aftersales.sla.policy"].create(
            {
                "name": "Test promises",
                "subject": "aftersales.visit",
                "sequence": sequence,
                "domain": domain,
                "calendar_id": calendar and calendar.id,
                "target_ids": [Command.create(target)],
            }
        )

    @classmethod
    def create_visits(cls, count=1, **vals):
        return cls.env["aftersales.visit"].create(
            [{"partner_id": cls.partner.id, **vals} for _ in range(count)]
        )

    def start(self, count=1, event="t_reported", **vals):
        """Records with their promise running since MONDAY."""
        visits = self.create_visits(count, **vals)
        visits._sla_event(event)
        return visits.sla_clock_ids
