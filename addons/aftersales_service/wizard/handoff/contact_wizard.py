from odoo import fields, models


class AftersalesContactWizard(models.TransientModel):
    """Two clicks for the guide: when the customer wants the delivery."""

    _name = "aftersales.contact.wizard"
    _description = "Record the Call to the Customer"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    agreed_start = fields.Datetime(required=True)
    agreed_stop = fields.Datetime(required=True)
    note = fields.Text()

    def action_save(self):
        """Record the contact and close."""
        self.ensure_one()
        self.order_id.action_record_contact(
            self.agreed_start, self.agreed_stop, self.note
        )
        return {"type": "ir.actions.act_window_close"}
