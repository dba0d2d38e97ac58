from odoo import fields, models


class AftersalesRequest(models.Model):
    """The register: every call, letter, visit and e-mail about a product (R-S01)."""

    _name = "aftersales.request"
    _description = "After-sales Request"
    _inherit = [
        "aftersales.sla.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "reported_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False, default="/")
    type = fields.Selection(
        [
            ("inquiry", "Inquiry"),
            ("suggestion", "Suggestion"),
            ("fault", "Fault"),
            ("complaint", "Complaint"),
            ("return", "Return"),
            ("exchange", "Exchange"),
            ("supply", "Parts Supply"),
        ],
        required=True,
        default="fault",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner")
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    product_id = fields.Many2one("product.product")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null", check_company=True)
    user_id = fields.Many2one("res.users")
    visit_ids = fields.One2many("aftersales.visit", "request_id")
    reported_at = fields.Datetime(required=True, default=fields.Datetime.now)
    coverage = fields.Selection(
        [
            ("unknown", "Unknown"),
            ("in_warranty", "In Warranty"),
            ("replace", "Replace Free"),
            ("chargeable", "Chargeable"),
            ("at_our_cost", "At Our Cost"),
        ],
        default="unknown",
        required=True,
    )
    coverage_reason = fields.Char()

    def _get_coverage(self):
        """Whether these requests are covered; other addons decide (R-W08).

        :return: dict of request → (coverage, translated reason)
        """
        return {request: ("unknown", "") for request in self}
