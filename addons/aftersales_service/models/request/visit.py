from odoo import api, fields, models


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    request_id = fields.Many2one(
        "aftersales.request",
        index="btree_not_null",
        check_company=True,
    )
    revisited_request_id = fields.Many2one(
        "aftersales.request",
        string="Asks About",
        index="btree_not_null",
        check_company=True,
        help="The repaired request that the customer is asked about (R-S14).",
    )

    def _is_settled(self):
        """Whoever was sent to repair is expected, with or without an agreed time."""
        repairs = self.kind == "repair" and self.request_id.dispatched_at
        return super()._is_settled() or bool(repairs)

    def _hand_over(self, before):
        """The request goes along with its repair visit."""
        result = super()._hand_over(before)
        request = self.request_id
        if request and self.kind == "repair":
            request._hand_over(before, self.assignment_ids.employee_id)
        return result

    @api.model
    def _prepare_revisit_vals(self, source, at=None):
        vals = super()._prepare_revisit_vals(source, at)
        request = source if source._name == "aftersales.request" else source.request_id
        return vals | {"revisited_request_id": request.id}

    def _on_completed(self):
        """What the customer says when asked goes to the request (R-S14)."""
        result = super()._on_completed()
        if self.kind == "revisit" and self.revisited_request_id:
            said = self.outcome or self.report
            self.revisited_request_id._on_reaction(self.rating, said)
        return result
