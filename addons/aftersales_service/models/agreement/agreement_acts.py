from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import find_records, require_text
from ..act.declaration import act

BREACH, DELAY, REPLACEMENT = "R-M01", "R-M02", "R-M03"


class AftersalesAgreement(models.Model):
    """What happens under an agreement, and what it costs (R-M01 to R-M03)."""

    _inherit = "aftersales.agreement"

    @act("activate", states=("draft",), to="active", role="supervisor")
    def action_activate(self, ref=None):
        """Put agreements in force; everybody whom the roles need is named (R-V05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        :raise UserError: names the roles that lack people
        """
        for agreement in self:
            if agreement.missing:
                raise UserError(
                    self.env._(
                        "%(agreement)s still has to name: %(roles)s",
                        agreement=agreement.name,
                        roles=agreement.missing,
                    )
                )

    @act("end", states=("draft", "active"), role="supervisor")
    def action_end(self, reason=None, ref=None):
        """End agreements.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.sudo()._end(reason)

    def _end(self, reason):
        for agreement in self:
            today = agreement.company_id._aftersales_now_local().date()
            agreement.write({"state": "ended", "end_reason": reason, "ended_on": today})

    # ------------------------------------------------------------------
    # Liabilities
    # ------------------------------------------------------------------

    @act("file_breach", states=("active",), role="supervisor")
    def action_file_breach(self, cause, employee_id=None, ref=None):
        """Discipline on site was broken: a share of the contract price (R-M01).

        The share is data: the liability rule R-M01, 1 % of the order.

        :param cause: what happened; required
        :param employee_id: id of who is responsible, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, liability_id)
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        liability = self.sudo()._file(BREACH, cause, employee_id)
        return {"liability_id": liability.id}

    @act("file_delay", states=("active",), role="supervisor")
    def action_file_delay(self, cause, amount, employee_id=None, ref=None):
        """The works were delayed by us: what it costs (R-M02).

        :param cause: what happened; required
        :param amount: in the currency of the contract, more than 0
        :param employee_id: id of who is responsible, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, liability_id)
        :raise UserError: the amount is none
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        if type(amount) not in (int, float) or not 0 < amount < 1e12:
            raise UserError(self.env._("“%s” is not an amount.", amount))
        liability = self.sudo()._file(DELAY, cause, employee_id, amount=amount)
        return {"liability_id": liability.id}

    def _file(self, clause, cause, employee_id=None, **vals):
        """A draft of the liability in the register (R-M05).

        :param clause: rule that was broken; its liability rule proposes the amount
        """
        self.ensure_one()
        employee = self.env["hr.employee"]
        if employee_id:
            employee = find_records(employee, [employee_id], self.env._("Employee"))
        liability = self.env["aftersales.liability"].create(
            {
                "company_id": self.company_id.id,
                "res_model": self._name,
                "res_id": self.id,
                "order_id": self.order_id.id,
                "clause": clause,
                "cause": cause,
                "responsible_employee_id": employee.id,
                "responsible_department_id": employee.department_id.id,
                **vals,
            }
        )
        self._message_log(body=f"{clause}: {cause} ({liability.name})")
        return liability

    # ------------------------------------------------------------------
    # Replacing a named person
    # ------------------------------------------------------------------

    @act("request_replacement", states=("active",), role="user")
    def action_request_replacement(self, member_id, employee_id, reason, ref=None):
        """Ask to replace a named person; a manager decides (R-M03).

        :param member_id: id of the named person
        :param employee_id: id of the employee who is to follow
        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, replacement_id)
        :raise UserError: not named here, asked for already, or the same person
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        agreement = self.sudo()
        member = agreement.member_ids.filtered(
            lambda m: m.id == member_id and not m.end_date
        )
        employee = self.env["hr.employee"].sudo()
        employee = find_records(employee, [employee_id], self.env._("Employee"))
        if not member or employee == member.employee_id:
            raise UserError(
                self.env._("%s: name who goes and who follows.", agreement.name)
            )
        replacement = self.env["aftersales.agreement.replacement"].sudo()
        replacement = replacement.create(
            {
                "agreement_id": agreement.id,
                "member_id": member.id,
                "employee_id": employee.id,
                "reason": reason,
                "requested_by_id": self.env.uid,
                "requested_at": fields.Datetime.now(),
            }
        )
        agreement._sla_recipients("manager")._aftersales_assign(
            agreement,
            lambda a, env: env._("Decide on a replacement"),
            lambda a, env: f"{member.employee_id.name} → {employee.name}: {reason}",
        )
        return {"replacement_id": replacement.id}
