from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    aftersales_order_id = fields.Many2one(
        "sale.order",
        string="Collected for",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The order that the team collected the money for (R-H11).",
    )
    aftersales_ref = fields.Char(readonly=True, copy=False)

    _aftersales_ref_uniq = models.UniqueIndex(
        "(aftersales_ref, company_id) WHERE aftersales_ref IS NOT NULL",
        "This payment is recorded already.",
    )
