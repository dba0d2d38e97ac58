from odoo import models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act
from ..request.request import CLOSED


class AftersalesRequest(models.Model):
    """The customer says whether a complaint is settled (R-C02)."""

    _inherit = "aftersales.request"

    def _is_confirmable(self):
        """Whether the customer's word is waited for: answered, not closed yet."""
        self.ensure_one()
        return (
            self.type == "complaint"
            and bool(self.replied_at)
            and self.state not in CLOSED
            and not self.customer_confirmed
        )

    @act(
        "ask_confirmation",
        states=("new", "assigned", "replied", "restored", "reported"),
    )
    def action_ask_confirmation(self, ref=None):
        """Ask the customers by e-mail, with a link to say so in one click.

        :return: dict(id, state)
        :raise UserError: not answered yet, confirmed already, or no e-mail address
        """
        template = self.env.ref("aftersales_service.mail_template_confirm")
        for request in self.sudo():
            request._check_confirmable()
            if not request.partner_id.email:
                raise UserError(
                    self.env._("%s has no e-mail address: call.", request.display_name)
                )
            request.message_post_with_source(template, subtype_xmlid="mail.mt_comment")

    def _check_confirmable(self):
        if not self._is_confirmable():
            raise UserError(
                self.env._(
                    "%s: answer the complaint first; confirmed and closed ones need no"
                    " confirmation.",
                    self.name,
                )
            )

    @act("customer_confirm")
    def action_customer_confirm(self, settled, note=None, ref=None):
        """The customer's word on a complaint; the person in charge is told (R-C02).

        :param settled: bool
        :param note: what the customer adds; required when it isn't settled
        :return: dict(id, state, customer_confirmed)
        """
        if not settled:
            note = require_text(self.env, note, self.env._("What is still to be done"))
        for request in self.sudo():  # by the portal's link, too
            request._check_confirmable()
            request.customer_confirmed = bool(settled)
            text = (
                self.env._("The customer confirms that it is settled. %s", note or "")
                if settled
                else self.env._("The customer says it isn't settled: %s", note)
            )
            request._message_log(body=text, author_id=request.partner_id.id or None)
            people = request.user_id or request._sla_recipients("supervisor")
            if settled:
                people._aftersales_notify(request.display_name, [text])
            else:
                people |= request._sla_recipients("supervisor")
                people._aftersales_assign(
                    request,
                    lambda r, env, note=note: env._("Not settled: %s", note[:80]),
                )
        return {"customer_confirmed": self[-1:].sudo().customer_confirmed}
