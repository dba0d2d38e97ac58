from odoo import fields, models


class AftersalesTrainingHandoverSignWizard(models.TransientModel):
    """A participant signs the minutes on our device (R-T05)."""

    _name = "aftersales.training.handover.sign.wizard"
    _description = "Sign the Handover Minutes"

    handover_id = fields.Many2one(
        "aftersales.training.handover", required=True, readonly=True
    )
    side = fields.Selection(
        [("customer", "Customer"), ("dealer", "Dealer"), ("other", "Third Party")],
        default="customer",
        required=True,
        help="The customer signs last: then the minutes can't be changed any more.",
    )
    name = fields.Char(string="Full Name", required=True)
    role = fields.Char(string="Position")
    signature = fields.Binary(required=True)

    def action_save(self):
        """Sign and close."""
        self.ensure_one()
        self.handover_id.action_sign(
            self.name, self.role, self.signature, side=self.side
        )
        return {"type": "ir.actions.act_window_close"}
