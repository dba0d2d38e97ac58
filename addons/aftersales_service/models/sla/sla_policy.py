from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class AftersalesSlaPolicy(models.Model):
    """A set of promises made for one kind of record (R-S03…R-S11, as data).

    For each promise code the first policy (by sequence) whose domain the record
    meets gives the target. A clock copies what it was promised, so that editing a
    policy changes nothing that already runs.
    """

    _name = "aftersales.sla.policy"
    _description = "After-sales Promise Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=100, help="The first policy that fits a record gives its targets."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    subject = fields.Selection(
        selection="_selection_subject", string="Applies to", required=True
    )
    domain = fields.Char(
        default="[]",
        required=True,
        help="Only records that meet this filter when the promise starts.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Time is counted in these hours. Empty: 24 hours a day, 7 days a week.",
    )
    target_ids = fields.One2many("aftersales.sla.target", "policy_id", copy=True)

    @api.model
    def _selection_subject(self):
        """Every model that announces events to the ledger."""
        models_ = self.env["ir.model"].sudo().search([("abstract", "=", False)])
        return [
            (model.model, model.name)
            for model in models_
            if issubclass(
                self.env.registry[model.model],
                self.env.registry["aftersales.sla.mixin"],
            )
        ]

    @api.constrains("domain", "subject")
    def _check_domain(self):
        for policy in self:
            try:
                Domain(literal_eval(policy.domain)).validate(self.env[policy.subject])
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The filter of policy “%(name)s” can't be used: %(error)s",
                        name=policy.name,
                        error=error,
                    )
                ) from error

    @api.constrains("calendar_id")
    def _check_calendar(self):
        """Without an hour to count, every promise would be late at once."""
        for policy in self:
            calendar = policy.calendar_id
            if calendar and not calendar._aftersales_has_hours():
                raise ValidationError(
                    self.env._(
                        "“%s” has no fixed working hours: choose one that has, or none"
                        " for 24 hours a day.",
                        calendar.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("subject", "company_id")
    def _get_terms(self, subject, company_id):
        """The promises of one kind of record, in the order in which they are tried.

        :param subject: technical model name
        :param company_id: id of the company whose policies (and shared ones) apply
        :return: tuple of (domain, tuple of target terms), see ``_prepare_terms``
        """
        policies = self.sudo().search(
            [
                ("subject", "=", subject),
                ("company_id", "in", (False, company_id)),
            ]
        )
        return tuple(
            (
                tuple(map(_freeze, literal_eval(policy.domain))),
                tuple(target._prepare_terms() for target in policy.target_ids),
            )
            for policy in policies
        )


def _freeze(term):
    """A domain term that can safely be cached."""
    return tuple(term) if isinstance(term, list) else term
