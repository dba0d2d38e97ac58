import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import check_signature, require_text
from ..act.declaration import act


class AftersalesAcceptanceSignature(models.Model):
    """Who signs besides the customer: user department, supervision, dealer (R-A02)."""

    _name = "aftersales.acceptance.signature"
    _description = "Further Signature"
    _inherit = ["aftersales.acceptance.part"]
    _order = "id"

    name = fields.Char(required=True, readonly=True, portal=True)
    role = fields.Char(required=True, readonly=True, portal=True)
    signature = fields.Image(
        attachment=True,
        max_width=1024,
        max_height=1024,
        required=True,
        readonly=True,
        portal=True,
    )
    signed_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, portal=True
    )
    user_id = fields.Many2one(
        "res.users", string="On the Device Of", required=True, readonly=True
    )

    def _get_content(self):
        """What the seal covers of a further signature."""
        return [
            self.name,
            self.role,
            fields.Datetime.to_string(self.signed_on),
            hashlib.sha256(self.signature or b"").hexdigest(),
        ]


class AftersalesAcceptance(models.Model):
    _inherit = "aftersales.acceptance"

    @act("add_signature", states=("offered",))
    def action_add_signature(self, name, role, signature_base64, ref=None):
        """Somebody signs besides the customer, before the customer does (R-A02).

        :param name: who signs; required
        :param role: for whom, as "user department" or "supervision"; required
        :param signature_base64: drawn signature as a picture; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, signers): names of all further signers
        :raise UserError: not offered, signed already, or signed by the same twice
        """
        self.ensure_one()
        acceptance = self.sudo()
        name = require_text(self.env, name, self.env._("Name"))
        role = require_text(self.env, role, self.env._("Role"))
        if (name, role) in acceptance.signature_ids.mapped(lambda s: (s.name, s.role)):
            raise UserError(
                self.env._("%(name)s signed as %(role)s already.", name=name, role=role)
            )
        self.env["aftersales.acceptance.signature"].sudo().create(
            {
                "acceptance_id": acceptance.id,
                "name": name,
                "role": role,
                "signature": check_signature(self.env, signature_base64),
                "user_id": self.env.uid,
            }
        )
        return {"signers": acceptance.signature_ids.mapped("name")}
