from odoo import fields, models


class AftersalesAcceptanceCriterion(models.Model):
    """What this product must fulfil besides, met or not (R-A01)."""

    _name = "aftersales.acceptance.criterion"
    _description = "Criterion of the Acceptance"
    _inherit = ["aftersales.acceptance.part"]
    _order = "id"

    acceptance_id = fields.Many2one(
        related="line_id.acceptance_id",
        store=True,
        required=False,
        precompute=True,
        portal=True,
    )
    line_id = fields.Many2one(
        "aftersales.acceptance.line",
        required=True,
        ondelete="cascade",
        index=True,
        parent=True,
        portal=True,
    )
    name = fields.Char(required=True, portal=True)
    passed = fields.Boolean(portal=True)
