from odoo import api, fields, models

from .visit_acts import CALL_POINTS


class AftersalesVisitCall(models.Model):
    """The call before a visit: five points confirmed with the customer (R-D02)."""

    _name = "aftersales.visit.call"
    _description = "Call before a Visit"
    _order = "called_at desc, id desc"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True
    )
    called_at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", required=True)
    address_ok = fields.Boolean(string="Address")
    phone_ok = fields.Boolean(string="Phone")
    name_ok = fields.Boolean(string="Name")
    time_ok = fields.Boolean(string="Time")
    product_ok = fields.Boolean(string="Product")
    note = fields.Char()
    is_outdated = fields.Boolean(
        string="Outdated",
        readonly=True,
        copy=False,
        help="Address or telephone changed since: the customer is called again.",
    )
    is_ok = fields.Boolean(compute="_compute_is_ok")

    @api.depends("is_outdated", *CALL_POINTS)
    def _compute_is_ok(self):
        for call in self:
            points = all(call[point] for point in CALL_POINTS)
            call.is_ok = points and not call.is_outdated
