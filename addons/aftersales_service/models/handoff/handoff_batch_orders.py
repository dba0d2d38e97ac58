from odoo import api, models
from odoo.exceptions import UserError


class AftersalesHandoffBatch(models.Model):
    """Clerks choose the orders of a draft batch; the orders are readonly to them."""

    _inherit = "aftersales.handoff.batch"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:  # the cut-off chooses by itself
            return super().create(vals_list)
        chosen = [vals.get("order_ids") for vals in vals_list]
        vals_list = [
            {name: vals[name] for name in vals if name != "order_ids"}
            for vals in vals_list
        ]
        batches = super().create(vals_list)
        for batch, commands in zip(batches, chosen, strict=True):
            batch._choose_orders(commands)
        return batches

    def write(self, vals):
        if self.env.su or "order_ids" not in vals:
            return super().write(vals)
        self.check_access("write")
        self._guard_locked()
        for batch in self:
            batch._choose_orders(vals["order_ids"])
        return super().write({name: vals[name] for name in vals if name != "order_ids"})

    def _choose_orders(self, commands):
        """Put orders into a draft batch, or take them out; the clerk may do neither
        with the orders themselves.

        :param commands: of ``order_ids``, which link and unlink only
        :raise UserError: an order can't be handed off with this batch
        """
        if not commands:
            return
        orders = self.env["sale.order"].browse(
            self._fields["order_ids"].convert_to_cache(commands, self)
        )
        orders.check_access("read")
        orders = orders.exists()
        self._check_orders(orders - self.order_ids)
        # the orders are readonly to clerks
        (self.order_ids - orders).sudo().write({"handoff_batch_id": False})
        (orders - self.order_ids).sudo().write({"handoff_batch_id": self.id})

    def _check_orders(self, orders):
        """Only open contracts of this company that no other batch holds."""
        for order in orders.sudo():
            if (
                order.state != "sale"
                or not order.aftersales_goods
                or order.handed_off_at
                or order.handoff_batch_id
                or order.company_id != self.company_id
            ):
                raise UserError(
                    self.env._(
                        "%s can't be handed off with this batch: it must be a confirmed"
                        " order of goods of the same company, in no other batch and not"
                        " handed off.",
                        order.name,
                    )
                )
