from odoo import fields, models

METHODS = {
    "correct": ("aftersales.sla.clock", "action_correct"),
    "waive": ("aftersales.liability", "action_waive"),
}


class AftersalesReasonWizard(models.TransientModel):
    """Asks for the reason that an exception needs, then makes it."""

    _name = "aftersales.reason.wizard"
    _description = "Reason of an Exception"

    act = fields.Selection(
        [("correct", "Count as Kept"), ("waive", "Waive")], required=True, readonly=True
    )
    record_id = fields.Integer(required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_save(self):
        """Perform the act through its public method and close."""
        self.ensure_one()
        model, method = METHODS[self.act]
        getattr(self.env[model].browse(self.record_id), method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
