import ast

from odoo import api, models

from .mail_rejected import ORIGIN

# What automatic mail says of itself (RFC 3834), so that no machine answers it
AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Our mails say where they come from, and that nobody wrote them (R-N08)."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            headers = self._get_aftersales_headers(vals)
            if headers:
                vals["headers"] = repr(
                    self._read_headers(vals.get("headers")) | headers
                )
        return super().create(vals_list)

    @api.model
    def _get_aftersales_headers(self, vals):
        """Headers of a mail that our records send; none for those of others."""
        message = self.env["mail.message"].sudo().browse(vals.get("mail_message_id"))
        model = vals.get("model") or message.model
        notice = (
            vals.get("message_type") or message.message_type
        ) == "user_notification"
        if not ((model or "").startswith("aftersales.") or (notice and not model)):
            return {}
        origin = {ORIGIN: self.env["aftersales.mail.rejected"]._get_origin()}
        return origin if self._is_personal(message) else origin | AUTOMATIC

    @api.model
    def _is_personal(self, message):
        """Whether a person of ours wrote it: by hand, in the chatter."""
        author = message.author_id.with_context(active_test=True)
        return message.message_type == "comment" and any(
            user._is_internal() for user in author.user_ids
        )

    @api.model
    def _read_headers(self, headers):
        try:
            headers = ast.literal_eval(headers) if isinstance(headers, str) else headers
        except (SyntaxError, ValueError):
            headers = None
        return dict(headers or {})
