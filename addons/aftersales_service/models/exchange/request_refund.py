from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act
from ..request.request_acts import UNDER_WAY

REFUND_FIELDS = ("refund_reason", "refund_decided_by_id", "refund_decided_at")


class AftersalesRequest(models.Model):
    """Exchange, don't refund: money goes back with a manager's word only (R-X03)."""

    _inherit = "aftersales.request"

    refund_state = fields.Selection(
        [
            ("none", "No Refund"),
            ("asked", "Refund Asked"),
            ("approved", "Refund Approved"),
            ("refused", "Refund Refused"),
        ],
        string="Refund",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    refund_reason = fields.Char(readonly=True, copy=False)
    refund_decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    refund_decided_at = fields.Datetime(
        string="Refund Decided On", readonly=True, copy=False
    )

    @act("ask_refund", states=UNDER_WAY)
    def action_ask_refund(self, reason=None, ref=None):
        """Lay a refund before the manager; exchanging is the rule (R-X03).

        :param reason: why an exchange won't do; required
        :return: dict(id, state, refund_state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for request in self.sudo():
            request._check_undecided()
            request.write({"refund_state": "asked", "refund_reason": reason})
            request._sla_recipients("manager")._aftersales_assign(
                request, lambda r, env, why=reason: env._("Approve a refund? %s", why)
            )
        return {"refund_state": self[-1:].sudo().refund_state}

    @act("approve_refund", states=UNDER_WAY, role="manager")
    def action_approve_refund(self, reason=None, ref=None):
        """Let the money go back; managers only (R-X03).

        What was to be delivered instead is cancelled, as far as it hasn't left.

        :param reason: why; required
        :return: dict(id, state, refund_state)
        """
        for request in self._decide_refund("approved", reason):
            request.exchange_ids._become_refund()
        return {"refund_state": self[-1:].sudo().refund_state}

    @act("refuse_refund", states=UNDER_WAY, role="manager")
    def action_refuse_refund(self, reason=None, ref=None):
        """Exchange it; managers only (R-X03).

        :param reason: why; required
        :return: dict(id, state, refund_state)
        """
        self._decide_refund("refused", reason)
        return {"refund_state": self[-1:].sudo().refund_state}

    def _decide_refund(self, decision, reason):
        reason = require_text(self.env, reason, self.env._("Reason"))
        requests = self.sudo()
        labels = dict(self._fields["refund_state"]._description_selection(self.env))
        for request in requests:
            request._check_undecided()
            request.write(
                {
                    "refund_state": decision,
                    "refund_reason": reason,
                    "refund_decided_by_id": self.env.uid,
                    "refund_decided_at": fields.Datetime.now(),
                }
            )
            people = request.user_id | request.order_id.user_id
            people._aftersales_notify(
                labels[decision], [f"{request.display_name}: {reason}"]
            )
            request._message_log(body=f"{labels[decision]}: {reason}")
        return requests

    def _check_undecided(self):
        if self.refund_state in ("approved", "refused"):
            raise UserError(self.env._("%s: the refund is decided already.", self.name))

    def _check_refund_approved(self):
        """Refuse money for returns that no manager approved.

        :raise UserError: names the request
        """
        waiting = self.filtered(lambda request: request.refund_state != "approved")
        if waiting:
            raise UserError(
                self.env._(
                    "%s: exchange, don't refund. A refund needs a manager's approval"
                    " with its reason.",
                    waiting[0].name,
                )
            )


class AftersalesExchange(models.Model):
    _inherit = "aftersales.exchange"

    def _become_refund(self):
        """Nothing is delivered instead; the order counts the goods as returned."""
        # another product instead stays one: only the difference is paid back
        rows = self.filtered(
            lambda r: r.state != "cancelled" and not (r.replaced_at or r.new_product_id)
        )
        rows.kind = "return"
        for row in rows:
            outs = row.move_ids.filtered(
                lambda m: (
                    m.location_id.usage != "customer"
                    and m.location_dest_id.usage != "internal"
                    and m.state not in ("done", "cancel")
                )
            )
            state, row.state = row.state, "done"  # open ones hold their transfers
            outs._action_cancel()
            row.state = "done" if row.returned_at else state
            row._get_back_moves().to_refund = True
        lines = rows.origin_move_id.sale_line_id
        self.env.add_to_compute(lines._fields["qty_delivered"], lines)
