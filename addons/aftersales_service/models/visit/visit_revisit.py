from datetime import timedelta

from odoo import api, fields, models

WITH_REVISIT = ("delivery", "installation", "repair")
REVISIT_AFTER = timedelta(days=3)


class AftersalesVisit(models.Model):
    """Ask the customer afterwards how it went (R-D14, R-S14)."""

    _inherit = "aftersales.visit"

    rating = fields.Selection(
        [("1", "Bad"), ("3", "Fair"), ("5", "Good")],
        string="Customer's Rating",
        editable="always",
        role="user",
    )
    rating_value = fields.Integer(
        string="Rating",
        compute="_compute_rating_value",
        store=True,
        aggregator="avg",
    )
    rated_employee_id = fields.Many2one(
        "hr.employee",
        string="Rated Technician",
        compute="_compute_rating_value",
        store=True,
        help="Whose work the customer was asked about (R-D14).",
    )

    @api.depends("rating", "origin_visit_id.lead_employee_id", "lead_employee_id")
    def _compute_rating_value(self):
        for visit in self:
            visit.rating_value = int(visit.rating or 0) or None
            rated = visit.origin_visit_id or visit
            visit.rated_employee_id = visit.rating and rated.lead_employee_id

    def _create_revisit(self):
        """Ask the customer by phone how it went, three days later (R-D14)."""
        vals = {"origin_visit_id": self.id, "address_id": self.address_id.id}
        self.create(self._prepare_revisit_vals(self) | vals)

    @api.model
    def _prepare_revisit_vals(self, source, at=None):
        """Values of the call that asks how it went.

        :param source: record with the customer, order and company
        :param at: naive UTC time of the work; by default when the visit completed
        """
        start = (at or source.completed_at) + REVISIT_AFTER
        return {
            "kind": "revisit",
            "mode": "phone",
            "partner_id": source.partner_id.id,
            "order_id": source.order_id.id,
            "company_id": source.company_id.id,
            "scheduled_start": start,
            "scheduled_stop": start + timedelta(minutes=15),
        }

    def _cancel(self, reason):
        """Nobody will ask any more: the promise to ask ends, too."""
        result = super()._cancel(reason)
        revisits = self.filtered(lambda visit: visit.kind == "revisit")
        clocks = self.env["aftersales.sla.clock"].sudo()
        current = clocks._get_current(revisits.origin_visit_id)
        current.filtered(lambda clock: clock.stop_event == "revisited")._cancel(reason)
        return result

    def _on_completed(self):
        result = super()._on_completed()
        if self.kind == "revisit":
            self.origin_visit_id._sla_event("revisited", self.completed_at)
        if self.kind in WITH_REVISIT:
            self._create_revisit()
        return result
