import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...concurrency import serialize
from ...tools import clean_text
from .feedback import CSAT, LONGEST, NPS, check_score


class AftersalesSurveyInvitation(models.Model):
    """One customer in one survey: the link and, once, the answers (R-V11)."""

    _name = "aftersales.survey.invitation"
    _description = "Invitation to a Survey"
    _order = "id desc"
    _rec_name = "partner_id"

    survey_id = fields.Many2one(
        "aftersales.survey", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="survey_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(24),
        required=True,
        readonly=True,
        copy=False,
        groups="aftersales_service.group_aftersales_user",
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    answer_ids = fields.One2many(
        "aftersales.survey.answer", "invitation_id", string="Answers", readonly=True
    )
    feedback_id = fields.Many2one("aftersales.feedback", readonly=True, copy=False)

    # What was answered stays beside another answer when two customers are merged
    _open_uniq = models.UniqueIndex(
        "(survey_id, partner_id) WHERE answered_at IS NULL",
        "This customer is invited already.",
    )
    _token_uniq = models.Constraint("UNIQUE (access_token)", "The link exists already.")

    @api.depends("survey_id", "partner_id")
    def _compute_display_name(self):
        for invitation in self:
            names = (invitation.survey_id.name, invitation.partner_id.name)
            invitation.display_name = " ".join(filter(None, names))

    def _get_url(self):
        self.ensure_one()
        token = self.sudo().access_token  # sent to the customer
        return f"{self.get_base_url()}/feedback/yearly/{token}"

    def action_open_link(self):
        """Fill the survey in while the customer is on the phone.

        :return: action that opens the customer's own page
        :raise AccessError: the caller may not read this invitation
        """
        self.ensure_one()
        self.check_access("read")  # the link alone lets anybody answer
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}

    def _send(self):
        """Mail the link to those who have an address."""
        template = self.env.ref("aftersales_service.mail_template_survey")
        for invitation in self.filtered("partner_id.email"):
            template.send_mail(invitation.id, force_send=False)

    def _get_refusal(self):
        """Why it can't be answered now; empty when it can.

        :return: "answered", "expired" or ""
        """
        self.ensure_one()
        today = self.company_id._aftersales_now_local().date()
        if self.answered_at:
            return "answered"
        if self.survey_id.state != "open" or self.survey_id.closes_on < today:
            return "expired"
        return ""

    def _answer(self, values, channel="survey"):
        """Keep the answers of one customer, once.

        :param values: dict of question id → score or text
        :param channel: "survey" by link, "phone" by an agent
        :return: the feedback
        :raise UserError: answered already, expired, an answer is missing or wrong
        """
        self.ensure_one()
        serialize(self)  # two clicks at once: the second one is refused
        refusal = self._get_refusal()
        if refusal == "answered":
            raise UserError(self.env._("This was answered already. Thank you!"))
        if refusal:
            raise UserError(self.env._("This link has expired."))
        rows = [
            self._prepare_answer_vals(question, values.get(question.id))
            for question in self.survey_id.question_ids
        ]
        self.env["aftersales.survey.answer"].sudo().create(
            [dict(row, invitation_id=self.id) for row in rows if row]
        )
        vals = self._prepare_feedback_vals() | {"channel": channel}
        if not vals["csat"] and not vals["nps"]:
            raise UserError(self.env._("Please give at least one score."))
        feedback = self.env["aftersales.feedback"]._record_answer(self, vals)
        self.write({"answered_at": fields.Datetime.now(), "feedback_id": feedback.id})
        return feedback

    def _prepare_answer_vals(self, question, value):
        scores = {"score": CSAT, "nps": NPS}.get(question.kind)
        if scores:
            value = check_score(self.env, value, scores, question.text)
        else:
            value = clean_text(value, LONGEST)
        if question.required and not value:
            raise UserError(self.env._("Please answer: %s", question.text))
        if not value:
            return {}
        field = "text" if question.kind == "text" else "score"
        return {"question_id": question.id, field: value if not scores else int(value)}

    def _prepare_feedback_vals(self):
        """One feedback for all: the average rating, the recommendation, the remarks."""
        answers = self.answer_ids
        by_kind = answers.grouped(lambda answer: answer.question_id.kind)
        scores = by_kind.get("score", answers.browse()).mapped("score")
        average = scores and float_round(sum(scores) / len(scores), 0)
        nps = by_kind.get("nps", answers.browse()).mapped("score")
        texts = by_kind.get("text", answers.browse()).mapped("text")
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "csat": str(int(average)) if scores else False,
            "nps": str(nps[0]) if nps else False,
            "remarks": "\n".join(texts),
        }


class AftersalesSurveyAnswer(models.Model):
    """The answer to one question."""

    _name = "aftersales.survey.answer"
    _description = "Answer of a Survey"
    _order = "id"
    _rec_name = "question_id"

    invitation_id = fields.Many2one(
        "aftersales.survey.invitation",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    survey_id = fields.Many2one(related="invitation_id.survey_id", store=True)
    company_id = fields.Many2one(related="invitation_id.company_id", store=True)
    question_id = fields.Many2one(
        "aftersales.survey.question", required=True, ondelete="cascade", readonly=True
    )
    score = fields.Integer(aggregator="avg", readonly=True)
    text = fields.Text(readonly=True)

    _question_uniq = models.Constraint(
        "UNIQUE (invitation_id, question_id)", "This question is answered already."
    )
