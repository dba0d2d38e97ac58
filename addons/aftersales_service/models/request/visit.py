from odoo import fields, models


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    request_id = fields.Many2one(
        "aftersales.request",
        index="btree_not_null",
        check_company=True,
    )
