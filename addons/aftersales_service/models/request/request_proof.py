from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .request import CLOSED


class AftersalesRequest(models.Model):
    """What no client changes, whatever its rights: the register is proof (R-C08)."""

    _inherit = "aftersales.request"

    def _filter_untold(self):
        """Those of which the customer has no report yet: their facts may be mended."""
        return self.filtered(lambda r: not r.report_sent_at and r.state not in CLOSED)

    def _check_calming(self, vals):
        """What kind of request it is, and how urgent, is after-sales' to say (R-C07).

        :raise AccessError: somebody else calms it down
        """
        calms = "type" in vals or not vals.get("emergency", True)
        if calms and not (self.env.su or self.env.user._is_aftersales("user")):
            raise AccessError(
                self.env._("After-sales decides what kind of request it is.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("The register is never deleted; cancel instead."))
