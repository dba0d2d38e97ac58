from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...concurrency import serialize
from ...tools import require_text
from ..act.declaration import act

VERDICTS = [
    ("adopted", "Adopted"),
    ("partly", "Partly Adopted"),
    ("rejected", "Not Adopted"),
]


class AftersalesSuggestion(models.Model):
    """A suggestion laid before a department, whose answer is tracked (R-C06).

    The department's manager answers in a list of his own, without seeing the register.
    """

    _name = "aftersales.suggestion"
    _description = "Suggestion to a Department"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.sla.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "forwarded_at desc, id desc"
    _check_company_auto = True

    request_id = fields.Many2one(
        "aftersales.request",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    name = fields.Char(related="request_id.name", related_sudo=True)
    problem = fields.Text(
        string="Suggestion", related="request_id.problem", related_sudo=True
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="request_id.partner_id", store=True, string="Suggested By"
    )
    product_id = fields.Many2one(related="request_id.product_id", store=True)
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, check_company=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Answered By",
        required=True,
        index=True,
        readonly=True,
        help="The department's manager when it was forwarded.",
    )
    note = fields.Char(string="Question to the Department", readonly=True)
    forwarded_at = fields.Datetime(
        required=True, default=fields.Datetime.now, readonly=True
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    verdict = fields.Selection(VERDICTS, tracking=True, readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False)
    told_at = fields.Datetime(
        string="Customer Told On",
        readonly=True,
        copy=False,
        help="When the suggester heard the answer.",
    )
    state = fields.Selection(
        [("open", "Waiting for the Answer"), ("answered", "Answered")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _department_uniq = models.UniqueIndex(
        "(request_id, department_id)", "This department has the suggestion already."
    )

    @api.depends("name", "department_id")
    def _compute_display_name(self):
        for row in self:
            names = (row.name, row.sudo().department_id.name)
            row.display_name = " · ".join(filter(None, names))

    @api.depends("answered_at")
    def _compute_state(self):
        for row in self:
            row.state = "answered" if row.answered_at else "open"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("The register is never deleted."))

    @act(
        "answer",
        stamp="answered_at",
        after="forwarded_at",
        event="answered",
        access="read",  # nobody writes them but by this act
    )
    def action_answer(self, verdict=None, answer=None, at=None, ref=None):
        """The department answers; the suggester is told (R-C06).

        :param verdict: "adopted", "partly" or "rejected"
        :param answer: what the customer is told; required
        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, answered_at, verdict)
        :raise UserError: answered already
        """
        answer = require_text(self.env, answer, self.env._("Answer"))
        if verdict not in self._fields["verdict"].get_values(self.env):
            raise UserError(
                self.env._(
                    "%(field)s: “%(value)s” is none of %(allowed)s.",
                    field="verdict",
                    value=verdict,
                    allowed=", ".join(dict(VERDICTS)),
                )
            )
        rows = self.sudo()
        rows.write({"verdict": verdict, "answer": answer})
        rows.activity_ids.filtered(lambda a: not a.sla_clock_id).action_feedback()
        return {"verdict": verdict}

    def _check_answer(self, values):
        """The department answers, once.

        :param values: dict(verdict, answer, at)
        :raise AccessError: somebody else
        """
        serialize(self)
        for row in self.sudo():
            row._check_answerer(self.env.user)

    def _after_answer(self, values):
        """The suggester is told.

        :param values: dict(verdict, answer, at)
        """
        for row in self.sudo():
            row._tell_suggester(row.answered_at)

    def _check_answerer(self, user):
        manager = self.department_id.manager_id.user_id
        if user not in self.user_id | manager and not user._is_aftersales("supervisor"):
            raise AccessError(self.env._("The department's manager answers."))
        if self.answered_at:
            raise UserError(self.env._("%s is answered already.", self.display_name))

    def _tell_suggester(self, moment):
        """By e-mail and in the portal; without an address an agent calls."""
        request = self.request_id
        partner = request.partner_id
        if not partner.email:
            people = request.user_id or request._sla_recipients("supervisor")
            people._aftersales_assign(
                request,
                lambda r, env: env._("Tell the customer what came of the suggestion"),
                lambda r, env, answer=self.answer: answer,
            )
            return
        env = self.with_context(lang=partner.lang or self.env.lang).env
        verdict = dict(self._fields["verdict"]._description_selection(env))
        request.message_post(
            subject=env._("Your suggestion %s", request.name),
            body=Markup("<p>%s</p><p><b>%s</b></p><p>%s</p>")
            % (
                env._("Thank you for your suggestion. It was looked into:"),
                verdict[self.verdict],
                self.answer,
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
            author_id=request.company_id.partner_id.id,
        )
        self.told_at = moment
