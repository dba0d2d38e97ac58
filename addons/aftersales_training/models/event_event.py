from odoo import fields, models


class EventEvent(models.Model):
    _inherit = "event.event"

    aftersales_plan_id = fields.Many2one(
        "aftersales.training.plan",
        string="Training Plan",
        index="btree_not_null",
        ondelete="restrict",
    )
    aftersales_template_id = fields.Many2one(
        "aftersales.training.template", string="Training Session", ondelete="restrict"
    )
    aftersales_chosen_by = fields.Char(
        string="Chosen by the Customer",
        readonly=True,
        help="Who decided date and place.",
    )
    aftersales_chosen_at = fields.Datetime(readonly=True)
    aftersales_place = fields.Char(string="Place Chosen", readonly=True)

    # Two clients that generate at once can't double a session
    _aftersales_session_uniq = models.UniqueIndex(
        "(aftersales_plan_id, aftersales_template_id)"
        " WHERE aftersales_plan_id IS NOT NULL",
        "This session is planned already.",
    )
