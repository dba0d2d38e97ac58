from odoo import fields, models


class AftersalesPartlyWizard(models.TransientModel):
    """Asks which units a visit reached, and why not the others."""

    _name = "aftersales.partly.wizard"
    _description = "Complete for Some Units"

    visit_id = fields.Many2one("aftersales.visit", required=True, readonly=True)
    visit_lot_ids = fields.Many2many(related="visit_id.lot_ids", string="Units")
    done_lot_ids = fields.Many2many(
        "stock.lot",
        string="Units Done",
        required=True,
        domain="[('id', 'in', visit_lot_ids)]",
    )
    reason = fields.Char(string="Why Not the Others", required=True)
    outcome = fields.Char()
    report = fields.Text()

    def action_save(self):
        """Complete the visit for the units named and close."""
        self.ensure_one()
        names = ("outcome", "report")
        self.visit_id.action_complete_partly(
            self.done_lot_ids.ids,
            self.reason,
            {name: self[name] for name in names if self[name]},
        )
        return {"type": "ir.actions.act_window_close"}
