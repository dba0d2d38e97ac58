import math
import random

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...concurrency import serialize
from ...tools import find_records
from ..act.declaration import act


class AftersalesAudit(models.Model):
    """A closed request drawn at random and checked by somebody else (R-V12)."""

    _name = "aftersales.audit"
    _description = "Audit of a Request"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.month.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "month desc, id desc"
    _rec_name = "request_id"
    _check_company_auto = True
    _locked_states = ("done",)

    request_id = fields.Many2one(
        "aftersales.request", required=True, readonly=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    team_id = fields.Many2one("aftersales.team", readonly=True, index=True)
    seed = fields.Char(
        readonly=True, help="The draw can be repeated with it: same requests again."
    )
    auditor_id = fields.Many2one("res.users", tracking=True)
    state = fields.Selection(
        [("draft", "To Check"), ("done", "Checked")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("aftersales.audit.line", "audit_id", string="Criteria")
    note = fields.Text()
    score = fields.Float(
        string="Score (%)",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        digits=(16, 1),
    )
    done_at = fields.Datetime(string="Checked On", readonly=True, copy=False)

    _request_uniq = models.Constraint(
        "UNIQUE (request_id)", "This request is audited already."
    )

    @api.depends("line_ids.result", "line_ids.weight")
    def _compute_score(self):
        for audit in self:
            counted = audit.line_ids.filtered(lambda x: x.result in ("pass", "fail"))
            passed = counted.filtered(lambda line: line.result == "pass")
            total = sum(counted.mapped("weight"))
            audit.score = 100.0 * sum(passed.mapped("weight")) / total if total else 0

    @api.constrains("auditor_id", "request_id")
    def _check_auditor(self):
        for audit in self.filtered("auditor_id"):
            audit._check_not_own(audit.auditor_id)

    def _get_own_users(self):
        """Who worked on the request."""
        request = self.sudo().request_id  # employees' users
        return request.user_id | request.employee_ids.user_id

    def _check_not_own(self, user):
        """Nobody checks the own work (R-V12)."""
        if user in self._get_own_users():
            raise UserError(
                self.env._(
                    "%(who)s worked on %(request)s and can't audit it.",
                    who=user.name,
                    request=self.request_id.name,
                )
            )

    def _get_lock_refusal(self):
        return self.env._("This audit is finished.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        raise UserError(self.env._("Who is drawn is checked: audits stay."))

    # ------------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------------

    @api.model
    @act("draw_sample", creates=True, access=None, role="supervisor")
    def draw_sample(self, month, team_ids=None, ref=None):
        """Draw requests closed in a month at random, the same ones each time (R-V12).

        :param month: "YYYY-MM" or a date; the month must be over
        :param team_ids: ids of teams of the company, by default all of them
        :param ref: the caller's own reference of this act, for a retry
        :return: list of ids of the audits of this draw
        :raise UserError: no month, one that isn't over, or foreign teams
        """
        company = self.env.company
        first = self._parse_month(month, company)
        self._check_over(first, company)
        domain = [("company_id", "=", company.id)]
        teams = self.env["aftersales.team"].search(domain)
        if team_ids not in (None, False):
            chosen = find_records(teams, team_ids, self.env._("Teams"))
            if chosen - teams:
                raise UserError(self.env._("Unknown teams: %s", (chosen - teams).ids))
            teams = chosen
        start, stop = self._get_bounds(company, first)
        audits = self.browse()
        serialize(teams)  # each is drawn from by one at a time
        for team, ids in self._get_population(teams, start, stop).items():
            audits |= self._draw(team, ids, first)
        return audits.ids

    def _get_population(self, teams, start, stop):
        """Ids of the requests that these teams closed within a time."""
        groups = self.env["aftersales.request"]._read_group(
            [
                ("team_id", "in", teams.ids),
                ("state", "=", "closed"),
                ("closed_at", ">=", start),
                ("closed_at", "<", stop),
            ],
            ["team_id"],
            ["id:array_agg"],
        )
        return dict(groups)

    def _draw(self, team, ids, month):
        """Audits of a random part of these requests; drawn ones stay drawn."""
        seed = f"{team.company_id.id}-{team.id}-{month:%Y-%m}"
        shuffled = sorted(ids)
        random.Random(seed).shuffle(shuffled)  # a larger share keeps the first ones
        size = max(math.ceil(len(ids) * team.audit_percent / 100), team.audit_minimum)
        drawn = self.env["aftersales.request"].browse(shuffled[:size])
        existing = self.search([("request_id", "in", drawn.ids)])
        lines = self._prepare_line_commands()
        vals_list = [
            {
                "request_id": request.id,
                "company_id": team.company_id.id,
                "team_id": team.id,
                "month": month,
                "seed": seed,
                "auditor_id": self._find_auditor(request).id,
                "line_ids": lines,
            }
            for request in drawn - existing.request_id
        ]
        new = self.sudo().create(vals_list)  # nobody picks requests by hand
        for auditor, audits in new.grouped("auditor_id").items():
            auditor._aftersales_assign(
                audits, lambda a, env: env._("Audit: %s", a.request_id.name)
            )
        return existing | new.sudo(False)

    def _prepare_line_commands(self):
        criteria = self.env["aftersales.audit.criterion"].search(
            [("active", "=", True)]
        )
        return [
            Command.create(
                {
                    "criterion_id": criterion.id,
                    "sequence": criterion.sequence,
                    "weight": criterion.weight,
                }
            )
            for criterion in criteria
        ]

    def _find_auditor(self, request):
        """The team's or company's supervisor, unless it is their own work."""
        own = self.new({"request_id": request.id})._get_own_users()
        company = request.company_id
        choices = request.team_id.supervisor_id | company.aftersales_supervisor_id
        choices |= company.aftersales_manager_id
        return (choices - own)[:1]

    @api.model
    def _cron_draw(self):
        """Draw last month's sample for every company, once (R-V12)."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            audits = self.with_company(company)
            audits.draw_sample(self._get_month(company, -1))

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    @act("finish", states=("draft",), to="done", stamp="done_at", role="supervisor")
    def action_finish(self, ref=None):
        """All criteria were checked; from then on the audit stays (R-V12).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, score)
        :raise UserError: one's own request, finished already, or a result is missing
        """
        for audit in self:
            audit._check_not_own(self.env.user)
            results = audit.line_ids.mapped("result")
            if not all(results) or not {"pass", "fail"} & set(results):
                raise UserError(
                    self.env._(
                        "%s: give each criterion its result.", audit.display_name
                    )
                )
        audits = self.sudo()
        audits.auditor_id = self.env.user
        audits.activity_ids.action_feedback()
        return {"score": audits[-1:].score}


class AftersalesAuditLine(models.Model):
    """The result of one criterion."""

    _name = "aftersales.audit.line"
    _description = "Line of an Audit"
    _order = "sequence, id"
    _rec_name = "criterion_id"

    audit_id = fields.Many2one(
        "aftersales.audit", required=True, ondelete="cascade", index=True, parent=True
    )
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    team_id = fields.Many2one(related="audit_id.team_id", store=True)
    month = fields.Date(related="audit_id.month", store=True)
    sequence = fields.Integer(readonly=True)
    criterion_id = fields.Many2one(
        "aftersales.audit.criterion", required=True, readonly=True, ondelete="restrict"
    )
    weight = fields.Float(readonly=True)
    result = fields.Selection(
        [("pass", "Good"), ("fail", "Not Good"), ("na", "Does Not Apply")]
    )
    note = fields.Char()

    def write(self, vals):
        """Nobody judges the own work."""
        if not self.env.su:
            for audit in self.audit_id:
                audit._check_not_own(self.env.user)
        return super().write(vals)
