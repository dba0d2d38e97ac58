from odoo import api, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    @api.model_create_multi
    def create(self, vals_list):
        """A repair of a unit with a valid card is under warranty (R-W08)."""
        repairs = super().create(vals_list)
        unsaid = repairs.browse(
            repair.id
            for repair, vals in zip(repairs, vals_list, strict=True)
            if "under_warranty" not in vals
        )
        covered = unsaid.filtered("lot_id")._filter_covered()
        if covered:
            covered.write({"under_warranty": True})
        return repairs

    def _filter_covered(self):
        """Those whose unit is in warranty today, whatever the cause is."""
        cards = self.env["aftersales.warranty.card"]
        # who repairs needs the answer, not the card
        found = cards.sudo().search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("is_serial", "=", True),
                ("state", "in", ("active", "expiring")),
            ]
        )
        return self.filtered(lambda repair: repair.lot_id in found.lot_id)
