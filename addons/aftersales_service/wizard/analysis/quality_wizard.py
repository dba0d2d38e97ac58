from odoo import fields, models


class AftersalesQualityWizard(models.TransientModel):
    """Asks for the month of a quality report or of a draw."""

    _name = "aftersales.quality.wizard"
    _description = "Month of a Quality Report"

    month = fields.Date(
        required=True,
        default=lambda self: self.env["aftersales.appraisal"]._get_default_month(),
        help="Any day of the month.",
    )

    def action_report(self):
        """Make the report and open it."""
        self.ensure_one()
        report_id = self.env["aftersales.quality.report"].make_report(month=self.month)
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.quality.report",
            "res_id": report_id,
            "views": [(False, "form")],
        }

    def action_draw(self):
        """Draw the audits of the month and open them."""
        self.ensure_one()
        ids = self.env["aftersales.audit"].draw_sample(month=self.month)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.audit_action"
        )
        return action | {"domain": [("id", "in", ids)], "context": {}}
