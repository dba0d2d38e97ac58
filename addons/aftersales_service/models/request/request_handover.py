from odoo import fields, models
from odoo.exceptions import AccessError

UNFINISHED = ("draft", "confirmed", "en_route", "on_site")  # of visits


class AftersalesRequest(models.Model):
    """A request given to other engineers goes over whole (R-K04)."""

    _inherit = "aftersales.request"

    def _check_may_reassign(self, user):
        """Whoever is on the way is replaced by a supervisor only (R-K04)."""
        if self.dispatched_at and not user._is_aftersales("supervisor"):
            raise AccessError(
                self.env._(
                    "%s: engineers are on their way. Only a supervisor sends others.",
                    self.name,
                )
            )

    def _reassign_visits(self, before, employees):
        """Crew and booking of the repair visit follow, its tasks, too."""
        visits = self.visit_ids.filtered(
            lambda v: v.kind == "repair" and v.state in UNFINISHED
        )
        for visit in visits:
            crew = visit.assignment_ids.employee_id
            visit._check_team(employees)
            visit._set_team(employees)
            visit._hand_over(crew)
        self._hand_over(before, employees)

    def _hand_over(self, before, after):
        """The request's own tasks and responsible person follow its engineers."""
        gone = (before - after).user_id
        if not gone:
            return
        vals = {"employee_ids": [fields.Command.set(after.ids)]}
        if self.user_id in gone:
            vals["user_id"] = after.user_id[:1].id
        self.write(vals)
        self.activity_ids.filtered(lambda t: t.automated and t.user_id in gone).unlink()
