from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesVisit(models.Model):
    """The visit that shows performance before a warranty ends (R-W04)."""

    _inherit = "aftersales.visit"

    warranty_end = fields.Date(
        string="Warranty Ends", readonly=True, help="The maintenance is due before."
    )
    warranty_deadline = fields.Datetime(compute="_compute_warranty_deadline")
    maintenance_ids = fields.One2many(
        "aftersales.warranty.maintenance", "visit_id", string="Final Maintenance"
    )

    def _compute_warranty_deadline(self):
        """Last second of the last day of the warranty, UTC."""
        for visit in self:
            day = visit.warranty_end
            end = day and visit.company_id._aftersales_at(day + timedelta(days=1))
            visit.warranty_deadline = end and end - timedelta(seconds=1)

    def _get_open_maintenance(self):
        return self.maintenance_ids.filtered(lambda row: row.state == "planned")

    def _check_completion(self):
        """Each unit's result is recorded before the team leaves (R-W04)."""
        result = super()._check_completion()
        waiting = self._get_open_maintenance()
        if waiting:
            names = waiting.card_id.mapped("name")
            raise UserError(
                self.env._("Final maintenance without a result: %s", ", ".join(names))
            )
        return result

    def _after_fail(self, values):
        """What couldn't be shown goes along to the next visit."""
        result = super()._after_fail(values)
        for visit in self.sudo().filtered("warranty_end"):
            following = self.sudo().search(
                [("origin_visit_id", "=", visit.id)], limit=1
            )
            visit._get_open_maintenance().write({"visit_id": following.id})
            if following:
                following.warranty_end = visit.warranty_end
                following._sla_event("maintenance_planned")
        return result

    def _cancel(self, reason):
        """Cancelled visits free their units: they are planned anew."""
        result = super()._cancel(reason)
        rows = self.sudo()._get_open_maintenance()
        rows.write({"state": "cancelled"})
        rows.card_id.filtered(lambda card: not card.is_void).write(
            {"maintained_until": False}
        )
        return result
