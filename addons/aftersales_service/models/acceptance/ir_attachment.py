from odoo import api, models
from odoo.exceptions import UserError


def is_sealed(model, field):
    """Whether a file is behind a field of one of our records."""
    ours = (model or "").startswith("aftersales.")
    return bool(field) and (ours or field.startswith("handed_back_"))


class IrAttachment(models.Model):
    """A signature is a file, too: no client changes it behind its record (R-A02)."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        """No file is slipped in as the content of such a field."""
        attachments = super().create(vals_list)
        attachments._check_aftersales_seal()
        return attachments

    def write(self, vals):
        """Files behind fields of our records are changed through the records."""
        self._check_aftersales_seal()
        result = super().write(vals)
        if "res_field" in vals:
            self._check_aftersales_seal()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sealed(self):
        self._check_aftersales_seal()

    def _check_aftersales_seal(self):
        if self.env.su:
            return
        for attachment in self.sudo():
            if is_sealed(attachment.res_model, attachment.res_field):
                raise UserError(
                    self.env._("%s belongs to a record.", attachment.display_name)
                )
