from odoo import api, fields, models
from odoo.tools import SQL


class AftersalesTrainingPerson(models.Model):
    """The training record: one row for each person of a contract (R-T01, R-T07).

    A person counts once, however many seats were taken. Trained is who attended a
    session that counts and passed each test taken, if need be in a make-up session.
    """

    _name = "aftersales.training.person"
    _description = "Training Record of a Person"
    _auto = False
    _order = "plan_id desc, name"
    _depends = {
        "event.event": [
            "aftersales_plan_id",
            "aftersales_template_id",
            "aftersales_counts",
            "aftersales_pass_mark",
            "aftersales_state",
        ],
        "event.registration": [
            "event_id",
            "active",
            "state",
            "name",
            "phone",
            "aftersales_role",
            "aftersales_person_key",
            "aftersales_result",
            "aftersales_score",
        ],
        "aftersales.training.plan": ["partner_id", "company_id"],
        "aftersales.training.certificate": ["plan_id", "person_key", "revoked_at"],
    }

    plan_id = fields.Many2one("aftersales.training.plan", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    person_key = fields.Char(readonly=True)
    name = fields.Char(string="Full Name", readonly=True)
    phone = fields.Char(readonly=True)
    role = fields.Selection(
        [
            ("operator", "Operator"),
            ("maintainer", "Maintainer"),
            ("liaison", "Liaison"),
        ],
        readonly=True,
    )
    session_count = fields.Integer(string="Sessions", readonly=True)
    attended_count = fields.Integer(string="Attended", readonly=True)
    missed_count = fields.Integer(string="Missed", readonly=True)
    score = fields.Float(string="Best Score (%)", readonly=True, aggregator="avg")
    is_booked = fields.Boolean(string="Counts", readonly=True)
    is_trained = fields.Boolean(string="Trained", readonly=True)
    certificate_id = fields.Many2one("aftersales.training.certificate", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH part AS (
                SELECT e.aftersales_plan_id AS plan_id,
                       r.aftersales_person_key AS person_key,
                       e.aftersales_template_id AS template_id,
                       max(r.id) AS last_id,
                       count(*) AS sessions,
                       count(*) FILTER (WHERE r.state = 'done') AS attended,
                       count(*) FILTER (WHERE r.state = 'open'
                           AND e.aftersales_state = 'done') AS missed,
                       max(r.aftersales_score) AS score,
                       bool_or(e.aftersales_counts) AS counts,
                       bool_or(r.state = 'done' AND (
                           COALESCE(e.aftersales_pass_mark, 0) = 0
                           OR r.aftersales_result = 'passed')) AS passed
                  FROM event_registration r
                  JOIN event_event e ON e.id = r.event_id
                 WHERE r.active AND r.state IN ('open', 'done')
                   AND e.aftersales_plan_id IS NOT NULL
                 GROUP BY e.aftersales_plan_id, r.aftersales_person_key,
                       e.aftersales_template_id
            ), whole AS (
                SELECT plan_id, person_key, max(last_id) AS id,
                       sum(sessions)::int AS session_count,
                       sum(attended)::int AS attended_count,
                       sum(missed)::int AS missed_count,
                       max(score) AS score,
                       bool_or(counts) AS is_booked,
                       bool_or(counts AND passed)
                           AND NOT bool_or(counts AND attended > 0 AND NOT passed)
                           AS is_trained
                  FROM part
                 GROUP BY plan_id, person_key
            )
            SELECT w.*, r.name, r.phone, r.aftersales_role AS role, p.partner_id,
                   p.company_id, c.id AS certificate_id
              FROM whole w
              JOIN event_registration r ON r.id = w.id
              JOIN aftersales_training_plan p ON p.id = w.plan_id
              LEFT JOIN aftersales_training_certificate c ON c.plan_id = w.plan_id
                   AND c.person_key = w.person_key AND c.revoked_at IS NULL
            """
        )

    @api.model
    def _count_by_plan(self, plan_ids):
        """Numbers of people of some plans.

        :param plan_ids: ids
        :return: two dicts of plan id → number: on the list, trained
        """
        groups = self.sudo()._read_group(  # counts are shown to whoever sees the plan
            [("plan_id", "in", plan_ids), ("is_booked", "=", True)],
            ["plan_id", "is_trained"],
            ["__count"],
        )
        booked, trained = {}, {}
        for plan, is_trained, count in groups:
            booked[plan.id] = booked.get(plan.id, 0) + count
            if is_trained:
                trained[plan.id] = count
        return booked, trained

    def _get_seats(self):
        """The registrations behind this row, in the order of their sessions."""
        self.ensure_one()
        seats = self.plan_id.sudo().event_ids.registration_ids.filtered(
            lambda r: r.aftersales_person_key == self.person_key and r.state != "cancel"
        )
        return seats.sorted(lambda r: (r.event_id.date_begin, r.id))

    def action_view_sessions(self):
        """Open what this person attended, missed and scored."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "event.registration",
            "views": [
                (self.env.ref("aftersales_training.attendance_view_list").id, "list")
            ],
            "domain": [("id", "in", self._get_seats().ids)],
        }
