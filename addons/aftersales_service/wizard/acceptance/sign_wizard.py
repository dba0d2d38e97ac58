from odoo import fields, models


class AftersalesAcceptanceSignWizard(models.TransientModel):
    """The customer signs on our device."""

    _name = "aftersales.acceptance.sign.wizard"
    _description = "Sign the Acceptance"

    acceptance_id = fields.Many2one(
        "aftersales.acceptance", required=True, readonly=True
    )
    name = fields.Char(required=True)
    role = fields.Char()
    result = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("accepted_with_remarks", "Accepted with Remarks"),
            ("rejected", "Rejected"),
        ],
        default="accepted",
        required=True,
    )
    remarks = fields.Text()
    signature = fields.Binary(required=True)

    def action_save(self):
        """Sign and close."""
        self.ensure_one()
        self.acceptance_id.action_sign(
            name=self.name,
            role=self.role,
            signature_base64=self.signature,
            result=self.result,
            remarks=self.remarks,
        )
        return {"type": "ir.actions.act_window_close"}
