from odoo import fields, models


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    finding_ids = fields.One2many(
        "aftersales.finding", "request_id", string="Found On Visits"
    )
