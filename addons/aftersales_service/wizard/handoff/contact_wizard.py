from datetime import timedelta

from odoo import api, fields, models

WINDOW = timedelta(hours=2)


class AftersalesContactWizard(models.TransientModel):
    """Two clicks for the guide: when the customer wants the delivery."""

    _name = "aftersales.contact.wizard"
    _description = "Record the Call to the Customer"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    agreed_start = fields.Datetime(required=True)
    agreed_stop = fields.Datetime(
        compute="_compute_agreed_stop",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    note = fields.Text()

    @api.depends("agreed_start")
    def _compute_agreed_stop(self):
        """The usual window, until the guide says otherwise."""
        for wizard in self:
            start, stop = wizard.agreed_start, wizard.agreed_stop
            if start and (not stop or stop <= start):
                stop = start + WINDOW
            wizard.agreed_stop = stop

    def action_save(self):
        """Record the contact and close."""
        self.ensure_one()
        self.order_id.action_record_contact(
            self.agreed_start, self.agreed_stop, self.note
        )
        return {"type": "ir.actions.act_window_close"}
