from odoo import api, fields, models
from odoo.tools import SQL

RESULTS = [
    ("coming", "Coming"),
    ("due", "Due"),
    ("partly", "Partly Done"),
    ("done", "Done"),
    ("late", "Done Late"),
    ("missed", "Missed"),
    ("given_up", "Given Up"),
    ("released", "No Longer Promised"),
]


class AftersalesVisitCommitment(models.Model):
    """What was promised to each customer and what became of it (R-V06).

    One row for each number of a plan, read from the visits at this very second: visits
    that follow a failed or partly done one count as the same promise.
    """

    _name = "aftersales.visit.commitment"
    _description = "Promised Visit"
    _auto = False
    _order = "planned_date desc, id desc"
    _rec_name = "visit_id"
    _depends = {
        "aftersales.visit": [
            "plan_id",
            "plan_index",
            "planned_date",
            "plan_deadline",
            "plan_released",
            "carried_to_id",
            "state",
            "completed_at",
            "outcome",
            "partner_id",
            "order_id",
            "company_id",
            "kind",
        ],
        "aftersales.visit.plan": ["template_id"],
        "res.partner": ["aftersales_region_id", "commercial_partner_id"],
    }

    visit_id = fields.Many2one("aftersales.visit", readonly=True)
    plan_id = fields.Many2one("aftersales.visit.plan", readonly=True)
    template_id = fields.Many2one(
        "aftersales.visit.plan.template", string="Kind of Plan", readonly=True
    )
    plan_index = fields.Integer(string="Number", readonly=True, aggregator=None)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    region_id = fields.Many2one(
        "aftersales.region", string="Service Region", readonly=True
    )
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        selection="_get_visit_kinds",
        readonly=True,
    )
    planned_date = fields.Date(readonly=True)
    completed_at = fields.Datetime(readonly=True)
    outcome = fields.Char(readonly=True)
    carried_to_id = fields.Many2one(
        "aftersales.visit", string="Carried Over To", readonly=True
    )
    result = fields.Selection(RESULTS, readonly=True)
    promised = fields.Integer(
        readonly=True, help="Visits whose date has come; not those released."
    )
    done = fields.Integer(readonly=True, help="Completed, in time or late.")
    missed = fields.Integer(
        readonly=True, help="Not completed when the grace ended, or given up."
    )
    due = fields.Integer(string="Still to Do", readonly=True)

    @api.model
    def _get_visit_kinds(self):
        return self.env["aftersales.visit"]._get_kinds()

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        today = self.env.company._aftersales_now_local().date()
        return SQL(
            """
            SELECT r.*,
                   (r.result NOT IN ('coming', 'released'))::int AS promised,
                   (r.result IN ('done', 'late'))::int AS done,
                   (r.result IN ('missed', 'given_up'))::int AS missed,
                   (r.result IN ('due', 'partly'))::int AS due
              FROM (
                SELECT v.id, v.id AS visit_id, v.plan_id, p.template_id, v.plan_index,
                       v.partner_id, c.aftersales_region_id AS region_id, v.order_id,
                       v.company_id, v.kind, v.planned_date, v.completed_at, v.outcome,
                       v.carried_to_id,
                       CASE
                         WHEN v.state = 'done' AND v.completed_at <= v.plan_deadline
                           THEN 'done'
                         WHEN v.state = 'done' THEN 'late'
                         WHEN v.plan_released THEN 'released'
                         WHEN v.plan_deadline < %(now)s THEN 'missed'
                         WHEN v.state = 'cancelled' THEN 'given_up'
                         WHEN v.some_done THEN 'partly'
                         WHEN v.planned_date <= %(today)s THEN 'due'
                         ELSE 'coming'
                       END AS result
                  FROM (
                    SELECT DISTINCT ON (plan_id, plan_index) *,
                           bool_or(state = 'done')
                             OVER (PARTITION BY plan_id, plan_index) AS some_done
                      FROM aftersales_visit
                     WHERE plan_index > 0
                     ORDER BY plan_id, plan_index, id DESC
                  ) v
                  JOIN aftersales_visit_plan p ON p.id = v.plan_id
                  JOIN res_partner c ON c.id = v.partner_id
              ) r
            """,
            now=now,
            today=today,
        )
