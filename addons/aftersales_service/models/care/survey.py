from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import find_records
from ..act.declaration import act

LIVE = timedelta(days=30)


class AftersalesSurvey(models.Model):
    """The yearly survey: a few questions by link, answered once (R-V11)."""

    _name = "aftersales.survey"
    _description = "Satisfaction Survey"
    _inherit = ["aftersales.act.mixin", "mail.thread"]
    _order = "year desc, id desc"
    _locked_states = ("open", "closed")  # what customers were asked stays as it was

    name = fields.Char(required=True, translate=True)
    year = fields.Integer(
        required=True,
        default=lambda self: self.env.company._aftersales_now_local().year,
        aggregator=None,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    intro = fields.Text(translate=True, help="What the customer reads first.")
    closes_on = fields.Date(
        string="Open Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + LIVE,
        editable="always",
        help="Links expire at the end of this day.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Under Way"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    question_ids = fields.One2many(
        "aftersales.survey.question", "survey_id", string="Questions", copy=True
    )
    invitation_ids = fields.One2many(
        "aftersales.survey.invitation", "survey_id", string="Invitations"
    )
    invited_count = fields.Integer(string="Invited", compute="_compute_counts")
    answered_count = fields.Integer(string="Answered", compute="_compute_counts")
    response_rate = fields.Float(string="Response (%)", compute="_compute_counts")

    def _compute_counts(self):
        counts = {
            survey: (invited, answered)
            for survey, invited, answered in self.env[
                "aftersales.survey.invitation"
            ]._read_group(
                [("survey_id", "in", self.ids)],
                ["survey_id"],
                ["__count", "answered_at:count"],
            )
        }
        for survey in self:
            invited, answered = counts.get(survey, (0, 0))
            survey.invited_count, survey.answered_count = invited, answered
            survey.response_rate = invited and 100.0 * answered / invited

    def _get_lock_refusal(self):
        return self.env._("Only a draft of a survey can be changed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if any(survey.state != "draft" for survey in self):
            raise UserError(self.env._("Only a draft of a survey can be deleted."))

    @act("open", states=("draft",), to="open", role="supervisor")
    def action_open(self, ref=None):
        """Let customers answer from now on.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        :raise UserError: no question, more than ten, or none that gives a score
        """
        for survey in self:
            kinds = survey.question_ids.mapped("kind")
            if not 1 <= len(kinds) <= 10 or not {"score", "nps"} & set(kinds):
                raise UserError(
                    self.env._("A survey has 1 to 10 questions, one with a score.")
                )

    @act("close", states=("open",), to="closed", role="supervisor")
    def action_close(self, ref=None):
        """No more answers.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """

    @act("invite", states=("open",), role="supervisor")
    def action_invite(self, partner_ids=None, ref=None):
        """Send the link; who was invited already gets no second one (R-V11).

        :param partner_ids: ids of customers; by default all for whom after-sales
            worked within a year before
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, invited): how many were invited now
        """
        self.ensure_one()
        survey = self.sudo()
        if partner_ids not in (None, False):  # an empty list invites nobody
            label = self.env._("Customers")
            partners = find_records(self.env["res.partner"], partner_ids, label)
        else:
            partners = survey._get_served_customers()
        new = partners - survey.invitation_ids.partner_id
        invitations = self.env["aftersales.survey.invitation"].sudo()
        invitations = invitations.create(
            [{"survey_id": self.id, "partner_id": partner.id} for partner in new]
        )
        invitations._send()
        return {"invited": len(invitations)}

    def action_invite_served(self):
        """Button: invite and say how many."""
        count = self.action_invite()["invited"]
        message = self.env._("%s customers were invited.", count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_served_customers(self):
        """Customers with a visit or request within the last year."""
        since = fields.Datetime.now() - timedelta(days=365)
        self.env["aftersales.visit"].flush_model()
        self.env["aftersales.request"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.commercial_partner_id FROM res_partner p
                    WHERE p.id IN (
                        SELECT partner_id FROM aftersales_visit
                         WHERE company_id = %(company)s AND completed_at >= %(since)s
                        UNION SELECT partner_id FROM aftersales_request
                         WHERE company_id = %(company)s AND reported_at >= %(since)s)
                    ORDER BY 1""",
                company=self.company_id.id,
                since=since,
            )
        )
        partners = self.env["res.partner"].browse([row[0] for row in rows])
        return partners.filtered("active") - self.company_id.partner_id

    def action_view_invitations(self):
        """Open who was invited and what was answered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.survey_invitation_action"
        )
        return action | {"domain": [("survey_id", "=", self.id)], "context": {}}


class AftersalesSurveyQuestion(models.Model):
    """One question of a survey."""

    _name = "aftersales.survey.question"
    _description = "Question of a Survey"
    _order = "sequence, id"
    _rec_name = "text"

    survey_id = fields.Many2one(
        "aftersales.survey", required=True, ondelete="cascade", index=True, parent=True
    )
    sequence = fields.Integer(default=10)
    text = fields.Char(string="Question", required=True, translate=True)
    kind = fields.Selection(
        [
            ("score", "Rating 1 to 5"),
            ("nps", "Recommendation 0 to 10"),
            ("text", "Free Text"),
        ],
        required=True,
        default="score",
    )
    required = fields.Boolean(default=True)

    @api.constrains("survey_id", "kind")
    def _check_kind(self):
        for survey in self.survey_id:
            if survey.question_ids.mapped("kind").count("nps") > 1:
                raise ValidationError(
                    self.env._("A survey asks for the recommendation once.")
                )

    def _get_lock_refusal(self):
        return self.survey_id._get_lock_refusal()
