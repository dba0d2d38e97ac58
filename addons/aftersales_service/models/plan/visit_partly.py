from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import check_keys, find_records, require_text
from ..act.declaration import act
from ..visit.visit_acts import COMPLETION


class AftersalesVisit(models.Model):
    """A planned visit that reached some of the units only."""

    _inherit = "aftersales.visit"

    @act("complete_partly", states=("draft", "confirmed", "on_site"))
    def action_complete_partly(self, done_lot_ids, reason, vals=None, ref=None):
        """Complete a visit for some of its units; the others get another visit.

        The promise stays open until the rest is done: the visit that follows has the
        same number in the plan and the same deadline.

        :param done_lot_ids: ids of the units that were done
        :param reason: why the others were not; required
        :param vals: as in ``action_complete``
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, next_visit_id)
        :raise UserError: a unit isn't part of the visit, or nothing is left over
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        visit = self.sudo()
        vals = check_keys(self.env, vals, COMPLETION)
        label = self.env._("Units")
        done = find_records(self.env["stock.lot"].sudo(), done_lot_ids, label)
        if done - visit.lot_ids or not visit.lot_ids - done:
            raise UserError(
                self.env._("Name the units of %s that were done.", visit.name)
            )
        rest = visit.lot_ids - done
        visit.lot_ids = done
        text = self.env._(
            "Partly done, open: %(units)s (%(reason)s)",
            units=", ".join(rest.mapped("name")),
            reason=reason,
        )
        visit._sla_cancel_code("due", text)
        visit.with_user(self.env.user).action_complete(vals)
        following = visit.copy(
            {"origin_visit_id": visit.id, "lot_ids": [fields.Command.set(rest.ids)]}
        )
        visit._message_log(body=text)
        visit._sla_recipients("supervisor")._aftersales_assign(
            following, lambda v, env: env._("Agree a time for the rest")
        )
        return {"next_visit_id": following.id}
