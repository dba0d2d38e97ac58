from odoo import api, fields, models


class AftersalesChecklistTemplate(models.Model):
    """An item that every visit of a kind is checked for (R-D10)."""

    _name = "aftersales.checklist.template"
    _description = "Check-list Item"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=lambda self: self.env["aftersales.visit"]._get_kinds(),
        required=True,
    )
    mandatory = fields.Boolean(default=True, help="Must be done before completion.")


class AftersalesVisitChecklistLine(models.Model):
    """One item ticked, or still to do, on one visit; who and when (R-D10)."""

    _name = "aftersales.visit.checklist.line"
    _description = "Check-list Line"
    _order = "sequence, id"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True, parent=True
    )
    template_id = fields.Many2one(
        "aftersales.checklist.template", required=True, fixed=True
    )
    name = fields.Char(related="template_id.name")
    sequence = fields.Integer(related="template_id.sequence", store=True)
    mandatory = fields.Boolean(
        related="template_id.mandatory", store=True, precompute=True
    )
    done = fields.Boolean()
    done_by_id = fields.Many2one("res.users", compute="_compute_done_by", store=True)
    done_at = fields.Datetime(compute="_compute_done_by", store=True)

    @api.depends("done")
    def _compute_done_by(self):
        for line in self:
            line.done_by_id = line.done and self.env.user
            line.done_at = line.done and fields.Datetime.now()
