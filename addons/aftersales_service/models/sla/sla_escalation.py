from collections import defaultdict

from odoo import api, fields, models

LISTED = 50  # promises named in one message; the rest are counted


class AftersalesSlaEscalation(models.Model):
    """Who was told what of a promise and when: each level once (R-S15).

    Rows are written with the breach or warning itself; people are told afterwards,
    all that concerns one person in one message.
    """

    _name = "aftersales.sla.escalation"
    _inherit = ["aftersales.sla.proof"]
    _description = "Escalation of a Promise"
    _order = "done_at, id"

    clock_id = fields.Many2one(
        "aftersales.sla.clock", required=True, ondelete="restrict", index=True
    )
    level = fields.Integer(
        required=True, help="Percentage of the limit; 100 is the breach."
    )
    due_at = fields.Datetime(required=True)
    done_at = fields.Datetime(string="Recorded On", required=True)
    told_at = fields.Datetime(string="Told On")
    user_ids = fields.Many2many("res.users", string="Told")

    _level_uniq = models.Constraint(
        "UNIQUE (clock_id, level)", "A promise is escalated once at each level."
    )
    _untold_idx = models.Index("(id) WHERE told_at IS NULL")

    @api.model
    def _tell_due(self, limit):
        """Tell people of at most so many escalations that they don't know yet.

        :return: their number
        """
        untold = self._lock_untold(limit)
        untold._notify_users()
        return len(untold)

    @api.model
    def _lock_untold(self, limit=None):
        """Escalations that nobody was told of yet and no other worker holds."""
        untold = self.sudo().search([("told_at", "=", False)], order="id", limit=limit)
        return untold.try_lock_for_update()

    def _notify_users(self):
        """One message for each person, listing all that concerns them.

        Whoever can't be told has the task of each promise, and keeps nobody waiting.
        """
        per_user = defaultdict(self.browse)
        for escalation in self:
            for user in escalation.user_ids:
                per_user[user] += escalation
        for user, escalations in per_user.items():
            escalations.with_context(lang=user.lang)._notify_user(user)
        self.told_at = fields.Datetime.now()

    def _notify_user(self, user):
        lines = [e.clock_id._get_summary(e.level) for e in self[:LISTED]]
        if len(self) > LISTED:
            lines.append(self.env._("and %s more promises", len(self) - LISTED))
        user._aftersales_try_notify(self.env._("After-sales promises need you"), lines)
