from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesChecklistTemplate(models.Model):
    """An item that every visit of a kind is checked for (R-D10)."""

    _name = "aftersales.checklist.template"
    _description = "Check-list Item"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=lambda self: self.env["aftersales.visit"]._fields["kind"].selection,
        required=True,
    )
    mandatory = fields.Boolean(default=True, help="Must be done before completion.")


class AftersalesVisitChecklistLine(models.Model):
    """One item ticked, or still to do, on one visit; who and when (R-D10)."""

    _name = "aftersales.visit.checklist.line"
    _description = "Check-list Line"
    _order = "sequence, id"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True
    )
    template_id = fields.Many2one("aftersales.checklist.template", required=True)
    name = fields.Char(related="template_id.name")
    sequence = fields.Integer(related="template_id.sequence", store=True)
    mandatory = fields.Boolean(
        related="template_id.mandatory", store=True, precompute=True
    )
    done = fields.Boolean()
    done_by_id = fields.Many2one("res.users", readonly=True)
    done_at = fields.Datetime(readonly=True)

    def write(self, vals):
        """Ticking records who did it and when; finished visits stay as they are."""
        if not self.env.su:
            self._ensure_only_ticked(vals)
        closed = self.visit_id.filtered(lambda v: v.state in ("done", "failed"))
        if closed and not self.env.su:
            raise UserError(
                self.env._("%s is finished and can't be changed.", closed[0].name)
            )
        if "done" in vals:
            done = vals["done"]
            vals = vals | {
                "done_by_id": self.env.uid if done else False,
                "done_at": fields.Datetime.now() if done else False,
            }
        return super().write(vals)

    def _ensure_only_ticked(self, vals):
        # a form that shows the lines of a visit writes the same visit back
        same = self.visit_id.ids == [vals.get("visit_id")]
        if set(vals) - {"done"} - ({"visit_id"} if same else set()):
            raise UserError(self.env._("An item is ticked, nothing else."))
