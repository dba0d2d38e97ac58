from odoo import fields, models


class AftersalesWarrantyWizard(models.TransientModel):
    """Asks for what an act on a card or on a coverage needs, then records it."""

    _name = "aftersales.warranty.wizard"
    _description = "Act on a Warranty"

    act = fields.Selection(
        [
            ("transfer", "New Owner"),
            ("extend", "Extend"),
            ("void", "Make Void"),
            ("override", "Decide Who Pays"),
            ("unrepairable", "Can't Be Repaired"),
        ],
        required=True,
        readonly=True,
    )
    card_id = fields.Many2one("aftersales.warranty.card", readonly=True)
    request_id = fields.Many2one("aftersales.request", readonly=True)
    partner_id = fields.Many2one("res.partner", string="New Owner")
    months = fields.Integer(default=12)
    coverage = fields.Selection(
        [
            ("in_warranty", "In Warranty"),
            ("replace", "Replace Free"),
            ("chargeable", "Chargeable"),
        ],
        help="Empty: the card decides again.",
    )
    reason = fields.Char(required=True)

    def action_save(self):
        """Record the act through its public method and close."""
        self.ensure_one()
        card, request, reason = self.card_id, self.request_id, self.reason
        {
            "transfer": lambda: card.action_transfer(self.partner_id.id, reason),
            "extend": lambda: card.action_extend(self.months, reason),
            "void": lambda: card.action_void(reason),
            "override": lambda: request.action_override_coverage(self.coverage, reason),
            "unrepairable": lambda: request.action_mark_unrepairable(reason),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
