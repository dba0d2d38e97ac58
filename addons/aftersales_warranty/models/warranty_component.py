from odoo import api, fields, models

from .warranty_card import last_day


class AftersalesWarrantyComponent(models.Model):
    """A key component of a unit and its own term (R-W01, R-W03)."""

    _name = "aftersales.warranty.component"
    _description = "Component under Warranty"
    _order = "card_id, id"

    card_id = fields.Many2one(
        "aftersales.warranty.card", required=True, ondelete="restrict", index=True
    )
    product_id = fields.Many2one("product.product", required=True)
    lot_id = fields.Many2one("stock.lot", string="Serial Number")
    lot_name = fields.Char(string="Number on the Part")
    months = fields.Integer(required=True)
    start_date = fields.Date()
    end_date = fields.Date(compute="_compute_end_date", store=True)
    closed_on = fields.Date(string="Replaced On")
    replaced_by_id = fields.Many2one("aftersales.warranty.component")

    @api.depends("start_date", "months", "closed_on")
    def _compute_end_date(self):
        for part in self:
            term = part.start_date and last_day(part.start_date, part.months)
            part.end_date = min(filter(None, (term, part.closed_on)), default=False)


class AftersalesWarrantyExtension(models.Model):
    """Time added to a warranty, and why (R-W05)."""

    _name = "aftersales.warranty.extension"
    _description = "Warranty Extension"
    _order = "date, id"

    card_id = fields.Many2one(
        "aftersales.warranty.card", required=True, ondelete="restrict", index=True
    )
    months = fields.Integer(required=True)
    reason = fields.Char(required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)

    _months_positive = models.Constraint(
        "CHECK (months > 0)", "An extension lasts at least one month."
    )
