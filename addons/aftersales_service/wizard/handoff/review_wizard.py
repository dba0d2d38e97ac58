from odoo import fields, models


class AftersalesReviewWizard(models.TransientModel):
    """The reviewer's verdict on a project contract (R-H12)."""

    _name = "aftersales.review.wizard"
    _description = "Contract Review"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    result = fields.Selection(
        [("approved", "Approved"), ("changes", "Changes Asked For")], required=True
    )
    note = fields.Text()

    def action_save(self):
        """Record the review and close."""
        self.ensure_one()
        self.order_id.action_review(self.result, self.note)
        return {"type": "ir.actions.act_window_close"}
