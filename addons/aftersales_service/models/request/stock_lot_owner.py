from odoo import models
from odoo.fields import Domain


class StockLot(models.Model):
    """Whose a unit is: by its deliveries, whoever asks.

    Odoo's ``sale_order_ids`` shows a reader only the orders that he or she may open,
    even under ``sudo()``: for a customer, a stranger's unit seems to be nobody's.
    """

    _inherit = "stock.lot"

    def _get_aftersales_sales(self):
        """What these units were last delivered for; those that came back have none.

        :return: dict of lot → sales order, with the system's rights
        """
        lines = self.env["stock.move.line"].sudo()
        passed = Domain("lot_id", "in", self.ids) & Domain("state", "=", "done")
        passed &= Domain("location_id.usage", "=", "customer") | Domain(
            "location_dest_id.usage", "=", "customer"
        )
        last = {line.lot_id.id: line for line in lines.search(passed, order="date, id")}
        nothing = self.env["sale.order"].sudo()
        return {
            lot: last[lot.id].move_id.sale_line_id.order_id
            if lot.id in last and last[lot.id].location_dest_id.usage == "customer"
            else nothing
            for lot in self
        }

    def _get_aftersales_owners(self):
        """Who owns these units; other addons know it better.

        :return: dict of lot → customer, with the system's rights
        """
        sales = self._get_aftersales_sales()
        return {lot: order.partner_id for lot, order in sales.items()}
