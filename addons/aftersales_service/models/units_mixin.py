from odoo import api, fields, models

from ..readers import TEAM_AND_WAREHOUSE


class AftersalesUnitsMixin(models.AbstractModel):
    """A record about units: who may not read the units reads their numbers (R-E07)."""

    _name = "aftersales.units.mixin"
    _description = "Record about Units"

    lot_ids = fields.Many2many(
        "stock.lot", string="Units", check_company=True, groups=TEAM_AND_WAREHOUSE
    )
    lot_names = fields.Char(
        string="Serial Numbers",
        compute="_compute_lot_names",
        compute_sudo=True,
    )

    @api.depends("lot_ids.name")
    def _compute_lot_names(self):
        for record in self:
            record.lot_names = ", ".join(record.lot_ids.mapped("name"))
