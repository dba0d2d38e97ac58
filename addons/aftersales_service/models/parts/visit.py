from odoo import fields, models


class AftersalesVisit(models.Model):
    """The parts that a visit takes along (R-P06)."""

    _inherit = "aftersales.visit"

    part_line_ids = fields.One2many("aftersales.part.line", "visit_id", string="Parts")

    def _cancel(self, reason):
        """What was reserved for a cancelled visit is free (R-P06)."""
        result = super()._cancel(reason)
        lines = self.sudo().part_line_ids.filtered(
            lambda line: line.state in ("approved", "reserved")
        )
        lines._free()
        lines.filtered("request_id").visit_id = False
        return result

    def action_fail(self, reason):
        """Parts that could not be fitted go along with the next visit (R-D13)."""
        result = super().action_fail(reason)
        waiting = self.sudo().part_line_ids.filtered(
            lambda line: line.state not in ("used", "returned", "refused")
        )
        following = self.sudo().search(
            [("origin_visit_id", "in", waiting.visit_id.ids)]
        )
        for visit in following:
            waiting.filtered(
                lambda line, v=visit: line.visit_id == v.origin_visit_id
            ).visit_id = visit
        return result

    def _on_completed(self):
        """Who still has parts is told to fit them or to bring them back (R-P07)."""
        result = super()._on_completed()
        for visit in self:
            out = visit.part_line_ids.filtered(lambda line: line.state == "issued")
            if out:
                names = ", ".join(out.mapped("display_name"))
                visit.user_id._aftersales_assign(
                    visit, lambda v, env, n=names: env._("Fit or bring back: %s", n)
                )
        return result
