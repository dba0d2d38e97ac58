import hashlib
import json

from odoo import api, fields, models
from odoo.tools import formatLang

from .acceptance_line import CRITERIA

WHOLE = {  # a form asks for sizes instead of pictures: never for a seal
    "bin_size": False,
    "bin_size_signature": False,
}


class AftersalesAcceptance(models.Model):
    """What was signed is stated in the document itself, and sealed (R-A02, R-E06).

    Orders, customers, products and serial numbers go on being changed afterwards; what
    the document said of them on the day of the signature is its own copy.
    """

    _inherit = "aftersales.acceptance"

    statement = fields.Json(
        string="As Signed",
        readonly=True,
        copy=False,
        help="Customer, order and balance as the signer read them.",
    )
    customer_name = fields.Char(
        string="Customer as Signed",
        compute="_compute_customer_name",
        compute_sudo=True,
    )
    document_digest = fields.Char(
        compute="_compute_document_digest",
        help="Changes with everything that the customer reads before signing.",
    )
    is_intact = fields.Boolean(
        compute="_compute_is_intact", compute_sudo=True, portal=True
    )

    @api.depends("statement", "partner_id.complete_name")
    def _compute_customer_name(self):
        for acceptance in self:
            acceptance.customer_name = acceptance._get_statement()["customer"]

    @api.depends("line_ids", "document_line_ids", "signature_ids")
    def _compute_document_digest(self):
        for acceptance in self.sudo().with_context(**WHOLE):
            acceptance.document_digest = _digest(acceptance._get_content())

    @api.depends("content_hash", "line_ids", "signed_by", "state")
    def _compute_is_intact(self):
        for acceptance in self.sudo().with_context(**WHOLE):
            seal = acceptance.content_hash
            acceptance.is_intact = bool(seal) and seal in (
                acceptance._get_seal(),
                # before 19.0.2.0.0 nothing was stated, before 19.0.1.5.0 no result
                acceptance._get_seal(stated=False),
                acceptance._get_seal(stated=False, result=False),
            )

    # ------------------------------------------------------------------
    # The document's own copy
    # ------------------------------------------------------------------

    def _get_statement(self):
        """What the document says of others' data: as signed, before that as it is."""
        mine = self.sudo()  # customers read what their page shows
        return mine.statement or mine._prepare_statement()

    def _prepare_statement(self):
        order, customer = self.order_id, self.partner_id
        env = self.with_context(lang=customer.lang).env
        balance = self.balance_due
        return {
            "lang": customer.lang or False,
            "customer": customer.display_name,
            "customer_id": customer.id,
            "phone": order.delivery_contact_phone or "",
            "order": order.name,
            "balance": formatLang(env, balance, currency_obj=self.currency_id)
            if balance
            else "",
        }

    def _keep_statement(self):
        """Copy what is stated; from now on nothing else is read."""
        for acceptance in self:
            statement = acceptance._prepare_statement()
            for line in acceptance.line_ids.with_context(lang=statement["lang"]):
                line.statement = line._prepare_statement()
            acceptance.statement = statement

    # ------------------------------------------------------------------
    # Digests
    # ------------------------------------------------------------------

    def _get_content(self):
        """What the customer reads before signing, as plain values."""
        content = {
            "order": self._get_statement()["order"],
            "lines": [line._get_content() for line in self.line_ids.sorted("id")],
            "documents": [
                [line.name, line.handed_over, line.waived_reason]
                for line in self.document_line_ids.sorted("id")
            ],
        }
        if self.signature_ids:  # older seals know none
            signers = self.signature_ids.sorted("id")
            content["signers"] = [signer._get_content() for signer in signers]
        return content

    def _get_seal(self, stated=True, result=True):
        """Digest of what was signed; any later change shows (R-A02).

        :param stated: False for the seals made before documents had their own copy
        :param result: False for the seals that don't know what the signer chose
        """
        content = self._get_content() | {
            "signer": [self.signed_by, self.signer_role],
            "signed_on": fields.Datetime.to_string(self.signed_on),
            "remarks": self.remarks,
            "signature": hashlib.sha256(self.signature or b"").hexdigest(),
        }
        accepted_on = fields.Datetime.to_string(self.accepted_on)
        customer_id = self._get_statement()["customer_id"]
        if result:
            content["result"] = [self.state, accepted_on, customer_id]
        if stated:
            lines = self.line_ids.sorted("id")
            content["stated"] = [self.statement, *lines.mapped("statement")]
            content["units"] = [
                [sorted(line.lot_ids.ids), sorted(line.delivered_lot_ids.ids)]
                for line in lines
            ]
        return _digest(content)


def _digest(content):
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class AftersalesAcceptanceLine(models.Model):
    _inherit = "aftersales.acceptance.line"

    statement = fields.Json(
        string="As Signed",
        readonly=True,
        copy=False,
        help="Product, unit and serial numbers as the signer read them.",
    )
    product_name = fields.Char(
        string="Product as Signed",
        compute="_compute_product_name",
        compute_sudo=True,
    )

    @api.depends("statement", "product_id")
    @api.depends_context("lang")
    def _compute_product_name(self):
        for line in self:
            line.product_name = line._get_statement()["product"]

    @api.depends("statement")
    def _compute_lot_names(self):
        signed = self.filtered("statement")
        for line in signed:
            line.lot_names = ", ".join(line.statement["serials"])
        return super(AftersalesAcceptanceLine, self - signed)._compute_lot_names()

    def _get_statement(self):
        """What the line says of others' data: as signed, before that as it is."""
        mine = self.sudo()  # customers read what their page shows
        return mine.statement or mine._prepare_statement()

    def _prepare_statement(self):
        return {
            "product": self.product_id.display_name,
            "unit": self.product_uom_id.name,
            "serials": sorted(self.lot_ids.mapped("name")),
            "defective": sorted(self.defective_lot_ids.mapped("name")),
        }

    def _get_content(self):
        """What the seal covers of a line."""
        quantities = ("ordered_qty", "delivered_qty", "accepted_qty", "defective_qty")
        statement = self._get_statement()
        spoilt = statement["defective"]
        return {
            "product": self.product_id.id,
            "serials": statement["serials"],
            "defect": self.defect_note,
            **{name: self[name] for name in (*quantities, *CRITERIA)},
            # older seals know neither defective units nor criteria of the product
            **({"defective": spoilt} if spoilt else {}),
            **{f"criterion {c.id}": [c.name, c.passed] for c in self.criterion_ids},
        }
