from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesTrainingChoice(models.Model):
    """One decision of the customer on date and place; the last one holds (R-T04)."""

    _name = "aftersales.training.choice"
    _description = "Customer's Decision on a Session"
    _order = "id desc"

    event_id = fields.Many2one(
        "event.event", string="Session", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="event_id.company_id")
    start = fields.Datetime(string="From", required=True)
    stop = fields.Datetime(string="Until", required=True)
    place = fields.Char(required=True)
    chosen_by = fields.Char(string="Decided By", required=True)
    channel = fields.Selection(
        [("agent", "Told Us"), ("portal", "Chose by Link")], required=True
    )
    user_id = fields.Many2one(
        "res.users", string="Entered By", default=lambda self: self.env.user
    )

    def write(self, vals):
        """Refused: a decision is followed by another one, never rewritten."""
        if vals:
            raise UserError(
                self.env._("Record the new choice; the old one is history.")
            )
        return super().write(vals)
