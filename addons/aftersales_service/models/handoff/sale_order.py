from odoo import api, fields, models


class SaleOrder(models.Model):
    """A contract after the sale: where it is and who must act next (R-H01…R-H08)."""

    _name = "sale.order"
    _inherit = ["sale.order", "aftersales.sla.mixin"]

    aftersales_state = fields.Selection(
        [
            ("pending", "To Hand Off"),
            ("incomplete", "Incomplete"),
            ("handed_off", "Handed Off"),
            ("in_production", "In Production"),
            ("ready", "Goods Ready"),
            ("contacted", "Customer Contacted"),
            ("scheduled", "Scheduled"),
            ("delivered", "Delivered"),
            ("accepted", "Accepted"),
        ],
        string="After-sales Stage",
        compute="_compute_aftersales_state",
        store=True,
        copy=False,
    )
    confirmed_at = fields.Datetime(string="Confirmed On", readonly=True, copy=False)
    handed_off_at = fields.Datetime(string="Handed Off On", readonly=True, copy=False)
    factory_ordered_at = fields.Datetime(
        string="Ordered from Factory On", readonly=True, copy=False
    )
    goods_ready_at = fields.Datetime(string="Goods Ready On", readonly=True, copy=False)
    contacted_at = fields.Datetime(
        string="Customer Contacted On", readonly=True, copy=False
    )
    agreed_start = fields.Datetime(
        string="Agreed From", readonly=True, copy=False, tracking=True
    )
    agreed_stop = fields.Datetime(
        string="Agreed Until", readonly=True, copy=False, tracking=True
    )
    scheduled_at = fields.Datetime(
        string="Visit Confirmed On", readonly=True, copy=False
    )
    accepted_on = fields.Datetime(string="Accepted On", readonly=True, copy=False)

    @api.depends("state", "confirmed_at")
    def _compute_aftersales_state(self):
        for order in self:
            order.aftersales_state = "pending" if order.state == "sale" else False

    def _prepare_sla_clock_vals(self):
        return super()._prepare_sla_clock_vals() | {"order_id": self.id}
