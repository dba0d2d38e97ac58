from odoo import models
from odoo.exceptions import UserError


class AftersalesRequest(models.Model):
    """What a complaint needs before it ends: its cause, and measures (R-C04)."""

    _inherit = "aftersales.request"

    def _check_closing(self, vals):
        """Complaints end with their cause in the tree and their measures agreed.

        The corrective ones are done; the preventive ones and the look at their effect
        go on as promises of their own.
        """
        result = super()._check_closing(vals)
        if self.type == "suggestion":
            self._check_answers()
        if self.type == "complaint":
            if not (vals.get("cause_id") or self.cause_id):
                label = self._fields["cause_id"]._description_string(self.env)
                raise UserError(self.env._("Missing: %s", label))
            self._check_measures()
        return result

    def _check_measures(self):
        measures = self.measure_ids.filtered(lambda m: m.state != "cancelled")
        todo = measures.filtered(lambda m: (m.kind, m.state) == ("corrective", "open"))
        if todo:
            raise UserError(
                self.env._("Still to do: %s", ", ".join(todo.mapped("name")))
            )
        kinds = measures._fields["kind"]._description_selection(self.env)
        there = set(measures.mapped("kind"))
        missing = [label for kind, label in kinds if kind not in there]
        if missing and self.company_id.aftersales_measures_required:
            raise UserError(
                self.env._(
                    "%(request)s needs measures: %(kinds)s",
                    request=self.name,
                    kinds=", ".join(missing),
                )
            )

    def _check_answers(self):
        """What was forwarded is answered first (R-C06)."""
        waiting = self.suggestion_ids.filtered(lambda s: s.state == "open")
        if waiting:
            raise UserError(self.env._("Still to answer: %s", waiting[0].display_name))
