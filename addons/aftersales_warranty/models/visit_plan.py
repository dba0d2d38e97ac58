from odoo import models


class AftersalesVisitPlan(models.Model):
    """Visits "during the warranty" last as long as the cards say (R-V03, R-V05)."""

    _inherit = "aftersales.visit.plan"

    def _get_warranty_end(self):
        """The last day of the longest warranty among the plan's units; without units
        among those of its contract.
        """
        ends = super()._get_warranty_end()
        plans = self.sudo()  # not everybody may read cards
        cards = self.env["aftersales.warranty.card"].sudo()
        found = cards.search(
            [
                ("is_void", "=", False),
                ("end_date", "!=", False),
                "|",
                ("order_id", "in", plans.order_id.ids),
                ("lot_id", "in", plans.lot_ids.ids),
            ]
        )
        for plan in plans:
            of_units = found.filtered(lambda c, p=plan: c.lot_id in p.lot_ids)
            of_order = found.filtered(
                lambda c, p=plan: p.order_id and c.order_id == p.order_id
            )
            days = (of_units or of_order).mapped("end_date")
            ends[self.browse(plan.id)] = max(days, default=ends[plan])
        return ends


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    def _follow_plans(self):
        """The plans of these units and contracts learn how long the warranty lasts."""
        if not self:
            return
        plans = self.env["aftersales.visit.plan"].sudo()
        plans.search(
            [
                ("state", "!=", "ended"),
                "|",
                ("order_id", "in", self.order_id.ids),
                ("lot_ids", "in", self.lot_id.ids),
            ]
        )._update_warranty_end()
