import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import require_text

from .qr import qr_code


class AftersalesTrainingCertificate(models.Model):
    """Says that a person was trained; anybody can verify it by its code (R-T07).

    It copies what it certifies: later changes of names, courses or marks don't touch
    a certificate that was handed out.
    """

    _name = "aftersales.training.certificate"
    _description = "Training Certificate"
    _inherit = ["aftersales.portal.fields", "aftersales.act.mixin"]
    _order = "plan_id desc, number"

    name = fields.Char(
        string="Certificate",
        compute="_compute_name",
        store=True,
        index=True,
        portal=True,
    )
    number = fields.Integer(required=True, readonly=True, portal=True)
    plan_id = fields.Many2one(
        "aftersales.training.plan",
        required=True,
        readonly=True,
        ondelete="restrict",
        portal=True,
    )
    partner_id = fields.Many2one(
        related="plan_id.partner_id",
        store=True,
        string="Customer",
        index=True,
        portal=True,
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    person_key = fields.Char(required=True, readonly=True)
    person_name = fields.Char(
        string="Person", required=True, readonly=True, portal=True
    )
    role = fields.Selection(
        [
            ("operator", "Operator"),
            ("maintainer", "Maintainer"),
            ("liaison", "Liaison"),
        ],
        readonly=True,
        portal=True,
    )
    course_ids = fields.One2many(
        "aftersales.training.course", "certificate_id", readonly=True
    )
    score = fields.Float(string="Score (%)", readonly=True, portal=True)
    issued_on = fields.Date(required=True, readonly=True, portal=True)
    token = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: uuid.uuid4().hex
    )
    revoked_at = fields.Datetime(readonly=True, copy=False)
    revoked_reason = fields.Char(readonly=True, copy=False)

    _token_uniq = models.Constraint("UNIQUE (token)", "The code is used already.")
    _number_uniq = models.Constraint(
        "UNIQUE (plan_id, number)", "This number is used already."
    )
    _person_uniq = models.UniqueIndex(
        "(plan_id, person_key) WHERE revoked_at IS NULL",
        "This person has a certificate already.",
    )

    @api.depends("number", "plan_id.name")
    def _compute_name(self):
        for certificate in self:
            certificate.name = f"{certificate.plan_id.name}-{certificate.number:03d}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A certificate is revoked, not deleted."))

    @act("revoke", role="supervisor", access="read")
    def action_revoke(self, reason, ref=None):
        """Take a wrong certificate back; supervisors only.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, revoked_at)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        valid = self.sudo().filtered(lambda c: not c.revoked_at)
        valid.write({"revoked_at": fields.Datetime.now(), "revoked_reason": reason})
        return {"revoked_at": fields.Datetime.to_string(self[-1:].sudo().revoked_at)}

    def _get_verify_url(self):
        return f"{self.get_base_url()}/training/certificate/{self.token}"

    def _get_qr_code(self):
        """QR code (PNG, base64) of the public page that verifies it."""
        return qr_code(self._get_verify_url())

    def _get_report_base_filename(self):
        return self.env._("Certificate %s", self.name)


class AftersalesTrainingCourse(models.Model):
    """A session that a certificate certifies, as it was held."""

    _name = "aftersales.training.course"
    _description = "Course of a Certificate"
    _order = "held_on, id"

    certificate_id = fields.Many2one(
        "aftersales.training.certificate",
        required=True,
        ondelete="cascade",
        index=True,
    )
    # translated where it is printed
    template_id = fields.Many2one("aftersales.training.template", required=True)
    held_on = fields.Date(required=True)
    hours = fields.Float(required=True)
