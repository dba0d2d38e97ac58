from odoo import api, fields, models


class AftersalesAcceptanceSignWizard(models.TransientModel):
    """The customer signs on our device."""

    _name = "aftersales.acceptance.sign.wizard"
    _description = "Sign the Acceptance"

    acceptance_id = fields.Many2one(
        "aftersales.acceptance", required=True, readonly=True
    )
    further = fields.Boolean(
        string="Somebody besides the Customer",
        help="User department, supervision, dealer: signs before the customer does.",
    )
    # what the signer sees on this screen is what is signed
    document_digest = fields.Char(
        compute="_compute_document_digest", store=True, readonly=False, precompute=True
    )
    name = fields.Char(required=True)
    role = fields.Char(required=True)
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

    @api.depends("acceptance_id")
    def _compute_document_digest(self):
        for wizard in self:
            wizard.document_digest = wizard.acceptance_id.document_digest

    def action_save(self):
        """Sign and close."""
        self.ensure_one()
        who = {
            "name": self.name,
            "role": self.role,
            "signature_base64": self.signature,
        }
        if self.further:
            self.acceptance_id.action_add_signature(**who)
        else:
            self.acceptance_id.action_sign(
                **who,
                result=self.result,
                remarks=self.remarks,
                document_digest=self.document_digest,
            )
        return {"type": "ir.actions.act_window_close"}
