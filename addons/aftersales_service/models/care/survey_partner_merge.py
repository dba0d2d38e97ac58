from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Answers of both customers stay; of open invitations one, if none answered.

        Odoo deletes what collides on a unique key with the customer, answers too.
        """
        invitations = self.env["aftersales.survey.invitation"].sudo()
        invitations = invitations.search([("partner_id", "in", partner_ids)])
        for group in invitations.grouped("survey_id").values():
            answered = group.filtered("answered_at")
            kept = group.filtered(lambda i: i.partner_id == dst_partner) or group
            (group - (answered or kept[:1])).unlink()
        return super()._merge(partner_ids, dst_partner, extra_checks)
