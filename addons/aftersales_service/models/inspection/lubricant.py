from odoo import fields, models


class AftersalesLubricant(models.Model):
    """A grade and type of lubricant; mixing two damages the equipment (R-V08)."""

    _name = "aftersales.lubricant"
    _description = "Lubricant"
    _order = "name"

    name = fields.Char(required=True, help="Type and grade, e.g. lithium grease EP 2.")
    active = fields.Boolean(default=True)
    note = fields.Char()

    _name_uniq = models.Constraint("UNIQUE (name)", "This lubricant is known already.")
