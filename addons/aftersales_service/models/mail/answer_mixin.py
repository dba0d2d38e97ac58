import re

from odoo import models
from odoo.tools import html2plaintext

from ...tools import clean_text

# Where a mail program quotes what is answered
QUOTED = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original|原始邮件|回复的原邮件|forwarded|转发)"
    r"|on .{5,200} wrote:\s*$|(?:发件人|寄件者|from|von)\s*[:：]"
    r"|在.{5,120}写道\s*[:：]?)",
    re.I | re.M,
)


class AftersalesAnswerMixin(models.AbstractModel):
    """Records whose customers answer: by mail or on their page (R-N08)."""

    _name = "aftersales.answer.mixin"
    _description = "Hears the Customer"

    def message_update(self, msg_dict, update_vals=None):
        """A mail that answers reaches a person."""
        result = super().message_update(msg_dict, update_vals)
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        if not self._is_staff(author):
            self._on_answer(self._read_answer(msg_dict.get("body")), msg_dict)
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """So does what is written on the customer's page."""
        result = super()._message_post_after_hook(message, msg_vals)
        said = message.sudo()
        if said.message_type == "comment" and not said.is_internal:
            if said.author_id and not self._is_staff(said.author_id):
                self.sudo()._on_answer(self._read_answer(said.body), {})
        return result

    def _is_staff(self, partner):
        """Whether one of us wrote it."""
        if not partner:
            return False
        partner = partner.sudo()  # whoever answers reads no users
        users = partner.user_ids
        return bool(partner.ref_company_ids) or any(u._is_internal() for u in users)

    def _read_answer(self, body):
        """What the customer wrote, without what is quoted."""
        text = clean_text(html2plaintext(body or ""))
        quoted = QUOTED.search(text)
        own = text[: quoted.start()].strip() if quoted else text
        return own or text

    def _on_answer(self, text, msg_dict):
        """Lay what a customer answered before whoever takes care.

        :param text: what was written
        :param msg_dict: what Odoo read of the mail; empty for a page
        """
        self._lay_before(self._get_hearers(), text)

    def _get_hearers(self):
        """Users who hear what the customer says; never nobody."""
        return self._sla_recipients("supervisor")

    def _lay_before(self, users, text):
        """One task for each, however often the customer writes; each time a message."""
        kind = "aftersales_service.mail_activity_type_answer"
        for record in self.sudo():
            busy = record.activity_search([kind]).user_id
            excerpt = text[:80]
            (users - busy)._aftersales_assign(
                record,
                lambda r, env, said=excerpt: env._("The customer answers: %s", said),
                lambda r, env: text,
                activity_type=kind,
            )
            for user in users & busy:
                env = self.with_context(lang=user.lang).env
                user._aftersales_notify(
                    env._("The customer answers: %s", excerpt),
                    [f"{record.display_name}: {text[:500]}"],
                )
