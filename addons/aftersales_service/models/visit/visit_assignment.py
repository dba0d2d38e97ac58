from odoo import api, fields, models


class AftersalesVisitAssignment(models.Model):
    """Who goes on a visit; nobody can be in two places (R-D06)."""

    _name = "aftersales.visit.assignment"
    _description = "Team Member of a Visit"
    _order = "role, id"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Technician", required=True, index=True
    )
    role = fields.Selection(
        [("lead", "Lead"), ("member", "Member"), ("safety", "Safety Supervisor")],
        default="member",
        required=True,
    )
    start = fields.Datetime(
        related="visit_id.scheduled_start", store=True, precompute=True
    )
    stop = fields.Datetime(
        related="visit_id.scheduled_stop", store=True, precompute=True
    )
    active = fields.Boolean(
        compute="_compute_active",
        store=True,
        precompute=True,
        help="Takes the technician's time; not so for cancelled visits.",
    )

    # An int4range of one id lets gist compare ids without an extension
    _no_double_booking = models.Constraint(
        "EXCLUDE USING gist (int4range(employee_id, employee_id, '[]') WITH &&,"
        " tsrange(start, stop) WITH &&)"
        " WHERE (active AND start IS NOT NULL AND stop IS NOT NULL)",
        "A technician is booked on another visit at that time.",
    )

    @api.constrains("employee_id", "visit_id")
    def _meet_rivals(self):
        """Customers who choose a time count who is free then."""
        self.visit_id._meet_rivals()

    @api.depends("visit_id.state")
    def _compute_active(self):
        for assignment in self:
            assignment.active = assignment.visit_id.state not in ("cancelled", "failed")
