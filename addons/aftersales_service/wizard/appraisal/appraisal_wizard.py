from odoo import fields, models


class AftersalesAppraisalWizard(models.TransientModel):
    """Asks for the month to count or export."""

    _name = "aftersales.appraisal.wizard"
    _description = "Month of an Appraisal"

    month = fields.Date(
        required=True,
        default=lambda self: self.env["aftersales.appraisal"]._get_default_month(),
        help="Any day of the month.",
    )

    def action_appraise(self):
        """Count the month and open it."""
        self.ensure_one()
        ids = self.env["aftersales.appraisal"].appraise(month=self.month)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.appraisal_action"
        )
        return action | {"domain": [("id", "in", ids)], "target": "main"}

    def action_export(self):
        """Download the month as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/aftersales/appraisal/xlsx?month={self.month:%Y-%m}",
            "target": "download",
        }
