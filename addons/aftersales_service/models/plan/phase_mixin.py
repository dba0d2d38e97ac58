from odoo import api, fields, models


class AftersalesVisitPhaseMixin(models.AbstractModel):
    """What a phase of a plan and of a template have in common (R-V01 to R-V03)."""

    _name = "aftersales.visit.phase.mixin"
    _description = "Phase of Regular Visits"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection="_get_visit_kinds",
        required=True,
        default="inspection",
    )
    mode = fields.Selection(
        [("onsite", "On Site"), ("phone", "By Phone")], required=True, default="onsite"
    )
    interval_months = fields.Integer(
        string="Every (Months)",
        required=True,
        default=3,
        help="Calendar months between two visits. Three a year: every 4 months.",
    )
    until_kind = fields.Selection(
        [
            ("months", "Months after the Start"),
            ("warranty", "End of the Warranty"),
            ("open", "No End"),
        ],
        string="Lasts Until",
        required=True,
        default="open",
    )
    until_months = fields.Integer(
        string="Months", help="The last day belongs to the phase."
    )

    _interval_positive = models.Constraint(
        "CHECK (interval_months >= 1)",
        "A visit every 0 or fewer months is no plan: the interval is 1 month or more.",
    )
    _until_positive = models.Constraint(
        "CHECK (until_kind <> 'months' OR until_months >= 1)",
        "The phase must end a month or more after the start.",
    )

    @api.model
    def _get_visit_kinds(self):
        return self.env["aftersales.visit"]._get_kinds()

    @api.depends("interval_months", "kind")
    def _compute_display_name(self):
        kinds = dict(self._get_visit_kinds())
        for phase in self:
            phase.display_name = self.env._(
                "%(kind)s every %(months)s months",
                kind=kinds.get(phase.kind, ""),
                months=phase.interval_months,
            )

    def _prepare_phase_vals(self):
        """Values of the same phase in another plan."""
        names = ("sequence", "kind", "mode", "interval_months")
        return {name: self[name] for name in (*names, "until_kind", "until_months")}
