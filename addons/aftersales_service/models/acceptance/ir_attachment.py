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
        """No client puts a file behind a field of our records."""
        for vals in vals_list:
            sealed = is_sealed(vals.get("res_model"), vals.get("res_field"))
            if sealed and not self.env.su:
                raise UserError(
                    self.env._("%s belongs to a record.", vals.get("name") or "")
                )
        return super().create(vals_list)

    def write(self, vals):
        """Files behind fields of our records are changed through the records."""
        self._check_aftersales_seal()
        return super().write(vals)

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
