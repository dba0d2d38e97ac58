from odoo import fields, models


class AftersalesProgressWizard(models.TransientModel):
    """What the customer shall read about the goods (R-H10)."""

    _name = "aftersales.progress.wizard"
    _description = "Tell the Customer the Progress"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    text = fields.Char(string="Progress", required=True)

    def action_save(self):
        """Tell the customer and close."""
        self.ensure_one()
        self.order_id.action_report_progress(self.text)
        return {"type": "ir.actions.act_window_close"}
