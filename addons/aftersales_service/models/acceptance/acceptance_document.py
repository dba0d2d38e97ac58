from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import require_text

WAIVER = frozenset({"waived_reason", "waived_by_id"})


class AftersalesAcceptancePart(models.AbstractModel):
    """Part of an acceptance: signed with it, unchangeable from then on (R-A02)."""

    _name = "aftersales.acceptance.part"
    _description = "Part of an Acceptance"
    _inherit = ["aftersales.portal.fields"]
    _findings = frozenset()  # what may change while it lies before the customer

    acceptance_id = fields.Many2one(
        "aftersales.acceptance",
        required=True,
        ondelete="cascade",
        index=True,
        portal=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._ensure_unsigned()
        parts._ensure_not_offered()
        return parts

    def write(self, vals):
        """Refused once the acceptance is signed, for every client.

        While it is offered only the documents that are handed over may be ticked.
        """
        self._ensure_unsigned()
        if set(vals) - self._findings:
            self._ensure_not_offered()
        result = super().write(vals)
        if vals.keys() & {"acceptance_id", "line_id"}:  # nor moved onto such a one
            self._ensure_unsigned()
            self._ensure_not_offered()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._ensure_unsigned()
        self._ensure_not_offered()

    def _ensure_unsigned(self):
        self.acceptance_id._ensure_unsigned()

    def _ensure_not_offered(self):
        offered = self.acceptance_id.filtered(lambda a: a.state == "offered")
        if offered and not self.env.su:
            raise UserError(
                self.env._(
                    "%s lies before the customer: take it back first.", offered[0].name
                )
            )


class AftersalesAcceptanceDocument(models.Model):
    """A document that belongs to a product and is handed over (R-A05)."""

    _name = "aftersales.acceptance.document"
    _description = "Document Handed Over"
    _inherit = ["aftersales.acceptance.part"]
    _order = "id"
    _findings = WAIVER | {"handed_over"}

    name = fields.Char(required=True, portal=True)
    product_id = fields.Many2one("product.product")
    handed_over = fields.Boolean(portal=True)
    waived_reason = fields.Char(string="Waived Because", readonly=True, portal=True)
    waived_by_id = fields.Many2one("res.users", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._ensure_no_waiver(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """A waiver is ``action_waive`` and nothing else, for every client (R-A05)."""
        self._ensure_no_waiver(vals)
        return super().write(vals)

    def _ensure_no_waiver(self, *vals_list):
        waived = any(vals.keys() & WAIVER for vals in vals_list)
        if waived and not self.env.su:
            raise AccessError(self.env._("Only a supervisor waives a document."))

    def action_waive(self, reason):
        """Accept without this document; supervisors only (R-A05).

        :param reason: why; required
        :return: dict(id, waived_reason)
        """
        if not self.env.user._is_aftersales("supervisor"):
            raise AccessError(self.env._("Only a supervisor waives a document."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose a document."))
        # the two fields are readonly to clients
        self.sudo().write({"waived_reason": reason, "waived_by_id": self.env.uid})
        return {"id": self[-1:].id, "waived_reason": reason}
