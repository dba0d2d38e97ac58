from odoo import api, fields, models
from odoo.exceptions import UserError

from .request import CLOSED


class AftersalesRequestDetail(models.AbstractModel):
    """Rows of a request, which stay with it when it is closed (R-C08)."""

    _name = "aftersales.request.detail"
    _description = "Detail of a Request"

    request_id = fields.Many2one(
        "aftersales.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        """Closed requests stay as they are (R-C08)."""
        closed = self.request_id.filtered(lambda request: request.state in CLOSED)
        if closed:
            raise UserError(
                self.env._("%s is closed and can't be changed.", closed[0].name)
            )
