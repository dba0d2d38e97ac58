from PIL import Image

from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """A few bytes can claim to be a picture of any size."""

    _inherit = "ir.attachment"

    def _postprocess_contents(self, values):
        try:
            return super()._postprocess_contents(values)
        except Image.DecompressionBombError:
            raise UserError(
                self.env._("The picture is too large: send a smaller one.")
            ) from None
