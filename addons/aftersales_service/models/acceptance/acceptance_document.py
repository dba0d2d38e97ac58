from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import require_text
from ..act.declaration import act
from .acceptance import CLOSED


class AftersalesAcceptancePart(models.AbstractModel):
    """Part of an acceptance: shown and signed with it, locked with it (R-A02)."""

    _name = "aftersales.acceptance.part"
    _description = "Part of an Acceptance"
    _inherit = ["aftersales.act.mixin", "aftersales.portal.fields"]

    acceptance_id = fields.Many2one(
        "aftersales.acceptance",
        required=True,
        ondelete="cascade",
        index=True,
        parent=True,
        portal=True,
    )

    def _get_lock_refusal(self):
        return self.acceptance_id._get_lock_refusal()

    def _act_company(self):
        return self.acceptance_id.company_id


class AftersalesAcceptanceDocument(models.Model):
    """A document that belongs to a product and is handed over (R-A05)."""

    _name = "aftersales.acceptance.document"
    _description = "Document Handed Over"
    _inherit = ["aftersales.acceptance.part"]
    _order = "id"

    name = fields.Char(required=True, portal=True)
    product_id = fields.Many2one("product.product")
    handed_over = fields.Boolean(
        editable="_filter_unsigned",
        portal=True,
        help="Ticked also while it lies before the customer.",
    )
    waived_reason = fields.Char(string="Waived Because", readonly=True, portal=True)
    waived_by_id = fields.Many2one("res.users", readonly=True)

    def _filter_unsigned(self):
        return self.filtered(lambda line: line.acceptance_id.state not in CLOSED)

    @act("waive", role="supervisor")
    def action_waive(self, reason=None, ref=None):
        """Accept without this document; supervisors only (R-A05).

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, waived_reason)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        documents = self.sudo()
        documents.write({"waived_reason": reason, "waived_by_id": self.env.uid})
        return {"waived_reason": reason}

    def _check_waive(self, values):
        """Documents of what is signed stay as they were."""
        signed = self.sudo() - self.sudo()._filter_unsigned()
        if signed:
            raise UserError(signed[0]._get_lock_refusal())
