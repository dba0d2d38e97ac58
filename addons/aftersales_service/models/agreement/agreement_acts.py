from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import find_records, require_text

BREACH, DELAY, REPLACEMENT = "R-M01", "R-M02", "R-M03"


class AftersalesAgreement(models.Model):
    """What happens under an agreement, and what it costs (R-M01 to R-M03)."""

    _inherit = "aftersales.agreement"

    def _act(self, *states, role="supervisor"):
        """The agreements with the right to record an act on them.

        :raise AccessError: the user lacks the role
        :raise UserError: an agreement is in another state
        """
        if not self.env.user._is_aftersales(role):
            raise AccessError(self.env._("You may not decide on service agreements."))
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in states:
                raise UserError(
                    self.env._(
                        "%(agreement)s is “%(state)s”.",
                        agreement=agreement.name,
                        state=labels[agreement.state],
                    )
                )
        return self.sudo()  # states are readonly to clients

    def action_activate(self):
        """Put agreements in force; everybody whom the roles need is named (R-V05).

        :return: dict(id, state)
        :raise UserError: names the roles that lack people
        """
        agreements = self._act("draft")
        for agreement in agreements:
            if agreement.missing:
                raise UserError(
                    self.env._(
                        "%(agreement)s still has to name: %(roles)s",
                        agreement=agreement.name,
                        roles=agreement.missing,
                    )
                )
        agreements.write({"state": "active"})
        return self._get_facts()

    def action_end(self, reason=None):
        """End agreements.

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        self._act("draft", "active")._end(reason)
        return self._get_facts()

    def _end(self, reason):
        for agreement in self:
            today = agreement.company_id._aftersales_now_local().date()
            agreement.write({"state": "ended", "end_reason": reason, "ended_on": today})

    # ------------------------------------------------------------------
    # Liabilities
    # ------------------------------------------------------------------

    def action_file_breach(self, cause, employee_id=None):
        """Discipline on site was broken: a share of the contract price (R-M01).

        The share is data: the liability rule R-M01, 1 % of the order.

        :param cause: what happened; required
        :param employee_id: id of who is responsible, optional
        :return: dict(id, state, liability_id)
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        liability = self._act("active")._file(BREACH, cause, employee_id)
        return self._get_facts() | {"liability_id": liability.id}

    def action_file_delay(self, cause, amount, employee_id=None):
        """The works were delayed by us: what it costs (R-M02).

        :param cause: what happened; required
        :param amount: in the currency of the contract, more than 0
        :param employee_id: id of who is responsible, optional
        :return: dict(id, state, liability_id)
        :raise UserError: the amount is none
        """
        cause = require_text(self.env, cause, self.env._("Cause"))
        if type(amount) not in (int, float) or not 0 < amount < 1e12:
            raise UserError(self.env._("“%s” is not an amount.", amount))
        liability = self._act("active")._file(DELAY, cause, employee_id, amount=amount)
        return self._get_facts() | {"liability_id": liability.id}

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

    def action_request_replacement(self, member_id, employee_id, reason):
        """Ask to replace a named person; a manager decides (R-M03).

        :param member_id: id of the named person
        :param employee_id: id of the employee who is to follow
        :param reason: why; required
        :return: dict(id, state, replacement_id)
        :raise UserError: not named here, asked for already, or the same person
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        agreement = self._act("active", role="user")
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
        return self._get_facts() | {"replacement_id": replacement.id}

    def _get_facts(self):
        agreement = self[-1:]
        return {"id": agreement.id, "state": agreement.state}
