from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import require_text
from .agreement_acts import REPLACEMENT


class AftersalesAgreementReplacement(models.Model):
    """Somebody named is to be replaced: why, who asked, who decided (R-M03)."""

    _name = "aftersales.agreement.replacement"
    _description = "Replacement of a Named Person"
    _order = "id desc"

    agreement_id = fields.Many2one(
        "aftersales.agreement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    member_id = fields.Many2one(
        "aftersales.agreement.member", string="Who Goes", required=True
    )
    employee_id = fields.Many2one("hr.employee", string="Who Follows", required=True)
    reason = fields.Char(required=True)
    requested_by_id = fields.Many2one("res.users", string="Asked By", required=True)
    requested_at = fields.Datetime(string="Asked On", required=True)
    decided_by_id = fields.Many2one("res.users")
    decided_at = fields.Datetime(string="Decided On")
    decision_note = fields.Char(string="Decision")
    liability_id = fields.Many2one("aftersales.liability")
    state = fields.Selection(
        [("requested", "Asked For"), ("approved", "Approved"), ("refused", "Refused")],
        default="requested",
        required=True,
    )

    _open_uniq = models.UniqueIndex(
        "(member_id) WHERE state = 'requested'",
        "A replacement of this person is asked for already.",
    )

    def _decide(self, state, note):
        """Record a manager's decision.

        :raise AccessError: not a manager
        :raise UserError: decided already
        """
        if not self.env.user._is_aftersales("manager"):
            raise AccessError(self.env._("A manager decides on replacements."))
        self.check_access("read")
        if any(replacement.state != "requested" for replacement in self):
            raise UserError(self.env._("This is decided already."))
        replacements = self.sudo()  # rows are readonly to clients
        replacements.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "decision_note": note,
            }
        )
        replacements.agreement_id.activity_unlink(["mail.mail_activity_data_todo"])
        return replacements

    def action_approve(self, note=None):
        """Replace the named people; each one files a liability (R-M03).

        :param note: remark, optional
        :return: dict(id, state, liability_id)
        """
        for replacement in self._decide("approved", note):
            agreement, old = replacement.agreement_id, replacement.member_id
            today = agreement.company_id._aftersales_now_local().date()
            old.end_date = today
            old.flush_recordset()
            old.replaced_by_id = old.create(
                {
                    "agreement_id": agreement.id,
                    "role_id": old.role_id.id,
                    "employee_id": replacement.employee_id.id,
                    "start_date": today,
                }
            )
            cause = self.env._(
                "%(old)s replaced by %(new)s: %(reason)s",
                old=old.display_name,
                new=replacement.employee_id.name,
                reason=replacement.reason,
            )
            replacement.liability_id = agreement._file(
                REPLACEMENT, cause, old.employee_id.id
            )
        replacement = self[-1:]
        return self._get_facts() | {"liability_id": replacement.liability_id.id}

    def action_refuse(self, reason=None):
        """The named person stays.

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for replacement in self._decide("refused", reason):
            replacement.agreement_id._message_log(
                body=self.env._(
                    "%(person)s stays: %(reason)s",
                    person=replacement.member_id.display_name,
                    reason=reason,
                )
            )
        return self._get_facts()

    def _get_facts(self):
        replacement = self[-1:]
        return {"id": replacement.id, "state": replacement.state}
