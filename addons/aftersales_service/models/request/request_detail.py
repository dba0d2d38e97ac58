from odoo import fields, models


class AftersalesRequestDetail(models.AbstractModel):
    """Rows of a request, which stay with it when it is closed (R-C08)."""

    _name = "aftersales.request.detail"
    _description = "Detail of a Request"

    request_id = fields.Many2one(
        "aftersales.request", required=True, index=True, ondelete="cascade", parent=True
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
