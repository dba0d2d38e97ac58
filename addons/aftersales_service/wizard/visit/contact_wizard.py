from odoo import api, fields, models


class AftersalesContactWizard(models.TransientModel):
    """Warns the guide of rest and meal times before the order refuses them."""

    _inherit = "aftersales.contact.wizard"

    is_quiet = fields.Boolean(compute="_compute_is_quiet")

    @api.depends("agreed_start", "agreed_stop")
    def _compute_is_quiet(self):
        for wizard in self:
            window = (wizard.agreed_start, wizard.agreed_stop)
            company = wizard.order_id.company_id
            wizard.is_quiet = all(window) and company._aftersales_is_quiet(*window)
