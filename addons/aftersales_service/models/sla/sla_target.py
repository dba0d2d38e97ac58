from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesSlaTarget(models.Model):
    """One promise: after ``start_event``, ``stop_event`` follows within the limit."""

    _name = "aftersales.sla.target"
    _description = "After-sales Promise"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "aftersales.sla.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Stable name, used by other programs.")
    name = fields.Char(required=True, translate=True)
    start_event = fields.Char(required=True, help="Event that starts the clock.")
    stop_event = fields.Char(required=True, help="Event that keeps the promise.")
    limit_value = fields.Integer(
        string="Limit",
        help="End of day: days after the start, 0 is the same day."
        " Agreed moment: minutes after it.",
    )
    limit_unit = fields.Selection(
        [
            ("minute", "Minutes"),
            ("hour", "Hours"),
            ("day", "Days"),
            ("day_end", "End of Local Day"),
            ("moment", "Agreed Moment"),
        ],
        default="minute",
        required=True,
    )
    moment = fields.Char(
        help="For an agreed moment: the field of the record that holds it."
    )
    warn_at = fields.Char(
        string="Warn At (%)",
        default="50,80",
        help="Percentages of the limit at which people are warned, e.g. 50,80.",
    )
    pausable = fields.Boolean(help="The clock may wait for the customer.")
    consequence = fields.Selection(
        [
            ("none", "None"),
            ("at_our_cost", "At Our Cost"),
            ("liability", "Liability"),
        ],
        default="none",
        required=True,
        help="What a broken promise leads to, besides telling the supervisor.",
    )
    clause = fields.Char(help="Rule of the regulation, e.g. R-S03.")
    is_internal = fields.Boolean(
        string="Internal", help="A step of ours; customers aren't shown it."
    )

    _code_uniq = models.Constraint(
        "UNIQUE (policy_id, code)", "A policy has each promise code once."
    )
    _limit_positive = models.Constraint(
        "CHECK (limit_value > 0 OR limit_unit IN ('day_end', 'moment'))",
        "The limit must be more than zero.",
    )

    @api.constrains("warn_at")
    def _check_warn_at(self):
        for target in self:
            percents = parse_percents(target.warn_at)
            if percents is None or any(not 0 < p < 100 for p in percents):
                raise ValidationError(
                    self.env._(
                        "“%(value)s”: warnings are percentages between 1 and 99,"
                        " separated by commas.",
                        value=target.warn_at,
                    )
                )

    @api.constrains("limit_unit", "moment")
    def _check_moment(self):
        for target in self:
            if target.limit_unit == "moment" and not target.moment:
                raise ValidationError(
                    self.env._("Name the agreed moment of promise “%s”.", target.name)
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

    def _prepare_terms(self):
        """Plain values of the promise, cached and copied into its clocks."""
        self.ensure_one()
        return {
            "target_id": self.id,
            "code": self.code,
            "start_event": self.start_event,
            "stop_event": self.stop_event,
            "limit_value": self.limit_value,
            "limit_unit": self.limit_unit,
            "moment": self.moment,
            "warn_at": self.warn_at or "",
            "pausable": self.pausable,
            "consequence": self.consequence,
            "clause": self.clause,
            "matched_domain": self.policy_id.domain,
            "calendar_id": self.policy_id.calendar_id.id,
        }

    @api.model
    def _get_deadline(self, terms, started_at, record):
        """When a promise falls due.

        :param terms: dict of ``_prepare_terms``
        :param started_at: naive UTC datetime of the start event
        :param record: record that made the promise, for its agreed moments
        :return: naive UTC datetime; False when the agreed moment isn't set
        """
        unit, value = terms["limit_unit"], terms["limit_value"]
        if unit == "moment":
            moment = record._sla_moment(terms["moment"], started_at)
            return moment and moment + timedelta(minutes=value)
        if unit == "day_end":
            company = record._sla_company()
            return company._aftersales_day_end(started_at, value)
        calendar = self.env["resource.calendar"].browse(terms["calendar_id"])
        return calendar._aftersales_plan(started_at, value, unit)


def parse_percents(text):
    """``"50,80"`` → [50, 80]; None when it isn't a list of whole numbers."""
    try:
        return sorted(int(part) for part in (text or "").split(",") if part.strip())
    except ValueError:
        return None
