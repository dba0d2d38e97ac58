from odoo import fields, models


class AftersalesTrainingScanWizard(models.TransientModel):
    """Codes are scanned at the door, one after the other (R-T07)."""

    _name = "aftersales.training.scan.wizard"
    _description = "Scan the People Who Arrive"

    event_id = fields.Many2one("event.event", required=True, readonly=True)
    code = fields.Char(help="Barcode or QR code of the person.")
    message = fields.Char(readonly=True)

    def action_scan(self):
        """Mark the person present and wait for the next code."""
        self.ensure_one()
        result = self.event_id.action_check_in(self.code)
        if result["already"]:
            message = self.env._("%s was marked already.", result["name"])
        else:
            message = self.env._("%s is present.", result["name"])
        self.write({"code": False, "message": message})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
