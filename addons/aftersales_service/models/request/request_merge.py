from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import find_records, require_text
from ..act.declaration import act
from .request_acts import OPEN
from .request_sla import EVENTS


class AftersalesRequest(models.Model):
    """One fault that was reported twice is one request (R-N09)."""

    _inherit = "aftersales.request"

    merged_into_id = fields.Many2one(
        "aftersales.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    merged_ids = fields.One2many("aftersales.request", "merged_into_id", readonly=True)
    merged_count = fields.Integer(compute="_compute_merged_count")

    @api.depends("merged_ids")
    def _compute_merged_count(self):
        for request in self:
            request.merged_count = len(request.merged_ids)

    @act("merge", states=OPEN, role="user")
    def action_merge(self, request_ids, reason, ref=None):
        """Go on with this request alone: others report the same.

        The others are cancelled with the reason and point here; their history stays
        with them. Visits to come go over, what was done first counts, and so does the
        earliest report.

        :param request_ids: list of ids of the other requests
        :param reason: why they are the same; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, merged_ids)
        :raise UserError: closed or cancelled, of another company, or goods move on it
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        others = find_records(self.browse(), request_ids, self.env._("request"))
        others.check_access("write")
        others.sudo()._act_check_states(OPEN)
        self._ensure_mergeable(others)
        kept, merged = self.sudo(), others.sudo()  # state and times are readonly
        kept._take_over(merged)
        text = self.env._(
            "Merged into %(request)s: %(reason)s", request=self.name, reason=reason
        )
        others.action_cancel(reason=text)
        merged.merged_into_id = kept
        clocks = self.env["aftersales.sla.clock"].sudo()._get_current(kept)
        clocks.filtered(
            lambda c: c.start_event == "reported" and c.started_at > kept.reported_at
        )._cancel(text)
        kept._reevaluate(text)
        kept._message_log(
            body=self.env._(
                "Merged: %(requests)s, %(reason)s",
                requests=", ".join(merged.mapped("name")),
                reason=reason,
            )
        )
        return {"merged_ids": merged.ids}

    def _ensure_mergeable(self, others):
        """:raise UserError: names the request that can't be merged, and why"""
        if self in others:
            raise UserError(self.env._("%s can't be merged into itself.", self.name))
        foreign = others.filtered(lambda r: r.company_id != self.company_id)
        if foreign:
            raise UserError(
                self.env._("%s belongs to another company.", foreign[0].name)
            )
        busy = others.sudo().filtered(lambda r: r._get_goods_under_way())
        if busy:
            raise UserError(
                self.env._(
                    "Goods move on %s: keep that one and merge the others into it.",
                    busy[0].name,
                )
            )

    def _get_goods_under_way(self):
        """Names of what moves in stock for this request; rooms add theirs."""
        return self.repair_ids.filtered(
            lambda r: r.state not in ("done", "cancel")
        ).mapped("name")

    def _take_over(self, merged):
        """What happened on any of them happened on this one."""
        both = self | merged
        states = [state for state, _label in self._fields["state"].selection]
        vals = {
            "state": max(both.mapped("state"), key=states.index),
            "employee_ids": [fields.Command.link(i) for i in merged.employee_ids.ids],
            "user_id": (self.user_id or merged.user_id)[:1].id,
        }
        for event in EVENTS:
            times = [at for at in both.mapped(f"{event}_at") if at]
            vals[f"{event}_at"] = min(times, default=False)
        for name in (
            "partner_id",
            "lot_id",
            "product_id",
            "order_id",
            "phone",
            "address",
        ):
            if not self[name] and any(merged.mapped(name)):
                vals[name] = merged.filtered(name)[0][name]
        self.write(
            {k: v.id if isinstance(v, models.BaseModel) else v for k, v in vals.items()}
        )
        going = merged.visit_ids.filtered(
            lambda v: v.state not in ("done", "failed", "cancelled")
        )
        going.write({"request_id": self.id})
        self.message_subscribe(partner_ids=merged.message_partner_ids.ids)

    def action_view_merged(self):
        """Open what was merged into this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.request_action"
        )
        return action | {"domain": [("merged_into_id", "=", self.id)], "context": {}}
