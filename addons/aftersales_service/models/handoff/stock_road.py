from odoo import fields, models
from odoo.tools import SQL

LONGEST_ROAD = 10  # steps; no warehouse has more, and a chain that bites its tail ends


class StockMove(models.Model):
    """Which transfers bring goods to the customer, step by step (R-I05).

    Asked here and nowhere else: a warehouse picks, packs and ships in one to three
    steps, a vendor ships directly, a kit leaves as its parts. The kind of operation
    says nothing of that, the locations and the chain of the moves do.
    """

    _inherit = "stock.move"

    def _get_road(self, last=False):
        """Every step that brings these goods to a customer, planned or done.

        Found from any of its steps, in one query for any number of moves. What comes
        into the warehouse, what is made there and what comes back isn't part of it.

        :param last: only the steps with which the goods arrive; where that transfer
            isn't made yet, the furthest one that is. Each piece is in one of them.
        :return: stock.move, without what was cancelled
        """
        if not self.ids:
            return self.browse()
        names = ("state", "location_id", "location_dest_id", "location_final_id")
        self.env["stock.move"].flush_model([*names, "move_dest_ids"])
        self.env.cr.execute(
            SQL(
                _ROAD,
                moves=list(self.ids),
                longest=LONGEST_ROAD,
                transit=self.env["stock.location"]._get_sister_transit_id() or None,
            )
        )
        rows = self.env.cr.fetchall()
        return self.browse(move for move, is_last in rows if is_last or not last)

    def _is_bound_for_customer(self):
        """Whether the customer gets these goods, with this or a later step."""
        final = self.location_final_id or self.location_dest_id
        return final._is_at_customer() and not self.location_id._is_at_customer()

    def _is_arrival(self):
        """Whether the customer has the goods once this step is done."""
        return self._is_bound_for_customer() and self.location_dest_id._is_at_customer()

    def _is_handed_back(self):
        """Whether the customer gives these goods away."""
        return self.location_id._is_at_customer() and (
            not self.location_dest_id._is_at_customer()
        )


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _get_sister_transit_id(self):
        """Where sister companies take over what one sells to the other."""
        # env.ref() would ask the database each time whether it exists
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company"
        )

    def _is_at_customer(self):
        """Whether what is here is with a customer, as Odoo's orders count it."""
        return self.usage == "customer" or self.id == self._get_sister_transit_id()


class StockPicking(models.Model):
    _inherit = "stock.picking"

    aftersales_is_delivery = fields.Boolean(
        string="For a Customer",
        compute="_compute_aftersales_is_delivery",
        help="A step of the way on which goods reach their customer.",
        groups="base.group_user",
    )

    def _get_open(self):
        return self.filtered(lambda picking: picking.state not in ("done", "cancel"))

    def _compute_aftersales_is_delivery(self):
        deliveries = self.move_ids._get_road().picking_id
        for picking in self:
            picking.aftersales_is_delivery = picking in deliveries


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_road(self, last=False):
        """The steps that bring the goods of these orders, see ``stock.move``."""
        return self.order_line.move_ids._get_road(last)

    def _get_open_transfers(self):
        """Transfers that must still be done before all goods are at the customer's."""
        return self._get_road().picking_id._get_open()


# ahead: the steps that follow, up to the customer. bound: those of them that the
# customer gets in the end. road: these and the steps before them, back to the shelf.
_ROAD = """
    WITH RECURSIVE customer AS (
        SELECT id FROM stock_location WHERE usage = 'customer' OR id = %(transit)s
    ), ahead (id, depth) AS (
        SELECT id, 0 FROM stock_move WHERE id = ANY(%(moves)s)
         UNION
        SELECT link.move_dest_id, ahead.depth + 1
          FROM ahead
          JOIN stock_move here ON here.id = ahead.id
          JOIN stock_move_move_rel link ON link.move_orig_id = here.id
         WHERE ahead.depth < %(longest)s
           AND here.location_dest_id NOT IN (SELECT id FROM customer)
    ), bound AS (
        SELECT move.id
          FROM stock_move move
         WHERE move.id IN (SELECT id FROM ahead)
           AND move.state != 'cancel'
           AND COALESCE(move.location_final_id, move.location_dest_id)
               IN (SELECT id FROM customer)
           AND move.location_id NOT IN (SELECT id FROM customer)
    ), road (id, depth) AS (
        SELECT id, 0 FROM bound
         UNION
        SELECT before.id, road.depth + 1
          FROM road
          JOIN stock_move_move_rel link ON link.move_dest_id = road.id
          JOIN stock_move before ON before.id = link.move_orig_id
          JOIN stock_location source ON source.id = before.location_id
          JOIN stock_location place ON place.id = before.location_dest_id
         WHERE road.depth < %(longest)s
           AND before.state != 'cancel'
           AND source.usage = 'internal'
           AND place.usage = 'internal'
           AND NOT EXISTS (
                   SELECT FROM stock_warehouse house
                     JOIN stock_location shelf ON shelf.id = house.lot_stock_id
                    WHERE place.parent_path LIKE shelf.parent_path || '%%')
    ), step AS (
        SELECT DISTINCT id FROM road
    )
    SELECT step.id,
           NOT EXISTS (
               SELECT FROM stock_move_move_rel link
                 JOIN step follower ON follower.id = link.move_dest_id
                WHERE link.move_orig_id = step.id)
      FROM step
     ORDER BY step.id
"""
