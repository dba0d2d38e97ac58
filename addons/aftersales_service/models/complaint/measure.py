from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

LONGEST = timedelta(days=3653)  # a date beyond is a slip of the pen


class AftersalesMeasure(models.Model):
    """What is done so that a complaint is cured and never comes again (R-C04).

    It has an owner and a due date, kept as a promise; its effect is looked at later,
    and what had no effect opens another measure.
    """

    _name = "aftersales.measure"
    _description = "Corrective or Preventive Measure"
    _inherit = [
        "aftersales.act.mixin",
        "aftersales.sla.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_at, id"
    _check_company_auto = True

    name = fields.Char(string="Measure", required=True, fixed=True)
    kind = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")],
        required=True,
        default="corrective",
        index=True,
        fixed=True,
    )
    request_id = fields.Many2one(
        "aftersales.request",
        required=True,
        index=True,
        ondelete="restrict",
        fixed=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="request_id.partner_id", store=True)
    order_id = fields.Many2one(related="request_id.order_id", store=True)
    product_id = fields.Many2one(related="request_id.product_id", store=True)
    cause_id = fields.Many2one(related="request_id.cause_id", store=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Owner",
        required=True,
        index=True,
        check_company=True,
        fixed=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Owner's Login", compute="_compute_user_id", store=True
    )
    due_at = fields.Datetime(
        string="Due", required=True, index=True, tracking=True, fixed=True
    )
    effect_due_at = fields.Datetime(
        string="Look at the Effect On",
        compute="_compute_effect_due_at",
        store=True,
        readonly=False,
        precompute=True,
        fixed=True,
    )
    agreed_at = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True, copy=False
    )
    done_at = fields.Datetime(readonly=True, copy=False)
    done_note = fields.Text(string="What Was Done", readonly=True, copy=False)
    effect_checked_at = fields.Datetime(
        string="Effect Looked At On", readonly=True, copy=False
    )
    effect_note = fields.Text(string="Effect", readonly=True, copy=False)
    effect_user_id = fields.Many2one(
        "res.users", string="Effect Looked At By", readonly=True, copy=False
    )
    origin_measure_id = fields.Many2one(
        "aftersales.measure",
        string="After the Failed",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    following_ids = fields.One2many(
        "aftersales.measure", "origin_measure_id", string="Followed By"
    )
    cancel_reason = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("open", "To Do"),
            ("done", "Done"),
            ("effective", "Effective"),
            ("ineffective", "No Effect"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    is_owner = fields.Boolean(compute="_compute_is_owner")

    _origin_uniq = models.UniqueIndex(
        "(origin_measure_id) WHERE origin_measure_id IS NOT NULL",
        "The failed measure is followed by another one already.",
    )

    @api.depends("employee_id.user_id")
    def _compute_user_id(self):
        for measure in self:
            measure.user_id = measure.sudo().employee_id.user_id

    @api.depends("due_at", "company_id")
    def _compute_effect_due_at(self):
        for measure in self:
            days = timedelta(days=measure.company_id.aftersales_effect_days)
            measure.effect_due_at = measure.due_at and measure.due_at + days

    @api.depends_context("uid")
    def _compute_is_owner(self):
        for measure in self:
            measure.is_owner = measure.user_id == self.env.user

    @api.constrains("due_at", "effect_due_at")
    def _check_times(self):
        for measure in self:
            if measure.effect_due_at and measure.effect_due_at < measure.due_at:
                raise ValidationError(
                    self.env._(
                        "%s: the effect is looked at after the due date.", measure.name
                    )
                )
            latest = max(filter(None, (measure.due_at, measure.effect_due_at)))
            if latest > measure.agreed_at + LONGEST:
                raise ValidationError(
                    self.env._("%s: nobody waits ten years for it.", measure.name)
                )

    @api.constrains("employee_id")
    def _check_owner(self):
        for measure in self.sudo():
            if not measure.employee_id.active:
                raise ValidationError(
                    self.env._(
                        "%s doesn't work here any more.", measure.employee_id.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Agreed: the owner is told and the promise runs."""
        measures = super().create(vals_list)
        for measure in measures:
            if measure.due_at <= measure.agreed_at:
                raise ValidationError(
                    self.env._("%s: the due date is past.", measure.name)
                )
        for at, group in measures.grouped("agreed_at").items():
            group._sla_event("agreed", at)
        measures._tell_owners()
        return measures

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("Measures are cancelled, not deleted."))

    def _tell_owners(self):
        for user, measures in self.grouped("user_id").items():
            people = user or measures[:1]._sla_recipients("supervisor")
            people._aftersales_assign(
                measures, lambda m, env: env._("Measure: %s", m.name)
            )

    def _sla_recipients(self, role):
        """The request's supervisor; who has no login is told through him."""
        if role == "supervisor":
            return self.request_id.sudo()._sla_recipients(role)
        return super()._sla_recipients(role)

    def _prepare_sla_clock_vals(self):
        team = self.request_id.sudo().team_id
        return super()._prepare_sla_clock_vals() | {"team_id": team.id}
