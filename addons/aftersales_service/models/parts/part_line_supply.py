from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..act.declaration import act
from .part_line import OPEN_MOVE


class AftersalesPartLine(models.Model):
    """What is short is procured, from approved lines only (R-P05)."""

    _inherit = "aftersales.part.line"

    expected_date = fields.Datetime(
        string="Expected",
        compute="_compute_expected_date",
        compute_sudo=True,
        help="When what is short is there: who was approved first gets it first.",
        portal=True,
    )
    supply_move_ids = fields.One2many(
        "stock.move", "aftersales_supply_line_id", string="Supply", readonly=True
    )
    procured_qty = fields.Float(string="Ordered", readonly=True, copy=False)
    procured_at = fields.Datetime(string="Ordered On", readonly=True, copy=False)
    reference_id = fields.Many2one(
        "stock.reference",
        readonly=True,
        copy=False,
        help="On every transfer and order that brings the part.",
    )

    @api.depends("shortage_qty")
    def _compute_expected_date(self):
        self.expected_date = False
        short = self.sudo().filtered("shortage_qty")  # the stock is read for them
        if not short:
            return
        arrivals = short._get_arrivals()
        waiting = short.search(
            [("shortage_qty", ">", 0), ("product_id", "in", short.product_id.ids)],
            order="decided_at, id",
        )
        for line in waiting | short:
            pool = arrivals.get((line._get_store(), line.product_id), [])
            date = _take(pool, line.shortage_qty)
            if line in short:
                line.expected_date = date

    def _get_arrivals(self):
        """What is on its way into the stores.

        :return: dict of (store, product) → list of [naive UTC date, quantity]
        """
        stores = {line._get_store() for line in self}
        moves = self.env["stock.move"].search(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_dest_id", "child_of", [store.id for store in stores]),
                ("state", "not in", ("draft", "done", "cancel")),
            ],
            order="date, id",
        )
        arrivals = {}
        for move in moves:
            for store in stores:
                if move.location_dest_id._child_of(store) and not (
                    move.location_id._child_of(store)
                ):
                    pool = arrivals.setdefault((store, move.product_id), [])
                    pool.append([move._get_arrival(), move.product_qty])
        for pool in arrivals.values():
            pool.sort(key=lambda arrival: arrival[0])
        return arrivals

    @act("procure", states=("approved",))
    def action_procure(self, ref=None):
        """Order what is short, by Odoo's own rules; once for each shortage (R-P05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: not approved, or no rule says where the part comes from
        """
        lines = self.sudo()
        lines._check_open()
        lines.filtered(lambda x: not x._get_open_moves("issue"))._reserve()
        short = lines.filtered(lambda line: line._get_to_procure() > 0)
        if short:
            self.env["stock.rule"].run([x._prepare_procurement() for x in short])
        for line in short:
            line.write(
                {
                    "procured_qty": line.procured_qty + line._get_to_procure(),
                    "procured_at": fields.Datetime.now(),
                }
            )
        return lines._get_facts()

    def _get_to_procure(self):
        """Short and not ordered yet, in the part's unit."""
        return self.product_id.uom_id.round(
            max(self.shortage_qty - self.procured_qty, 0)
        )

    def _prepare_procurement(self):
        """One procurement into the part's store.

        :return: stock.rule Procurement
        """
        origin = (self.request_id or self.visit_id).name
        if not self.reference_id:
            self.reference_id = self.env["stock.reference"].create({"name": origin})
        product, now = self.product_id, fields.Datetime.now()
        return self.env["stock.rule"].Procurement(
            product,
            self._get_to_procure(),
            product.uom_id,
            self._get_store(),
            product.display_name,
            origin,
            self.company_id,
            {
                "warehouse_id": self.warehouse_id,
                "company_id": self.company_id,
                "reference_ids": self.reference_id,
                "date_planned": max(self.visit_id.scheduled_start or now, now),
                "aftersales_supply_line_id": self.id,
            },
        )

    @act("send_drawing", states=("approved",))
    def action_send_drawing(self, ref=None):
        """Send the part's drawings to the customer, for life (R-W11).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: the product has no document
        """
        lines = self.sudo()
        for line in lines:
            documents = self._get_drawings(line)
            owner = line.request_id or line.visit_id
            owner.message_post(
                body=self.env._("Drawing of %s", line.product_id.display_name),
                attachment_ids=documents.copy({"res_model": False, "res_id": 0}).ids,
                partner_ids=line.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
        lines.drawing_sent_at = fields.Datetime.now()
        return lines._get_facts()

    def _get_drawings(self, line):
        product = line.product_id
        documents = (
            product.product_document_ids | product.product_tmpl_id.product_document_ids
        )
        if not (line.is_drawing and documents):
            raise UserError(
                self.env._(
                    "%s: add the drawing to the product's documents.",
                    product.display_name,
                )
            )
        return documents.ir_attachment_id


def _take(pool, quantity):
    """Take a quantity out of a pool of arrivals.

    :param pool: list of [date, quantity], the earliest first; it shrinks
    :return: the date at which all of it is there, or False
    """
    date = False
    while pool and quantity > 0:
        date, there = pool[0]
        taken = min(there, quantity)
        quantity -= taken
        pool[0][1] -= taken
        if not pool[0][1]:
            pool.pop(0)
    return date if quantity <= 0 else False


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_arrival(self):
        """When these goods are where they go to: after what they wait for.

        Bought and confirmed, the receipt says it; ordered only, the vendor's lead time.

        :return: naive UTC datetime
        """
        if self.state == "assigned" or self.location_id.usage != "internal":
            return self.date
        origins = self.move_orig_ids.filtered(lambda m: m.state not in OPEN_MOVE)
        if origins:
            return max(self.date, *(move._get_arrival() for move in origins))
        known = self.forecast_expected_date
        return max(self.date, known or self._get_vendor_date())

    def _get_vendor_date(self):
        """When the vendor delivers what was asked for with this move."""
        product = self.product_id.with_company(self.company_id)
        seller = product._select_seller(quantity=self.product_qty)
        return self.create_date + timedelta(days=seller.delay)
