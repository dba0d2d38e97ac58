from odoo import models

EVENTS = (
    "reported",
    "assigned",
    "replied",
    "planned",
    "dispatched",
    "arrived",
    "restored",
    "report_sent",
)


class AftersalesRequest(models.Model):
    """What the promise ledger does with requests."""

    _inherit = "aftersales.request"

    def _sla_recipients(self, role):
        """The team's supervisor comes before the company's."""
        if role == "supervisor" and self.team_id.supervisor_id:
            return self.team_id.supervisor_id
        if role == "assignee":
            return self.user_id | self.employee_ids.user_id
        return super()._sla_recipients(role)

    def _prepare_sla_clock_vals(self):
        user = self.user_id or self.employee_ids.user_id[:1]
        employee = self.employee_ids[:1]
        return super()._prepare_sla_clock_vals() | {
            "user_id": user.id,
            "employee_id": employee.id,
        }

    def _reevaluate(self, reason, calmed=None):
        """Match the promises again after the request changed in kind.

        :param reason: text kept on the promises that end
        :param calmed: those of these requests that became less urgent
        """
        for request in self:
            before = request._get_open_promises()
            request._sla_reevaluate(reason, request._get_event_times())
            if request.by_phone:
                request._sla_cancel_waiting("arrived", self.env._("Solved by phone"))
            after = request._get_open_promises()
            given_up = [
                clock
                for code, clock in before.items()
                if code not in after or after[code].deadline > clock.deadline
            ]
            if given_up or request in (calmed or ()):
                clocks = self.env["aftersales.sla.clock"].sudo().union(*given_up)
                request._tell_given_up(clocks)

    def _get_calmed(self, vals):
        """The requests that become less urgent by values that are to be written."""
        emergencies = self.filtered("emergency")
        faults = self.filtered(lambda r: r.type == "fault")
        calmed = self.browse()
        if not vals.get("emergency", True):
            calmed |= emergencies
        if vals.get("type", "fault") != "fault":
            calmed |= faults
        return calmed

    def _get_open_promises(self):
        """What is still to be kept: code → clock (sudo)."""
        clocks = self.sudo().sla_clock_ids.sorted("id")
        return {
            clock.code: clock
            for clock in clocks
            if clock.recorded_state != "cancelled" and not clock.stopped_at
        }

    def _sla_give_up(self, reason):
        """End what is still to be kept; a supervisor learns of it."""
        clocks = self.env["aftersales.sla.clock"].sudo()
        clocks = clocks.union(*self._get_open_promises().values())
        self._sla_cancel(reason)
        given_up = clocks.filtered(lambda c: c.recorded_state == "cancelled")
        if given_up:
            self._tell_given_up(given_up)

    def _tell_given_up(self, clocks):
        """Nobody below a supervisor frees himself of promises unseen.

        :param clocks: promises (sudo) that ended, or got more time, by the user's act
        """
        self.ensure_one()
        if self.env.user._is_aftersales("supervisor"):
            return

        def text(_request, env):
            targets = clocks.with_env(env).target_id.sudo()
            return env._(
                "Reclassified or ended by %(who)s; promises given up: %(promises)s",
                who=self.env.user.name,
                promises=", ".join(targets.mapped("name")) or env._("none"),
            )

        self._sla_recipients("supervisor")._aftersales_assign(self, text)

    def _get_event_times(self):
        """What happened to the request: event → naive UTC time, False if it didn't."""
        times = {event: self[f"{event}_at"] for event in EVENTS}
        if self.by_phone:
            times["dispatched"] = self.restored_at
        return times

    def _sla_breached(self, clocks):
        """No answer or nobody there in time: all of it is at our cost (R-S10)."""
        costly = clocks.filtered(lambda c: c.consequence != "none")
        vals_list = [self._prepare_liability_vals(clock) for clock in costly]
        for vals, clock in zip(vals_list, costly, strict=True):
            if clock.consequence == "at_our_cost":
                self.browse(clock.res_id).write(
                    {"coverage": "at_our_cost", "coverage_reason": vals["cause"]}
                )
        self.env["aftersales.liability"].sudo().create(vals_list)

    def _sla_waived(self, clock):
        """The warranty decides again who pays, when no admission is left."""
        admitted = self.sudo().liability_ids.filtered(
            lambda x: x.clock_id.consequence == "at_our_cost" and x.state != "waived"
        )
        if self.coverage == "at_our_cost" and not admitted:
            self.write({"coverage": "unknown", "coverage_reason": False})
            self._set_coverage()

    def _sla_corrected(self, clock, reason):
        """What was drafted for it is withdrawn, with the reason it was kept (R-E05)."""
        result = super()._sla_corrected(clock, reason)
        drafts = self.sudo().liability_ids.filtered(
            lambda x: x.clock_id == clock and x.state == "draft"
        )
        drafts.write({"state": "waived", "waive_reason": reason})
        if drafts:
            self.sudo()._sla_waived(clock)
        return result

    def _prepare_liability_vals(self, clock):
        request = self.browse(clock.res_id)
        clock = clock._in_company_lang()
        return {
            "res_model": self._name,
            "res_id": request.id,
            "company_id": request.company_id.id,
            "order_id": request.order_id.id,
            "clause": clock.clause,
            "clock_id": clock.id,
            "cause": clock.env._(
                "Promise broken: %(promise)s (%(clause)s)",
                promise=clock.target_id.name or clock.code,
                clause=clock.clause or "",
            ),
        }
