from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act
from .request import CLOSED


class AftersalesRequest(models.Model):
    """What a customer says after the end is a new request with the old history."""

    _inherit = "aftersales.request"

    origin_request_id = fields.Many2one(
        "aftersales.request",
        string="Follows",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    @act("follow_up", access="read")
    def action_follow_up(self, problem, ref=None):
        """Register what the customer says after the end: same customer, same unit.

        :param problem: what is wrong now; required
        :param ref: the caller's own reference of this act, for a retry
        :return: id of the new request; of the one that is open already, where what is
            followed was merged into it
        :raise UserError: the request is still open
        """
        self.ensure_one()
        problem = require_text(self.env, problem, self.env._("Problem"))
        self.check_access("create")
        request = self.sudo()  # what was ours stays ours, whoever registers it
        if request.state not in (*CLOSED, "restored", "reported"):
            raise UserError(self.env._("%s is still open: add it there.", request.name))
        follow = self.sudo().create(request._prepare_follow_up_vals(problem))
        request._message_log(body=self.env._("Followed by %s", follow.name))
        return follow.id

    def _prepare_follow_up_vals(self, problem):
        same = (
            "type",
            "channel",
            "contact_name",
            "phone",
            "address",
            "email_from",
            "severity",
            "emergency",
        )
        records = (
            "partner_id",
            "product_id",
            "lot_id",
            "order_id",
            "team_id",
            "company_id",
        )
        return {
            "problem": problem,
            "origin_request_id": self.id,
            **{name: self[name] for name in same},
            **{name: self[name].id for name in records},
        }
