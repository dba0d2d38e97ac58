from odoo import fields, models


class AftersalesLiability(models.Model):
    """What a broken promise or a breach of rules costs, and who answers (R-M05)."""

    _name = "aftersales.liability"
    _description = "Liability"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    res_model = fields.Char(string="Origin Model", required=True)
    res_id = fields.Many2oneReference(
        string="Origin ID", model_field="res_model", required=True
    )
    order_id = fields.Many2one("sale.order", index="btree_not_null")
    clause = fields.Char()
    cause = fields.Char(required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("waived", "Waived"),
            ("settled", "Settled"),
        ],
        default="draft",
        required=True,
        copy=False,
    )
