from odoo import fields, models


class AftersalesOrderDocument(models.Model):
    """A drawing, plan, budget or contract of a project order (R-H12)."""

    _name = "aftersales.order.document"
    _description = "Project Document"
    _inherit = ["aftersales.portal.fields"]
    _order = "order_id, kind, id"

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        ondelete="cascade",
        index=True,
        fixed=True,
        portal=True,
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("drawing", "Drawing"),
            ("purchasing_plan", "Purchasing Plan"),
            ("budget", "Budget"),
            ("contract", "Contract"),
            ("other", "Other"),
        ],
        default="drawing",
        required=True,
        portal=True,
    )
    name = fields.Char(required=True, portal=True)
    file = fields.Binary(attachment=True, required=True, portal=True)
    filename = fields.Char(portal=True)
    shown_to_customer = fields.Boolean(
        editable="always",
        help="The customer can download it from the order in the portal.",
    )

    def _filter_locked(self):
        """What was handed off stays; whether the customer sees it may change."""
        return super()._filter_locked() | self.filtered("order_id.handed_off_at")

    def _get_lock_refusal(self):
        return self.env._("The order is handed off: its documents are kept.")
