from odoo import fields, models


class AftersalesAcceptance(models.Model):
    """The customer's signed word that goods and installation are right (R-A01)."""

    _name = "aftersales.acceptance"
    _description = "Acceptance"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, check_company=True
    )
    visit_id = fields.Many2one("aftersales.visit", check_company=True)
    picking_ids = fields.Many2many("stock.picking", check_company=True)
    line_ids = fields.One2many("aftersales.acceptance.line", "acceptance_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("self_inspected", "Self-inspected"),
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("accepted_with_remarks", "Accepted with Remarks"),
            ("rejected", "Rejected"),
        ],
        default="draft",
        required=True,
        copy=False,
    )
    accepted_on = fields.Datetime(readonly=True, copy=False)

    def _on_accepted(self):
        """The customer accepted: what starts from now (R-A04).

        Called once for each acceptance, after it was signed; other addons start
        warranty, training and plans here.
        """
