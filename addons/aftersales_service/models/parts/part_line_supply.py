from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesPartLine(models.Model):
    """What is short is procured, from approved lines only (R-P05)."""

    _inherit = "aftersales.part.line"

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

    def action_procure(self):
        """Order what is short, by Odoo's own rules; once for each shortage (R-P05).

        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: not approved, or no rule says where the part comes from
        """
        lines = self._act("team", "approved")
        lines.filtered(lambda x: not x._get_open_moves("issue")).action_reserve()
        lines._lock()
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
        return self._get_facts()

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

    def action_send_drawing(self):
        """Send the part's drawings to the customer, for life (R-W11).

        :return: dict(id, state, reserved_qty, shortage_qty, expected_date)
        :raise UserError: the product has no document
        """
        for line in self._act("team", "approved"):
            documents = self._get_drawings(line)
            owner = line.request_id or line.visit_id
            owner.message_post(
                body=self.env._("Drawing of %s", line.product_id.display_name),
                attachment_ids=documents.copy({"res_model": False, "res_id": 0}).ids,
                partner_ids=line.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
            line.drawing_sent_at = fields.Datetime.now()
        return self._get_facts()

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
