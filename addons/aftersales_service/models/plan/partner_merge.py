from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Plans go over to the customer that remains; two of a kind are told."""
        plans = self.env["aftersales.visit.plan"].sudo()
        plans = plans.search(
            [("partner_id", "in", partner_ids), ("state", "!=", "ended")]
        )
        before = {plan: plan.partner_id for plan in plans}
        names = {partner: partner.name for partner in plans.partner_id}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        plans.invalidate_recordset(["partner_id"])
        moved = plans.filtered(lambda plan: plan.partner_id != before[plan])
        for plan in moved:
            plan._message_log(
                body=self.env._(
                    "%(old)s was merged into %(new)s",
                    old=names[before[plan]],
                    new=plan.partner_id.name,
                )
            )
        moved._tell_duplicates()
        return result
