from odoo import fields, models

from ...tools import require_text
from ..act.declaration import act
from .agreement_acts import REPLACEMENT


class AftersalesAgreementReplacement(models.Model):
    """Somebody named is to be replaced: why, who asked, who decided (R-M03)."""

    _name = "aftersales.agreement.replacement"
    _description = "Replacement of a Named Person"
    _inherit = ["aftersales.act.mixin"]
    _order = "id desc"

    agreement_id = fields.Many2one(
        "aftersales.agreement",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    member_id = fields.Many2one(
        "aftersales.agreement.member",
        string="Who Goes",
        required=True,
        readonly=True,
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Who Follows", required=True, readonly=True
    )
    reason = fields.Char(required=True, readonly=True)
    requested_by_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True
    )
    requested_at = fields.Datetime(string="Asked On", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    decision_note = fields.Char(string="Decision", readonly=True)
    liability_id = fields.Many2one("aftersales.liability", readonly=True)
    state = fields.Selection(
        [("requested", "Asked For"), ("approved", "Approved"), ("refused", "Refused")],
        default="requested",
        required=True,
        readonly=True,
    )

    _open_uniq = models.UniqueIndex(
        "(member_id) WHERE state = 'requested'",
        "A replacement of this person is asked for already.",
    )

    def _decide(self, note):
        """Record who decides, on the rows as the system writes them."""
        replacements = self.sudo()  # rows are readonly to clients
        replacements.write({"decided_by_id": self.env.uid, "decision_note": note})
        replacements.agreement_id.activity_unlink(["mail.mail_activity_data_todo"])
        return replacements

    @act(
        "approve",
        states=("requested",),
        to="approved",
        stamp="decided_at",
        role="manager",
        access="read",
    )
    def action_approve(self, note=None, ref=None):
        """Replace the named people; each one files a liability (R-M03).

        :param note: remark, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, liability_id)
        """
        for replacement in self._decide(note):
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
        return {"liability_id": self[-1:].sudo().liability_id.id}

    @act(
        "refuse",
        states=("requested",),
        to="refused",
        stamp="decided_at",
        role="manager",
        access="read",
    )
    def action_refuse(self, reason=None, ref=None):
        """The named person stays.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for replacement in self._decide(reason):
            replacement.agreement_id._message_log(
                body=self.env._(
                    "%(person)s stays: %(reason)s",
                    person=replacement.member_id.display_name,
                    reason=reason,
                )
            )
