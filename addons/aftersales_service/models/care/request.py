from odoo import fields, models

from .feedback import CSAT


class AftersalesRequest(models.Model):
    """Repairs are rated by the customer; low scores come back as complaints."""

    _name = "aftersales.request"
    _inherit = ["aftersales.feedback.mixin", "aftersales.request"]

    reaction = fields.Selection(selection_add=CSAT)
    feedback_id = fields.Many2one(
        "aftersales.feedback",
        string="From Feedback",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="aftersales_service.group_aftersales_technician",
    )

    _feedback_uniq = models.UniqueIndex(
        "(feedback_id) WHERE feedback_id IS NOT NULL",
        "This feedback has its complaint already.",
    )

    def _get_rated_employee(self):
        return self.employee_ids[:1] or self.user_id.employee_id

    def _get_rated_unit(self):
        return self.lot_id

    def _get_rated_product(self):
        return self.product_id

    def _prepare_feedback_vals(self):
        return super()._prepare_feedback_vals() | {"team_id": self.sudo().team_id.id}

    def _on_restored(self, at):
        """Solved by phone: no visit asks for the rating, so the repair does (R-V11)."""
        result = super()._on_restored(at)
        self.filtered(lambda r: r.by_phone and r.partner_id)._send_feedback_request()
        return result
