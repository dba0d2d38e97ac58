import re
from email.utils import parseaddr

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext

from ...tools import LONGEST, clean_text
from ..request.request import CLOSED
from .machine import get_address

# Who wrote what a colleague passes on
FORWARDED = re.compile(
    r"^[\s>*]*(?:发件人|寄件者|from|von|de)\s*[:：]\**\s*(.{3,200})$", re.I | re.M
)


class AftersalesRequest(models.Model):
    """Reports by e-mail, and what customers answer (R-S01, R-N08)."""

    _name = "aftersales.request"
    _inherit = ["aftersales.answer.mixin", "aftersales.request"]

    email_from = fields.Char(
        string="Sender", readonly=True, copy=False, index="btree_not_null"
    )

    # ------------------------------------------------------------------
    # A report
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """An e-mail becomes a request; missing facts are asked for (R-S01)."""
        body = clean_text(html2plaintext(msg_dict.get("body") or ""))
        subject = clean_text(msg_dict.get("subject"))
        text = "\n".join(filter(None, (subject, body)))[:LONGEST]
        sender, partner = self._get_sender(msg_dict, body)
        request = super().message_new(
            msg_dict | {"subject": ""},  # Odoo would name the request after it
            {
                "channel": "email",
                "problem": text or self.env._("(empty e-mail)"),
                "partner_id": partner.id,
                "contact_name": partner.name
                or next(filter(None, parseaddr(sender)), ""),
                "email_from": email_normalize(sender) or sender,
                **(custom_values or {}),
            },
        )
        request._ask_missing(sender)
        return request

    @api.model
    def _get_sender(self, msg_dict, body):
        """Who reports: never one of us, who only passes it on.

        :return: (address with name, res.partner: empty where unknown)
        """
        sender = msg_dict.get("email_from") or ""
        partners = self.env["res.partner"].sudo()
        author = partners.browse(msg_dict.get("author_id") or ())
        if not self._is_staff(author):
            return sender, author
        passed_on = FORWARDED.search(body)
        address = passed_on and get_address(passed_on[1].replace("[mailto:", "<"))
        if not address:
            return sender, partners
        known = partners.search([("email_normalized", "=", address)], limit=2)
        return passed_on[1].strip(), known._aftersales_the_one()

    def _ask_missing(self, email):
        """Reply with the facts that the register still needs."""
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        names = [
            self._fields[name]._description_string(env)
            for name in ("phone", "address", "product_id")
            if not self[name]
        ]
        if names:
            self.message_post(
                body=env._(
                    "We have registered your report as %(name)s. Please tell us, too:"
                    " %(facts)s",
                    name=self.name,
                    facts=", ".join(names),
                ),
                subject=self.name,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partner_id.ids,
                outgoing_email_to=False if self.partner_id else email,
                author_id=self.company_id.partner_id.id,
            )

    # ------------------------------------------------------------------
    # An answer
    # ------------------------------------------------------------------

    def _get_hearers(self):
        """Whoever takes care, else the team, else the supervisor."""
        mine = self._sla_recipients("assignee").filtered("active")
        return mine or self.team_id.member_ids or super()._get_hearers()

    def _on_answer(self, text, msg_dict):
        """On what has ended an answer is a new report with the old history."""
        for request in self:
            going = request._get_going_on()
            if going.state in CLOSED:
                going = going.browse(
                    going.action_follow_up(problem=text or going.problem)
                )
            if going != request:
                going._quote(request, text, msg_dict.get("attachments"))
            going._lay_before(going._get_hearers(), text)

    def _get_going_on(self):
        """The request that goes on after this one: it was merged or followed."""
        request = self.sudo()
        while request.merged_into_id:
            request = request.merged_into_id
        follows = self.sudo().search(
            [("origin_request_id", "=", request.id), ("state", "not in", CLOSED)],
            limit=1,
        )
        return follows if request.state in CLOSED and follows else request

    def _quote(self, origin, text, attachments):
        """Keep what the customer answered elsewhere, with its pictures."""
        author = origin.partner_id
        self.message_post(
            body=self.env._(
                "The customer answers on %(request)s: %(text)s",
                request=origin.name,
                text=text,
            ),
            author_id=author.id or self.company_id.partner_id.id,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            attachments=[(name, content) for name, content, *_ in attachments or ()],
        )
