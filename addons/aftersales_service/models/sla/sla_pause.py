from odoo import fields, models


class AftersalesSlaPause(models.Model):
    """A time in which a promise waited for the customer (R-S16)."""

    _name = "aftersales.sla.pause"
    _inherit = ["aftersales.sla.proof"]
    _description = "Pause of a Promise"
    _order = "started_at, id"

    clock_id = fields.Many2one(
        "aftersales.sla.clock", required=True, ondelete="restrict", index=True
    )
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", required=True)

    _open_uniq = models.UniqueIndex(
        "(clock_id) WHERE ended_at IS NULL", "The promise is paused already."
    )
    _order_check = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)",
        "A pause can't end before it starts.",
    )
