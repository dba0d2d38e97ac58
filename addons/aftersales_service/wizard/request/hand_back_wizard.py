from odoo import fields, models


class AftersalesHandBackWizard(models.TransientModel):
    """The customer takes the repaired unit back and signs."""

    _name = "aftersales.hand.back.wizard"
    _description = "Hand a Unit Back"

    repair_id = fields.Many2one("repair.order", required=True, readonly=True)
    name = fields.Char(string="Handed To", required=True)
    signature = fields.Binary(required=True)

    def action_save(self):
        """Hand back and close."""
        self.ensure_one()
        self.repair_id.action_hand_back(self.name, self.signature)
        return {"type": "ir.actions.act_window_close"}
