from odoo import fields, models


class AftersalesComplaintWizard(models.TransientModel):
    """Any employee passes a complaint on in two fields (R-C01)."""

    _name = "aftersales.complaint.wizard"
    _description = "Pass a Complaint On"

    contact = fields.Char(
        string="Customer",
        required=True,
        help="Phone number, serial number or name.",
    )
    problem = fields.Text(string="Complaint", required=True)

    def action_save(self):
        """Register it and say so."""
        self.ensure_one()
        requests = self.env["aftersales.request"]
        request = requests.browse(requests.report_complaint(self.contact, self.problem))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Registered as %s.", request.sudo().name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
