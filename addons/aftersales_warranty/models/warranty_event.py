from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesWarrantyEvent(models.Model):
    """What happened to a card: who, when and why; never changed (R-W14)."""

    _name = "aftersales.warranty.event"
    _description = "Warranty History"
    _order = "at desc, id desc"

    card_id = fields.Many2one(
        "aftersales.warranty.card", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="card_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("activated", "Started"),
            ("postponed", "Start Postponed"),
            ("quantity", "Quantity Changed"),
            ("extended", "Extended"),
            ("component_replaced", "Component Replaced"),
            ("exchanged", "Unit Exchanged"),
            ("returned", "Returned"),
            ("void", "Made Void"),
            ("transferred", "New Owner"),
            ("reminded", "Customer Reminded"),
            ("maintenance_planned", "Final Maintenance Planned"),
            ("maintenance_passed", "Final Maintenance Passed"),
            ("maintenance_failed", "Final Maintenance Failed"),
        ],
        required=True,
    )
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.uid
    )
    reason = fields.Char(required=True)

    @api.model
    def _log(self, cards, kind, reason):
        """Record what happened to some cards.

        :param kind: one of the kinds above
        :param reason: translated text, or a function of a card → text
        """
        text = reason if callable(reason) else lambda card: reason
        # only acts write history, nobody by hand
        return self.sudo().create(
            [{"card_id": card.id, "kind": kind, "reason": text(card)} for card in cards]
        )

    def write(self, vals):
        """History is never changed, by no client (R-W14)."""
        if set(vals) - {"company_id"}:
            raise UserError(self.env._("The history of a card can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("The history of a card can't be changed."))
