from odoo import models


class AftersalesVisit(models.Model):
    """What a customer says on an appointment is a task of the planner (R-N08)."""

    _name = "aftersales.visit"
    _inherit = ["aftersales.answer.mixin", "aftersales.visit"]
