from odoo import fields, models


class AftersalesVisit(models.Model):
    """An appointment kept at the customer's place or on the phone (R-D01)."""

    _name = "aftersales.visit"
    _description = "After-sales Visit"
    _inherit = [
        "aftersales.sla.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "scheduled_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False, default="/")
    kind = fields.Selection(
        [
            ("delivery", "Delivery"),
            ("installation", "Installation"),
            ("commissioning", "Commissioning"),
            ("repair", "Repair"),
            ("inspection", "Inspection"),
            ("maintenance", "Maintenance"),
            ("revisit", "Revisit"),
            ("survey", "Site Survey"),
            ("handover", "Handover Meeting"),
        ],
        required=True,
        default="installation",
    )
    mode = fields.Selection(
        [("onsite", "On Site"), ("phone", "By Phone")], required=True, default="onsite"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", required=True)
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    picking_ids = fields.Many2many("stock.picking", check_company=True)
    lot_ids = fields.Many2many("stock.lot", string="Units", check_company=True)
    scheduled_start = fields.Datetime(copy=False)
    scheduled_stop = fields.Datetime(copy=False)
    state = fields.Selection(
        [
            ("draft", "To Plan"),
            ("confirmed", "Confirmed"),
            ("en_route", "On the Way"),
            ("on_site", "On Site"),
            ("done", "Done"),
            ("failed", "Could Not Complete"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
    )
