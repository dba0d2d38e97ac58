from datetime import timedelta

from odoo import api, fields, models


class AftersalesTrainingPlan(models.Model):
    """Missing people are raised before the contract's period ends (R-T01)."""

    _inherit = "aftersales.training.plan"

    warning = fields.Char(compute="_compute_warning")

    @api.depends(
        "missing_count", "period_end", "liaison_id", "commissioning_start", "event_ids"
    )
    def _compute_warning(self):
        """What the organiser should do next, in one line."""
        for plan in self:
            texts = []
            if plan.state not in ("done", "cancelled"):
                if plan.period_end and plan._is_short_soon():
                    texts.append(plan._get_shortfall_text(plan.env))
                if plan.commissioning_start and not plan.liaison_id:
                    texts.append(plan.env._("Name the customer's liaison."))
            plan.warning = " ".join(texts)

    def _is_short_soon(self):
        notice = timedelta(days=self.company_id.aftersales_training_notice_days)
        return self.period_end - notice <= fields.Datetime.now()

    def _get_shortfall_text(self, env):
        day = self.company_id._aftersales_to_local(self.period_end).date()
        return env._(
            "%(missing)s of %(promised)s people are still to train by %(day)s.",
            missing=self.missing_count,
            promised=self.headcount,
            day=day,
        )

    @api.model
    def _cron_raise_shortfalls(self):
        """Raise each shortfall once, so many days before the period ends (R-T01)."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].search([("active", "=", True)]):
            notice = timedelta(days=company.aftersales_training_notice_days)
            plans = self.search(
                [
                    ("company_id", "=", company.id),
                    ("shortfall_raised_at", "=", False),
                    ("period_end", "<=", now + notice),
                    ("missing_count", ">", 0),
                    ("is_cancelled", "=", False),
                ],
                limit=500,
            )
            plans._raise_shortfall()

    def _raise_shortfall(self):
        """Tell the organiser and the supervisor how many people are missing."""
        self.write({"shortfall_raised_at": fields.Datetime.now()})
        for plan in self:
            users = plan.user_id | plan._sla_recipients("supervisor")
            users._aftersales_assign(
                plan,
                lambda p, env: p._get_shortfall_text(env),
                lambda p, env: p._get_shortfall_names(env),
            )

    def _get_shortfall_names(self, env):
        people = self._get_people().filtered(lambda p: p.is_booked and not p.is_trained)
        names = ", ".join(people.mapped("name"))
        free = self.headcount - self.booked_count
        return env._(
            "Registered, but not trained: %(names)s. Not named yet: %(free)s people.",
            names=names or "–",
            free=free,
        )
