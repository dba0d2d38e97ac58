from datetime import timedelta

from odoo import api, fields, models


class AftersalesTrainingChoiceWizard(models.TransientModel):
    """What the customer decided on the phone (R-T04)."""

    _name = "aftersales.training.choice.wizard"
    _description = "Record the Customer's Decision"

    event_id = fields.Many2one("event.event", required=True, readonly=True)
    start = fields.Datetime(
        string="From",
        compute="_compute_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    stop = fields.Datetime(
        string="Until",
        compute="_compute_stop",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    place = fields.Char(
        compute="_compute_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    chosen_by = fields.Char(
        string="Decided By",
        compute="_compute_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    @api.depends("event_id")
    def _compute_start(self):
        for wizard in self:
            event = wizard.event_id
            plan = event.aftersales_plan_id
            address = plan.order_id.sudo().partner_shipping_id  # orders are sales'
            wizard.start = event.date_begin
            wizard.place = event.aftersales_place or address._display_address(
                without_company=True
            ).replace("\n", " ")
            wizard.chosen_by = plan._get_contact().name

    @api.depends("start")
    def _compute_stop(self):
        for wizard in self:
            event = wizard.event_id
            length = event and event.date_end - event.date_begin or timedelta(hours=3)
            wizard.stop = wizard.start and wizard.start + length

    def action_save(self):
        """Record the choice and close."""
        self.ensure_one()
        self.event_id.aftersales_plan_id.action_record_customer_choice(
            self.event_id.id, self.start, self.stop, self.place, self.chosen_by
        )
        return {"type": "ir.actions.act_window_close"}
