from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act


class AftersalesSlaClock(models.Model):
    """A promise that was kept, though the record says otherwise: who says so, and why.

    The messages of the breach stay; a liability that was only drafted is withdrawn
    with the reason (R-E05), a confirmed one is waived by a manager.
    """

    _inherit = "aftersales.sla.clock"

    corrected_by_id = fields.Many2one("res.users", readonly=True)
    corrected_at = fields.Datetime(readonly=True)
    correction_reason = fields.Char(readonly=True)

    @act("correct", role="supervisor", access="read")
    def action_correct(self, reason=None, ref=None):
        """Count promises as kept whose act was in time but entered late (R-S15).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: list of dicts, see ``get_sla_status``
        :raise AccessError: not a supervisor
        :raise UserError: the act itself was late, or is still missing
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        late = self.filtered(lambda clock: not clock._is_kept_in_truth())
        if late:
            raise UserError(
                self.env._("%s was not kept: nothing to correct.", late[0].code)
            )
        self.sudo()._correct(reason)  # the ledger is readonly to everybody
        return [clock._get_status() for clock in self]

    def _is_kept_in_truth(self):
        """Recorded as broken, though the act was in time."""
        return (
            self.recorded_state == "breached"
            and bool(self.stopped_at)
            and self.stopped_at <= self.deadline
        )

    def _correct(self, reason):
        for clock in self:
            clock.write(
                {
                    "recorded_state": "met",
                    "breached_at": False,
                    "corrected_by_id": self.env.uid,
                    "corrected_at": fields.Datetime.now(),
                    "correction_reason": reason,
                }
            )
            record = clock._get_record()
            record._sla_corrected(clock, reason)
            record._message_log(
                body=self.env._(
                    "%(promise)s counts as kept: %(reason)s",
                    promise=clock.target_id.name or clock.code,
                    reason=reason,
                )
            )
        self._close_warnings()
