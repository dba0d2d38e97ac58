from odoo.http import request

from .visit_portal import VisitPortal


class PlanPortal(VisitPortal):
    """The coming dates of the customer's visit plans (R-V01)."""

    def _prepare_visits_values(self):
        plans = request.env["aftersales.visit.plan"]
        running = [("state", "=", "running"), ("next_date", "!=", False)]
        allowed = plans.has_access("read")
        return super()._prepare_visits_values() | {
            "plans": plans.search(running, limit=50) if allowed else plans
        }
