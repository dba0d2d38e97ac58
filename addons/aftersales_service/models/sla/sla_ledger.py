from odoo import fields, models


class AftersalesSlaClock(models.Model):
    """The printable ledger: promised, done, proved (R-Q03)."""

    _inherit = "aftersales.sla.clock"

    delta_seconds = fields.Integer(
        compute="_compute_delta_seconds",
        help="Seconds by which the act came after the deadline; negative: before.",
    )

    def _compute_delta_seconds(self):
        now = fields.Datetime.now()
        for clock in self:
            done = clock.stopped_at or (clock.state == "breached" and now)
            late = (done - clock.deadline).total_seconds() if done else 0
            clock.delta_seconds = int(late)

    def _get_delta_text(self):
        """``+1 d 02:03:04`` (late) or ``-00:01:30`` (early); empty while it runs."""
        if not self.delta_seconds or self.state == "cancelled":
            return ""
        minutes, seconds = divmod(abs(self.delta_seconds), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        text = f"{hours:02}:{minutes:02}:{seconds:02}"
        text = self.env._("%(days)s d %(time)s", days=days, time=text) if days else text
        return ("+" if self.delta_seconds > 0 else "-") + text

    def _get_evidence(self):
        """Lines that prove what happened: pauses, warnings, corrections, reasons."""
        self.ensure_one()
        lines = [self.res_name or ""]
        lines += [
            self.env._("Waited for the customer: %s", pause.reason)
            for pause in self.pause_ids
        ]
        if self.state == "breached" and self.escalation_ids:
            told = ", ".join(self.sudo().escalation_ids.user_ids.mapped("name"))
            lines.append(self.env._("Told: %s", told))
        if self.corrected_by_id:
            lines.append(
                self.env._(
                    "Corrected by %(who)s: %(why)s",
                    who=self.corrected_by_id.name,
                    why=self.correction_reason,
                )
            )
        if self.cancel_reason:
            lines.append(self.env._("Ended because: %s", self.cancel_reason))
        return lines

    def _get_ledger(self, documents):
        """Promises of contracts or customers, one after the other.

        :param documents: sale.order or res.partner records
        :return: promises the user may see, in the order in which they began
        """
        name = "order_id" if documents._name == "sale.order" else "partner_id"
        domain = [(name, "child_of" if name == "partner_id" else "in", documents.ids)]
        return self.search(domain, order="started_at, id")
