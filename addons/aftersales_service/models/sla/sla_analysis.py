from odoo import api, fields, models
from odoo.tools import SQL


class AftersalesSlaClock(models.Model):
    """What reports count: the share of promises that were kept, by whom and where."""

    _inherit = "aftersales.sla.clock"

    team_id = fields.Many2one("aftersales.team", readonly=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        readonly=True,
        index="btree_not_null",
        help="Who is sent; the responsible of the desk is another one.",
    )
    region_id = fields.Many2one(
        related="partner_id.state_id", string="Province", store=True
    )
    attainment = fields.Float(
        string="Kept (%)",
        compute="_compute_attainment",
        aggregator="avg",
        help="100 for a kept promise, 0 for a broken one; open ones don't count.",
    )

    @api.depends("state")
    def _compute_attainment(self):
        for clock in self:
            clock.attainment = 100.0 * (clock.state == "met")

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "attainment":
            return SQL(
                "CASE %s WHEN 'met' THEN 100.0 WHEN 'breached' THEN 0.0 END",
                self._field_to_sql(alias, "state", query),
            )
        return super()._field_to_sql(alias, field_expr, query)
