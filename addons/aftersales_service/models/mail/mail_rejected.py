import ast
import base64
import email
import email.policy
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_split, html2plaintext

from ...tools import clean_text
from ..act.declaration import act
from .machine import judge

KEPT_DAYS = 90
EXCERPT = 2000  # characters
OUR_MODELS = ("aftersales.request", "aftersales.visit")
ORIGIN = "X-Aftersales-Origin"  # header of every mail of ours: which database sent it


class AftersalesMailRejected(models.Model):
    """The gate before the register: what no person wrote is listed here (R-N08)."""

    _name = "aftersales.mail.rejected"
    _description = "Mail Left Out"
    _inherit = ["aftersales.act.mixin"]
    _order = "received_at desc, id desc"

    name = fields.Char(string="Subject", readonly=True)
    email_from = fields.Char(string="Sender", readonly=True)
    address = fields.Char(readonly=True, index=True)
    message_id = fields.Char(readonly=True)
    received_at = fields.Datetime(
        readonly=True, default=fields.Datetime.now, index=True
    )
    reason = fields.Selection(
        [
            ("auto", "Automatic Reply"),
            ("list", "Newsletter or List"),
            ("bounce", "Bounce or Receipt"),
            ("sender", "Sender Takes No Answers"),
            ("loop", "Our Own Mail Came Back"),
            ("flood", "Too Many from One Sender"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Char(string="Recognised By", readonly=True)
    excerpt = fields.Text(string="Text", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    answered_model = fields.Char(readonly=True)
    answered_id = fields.Integer(readonly=True)
    source = fields.Binary(string="Mail", attachment=True, readonly=True)
    request_id = fields.Many2one(
        "aftersales.request", string="Registered As", readonly=True, check_company=True
    )

    _message_uniq = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL", "This mail is listed already."
    )

    # ------------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------------

    @api.model
    def _filter_routes(self, message, msg_dict, routes):
        """Let a mail through to where a person is addressed; list what is left out.

        :param message: email.message.EmailMessage
        :param msg_dict: what Odoo read of it
        :param routes: list of (model, thread id, values, user id, alias)
        :return: the routes that remain: to the register one at most
        """
        routes = [self._find_answered(msg_dict, route) for route in routes]
        ours = [route for route in routes if route[0] in OUR_MODELS]
        if not ours:
            return routes
        reason, detail = self._judge(message, msg_dict, ours[0])
        if reason:
            self._list(message, msg_dict, ours[0], reason, detail)
            return [route for route in routes if route not in ours]
        new = [route for route in ours if not route[1]]
        # Odoo's list of addresses has no order
        named = f"{message.get('To')}, {message.get('Cc')}".lower()
        new.sort(key=lambda route: self._get_rank(named, route))
        return [route for route in routes if route not in new[1:]]

    @api.model
    def _find_answered(self, msg_dict, route):
        """What a customer answers, though the answer went to the desk's address.

        Odoo takes it for a new mail, because it may be another's mail passed on.
        """
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or ())
        asked = f"{msg_dict.get('in_reply_to')} {msg_dict.get('references')}".split()
        if route[0] not in OUR_MODELS or route[1] or not author:
            return route
        messages = self.env["mail.message"].sudo()
        domain = [("message_id", "in", asked[-32:]), ("model", "in", OUR_MODELS)]
        sent = messages.search(domain, limit=1, order="id desc")
        record = (
            self.env[sent.model or route[0]].sudo().browse(sent.res_id or ()).exists()
        )
        family = record.partner_id.commercial_partner_id
        if not family or author.commercial_partner_id != family:
            return route
        return (record._name, record.id, None, *route[3:])

    @api.model
    def _list_bounce(self, message, msg_dict, model):
        """A bounce that came to an address of the register; Odoo routes none."""
        aliases = self.env["mail.alias"].sudo()
        addresses = [a.lower() for a in email_split(msg_dict.get("recipients") or "")]
        alias = aliases.search(
            [
                ("alias_full_name", "in", addresses),
                ("alias_model_id.model", "in", OUR_MODELS),
            ],
            limit=1,
        )
        if alias or model in OUR_MODELS:
            vals = ast.literal_eval(alias.alias_defaults) if alias else {}
            route = (
                alias.alias_model_id.model or model,
                False,
                vals,
                self.env.uid,
                alias,
            )
            self._list(message, msg_dict, route, "bounce", msg_dict.get("email_from"))

    def _get_rank(self, named, route):
        """Of several addresses of ours the one that was named first counts."""
        alias = (route[4] and route[4].alias_full_name or "").lower()
        place = named.find(alias) if alias else -1
        return place if place >= 0 else len(named)

    def _judge(self, message, msg_dict, route):
        """Why a mail is left out; (False, "") for one of a person."""
        sender = msg_dict.get("email_from") or ""
        origin = self._get_origin()
        if origin in str(message.get(ORIGIN) or ""):
            return "loop", f"{ORIGIN}: {origin}"
        address = email_normalize(sender) or sender
        if self.env["mail.alias.domain"].sudo()._find_aliases([address]):
            return "loop", sender
        reason, detail = judge(message, sender, msg_dict.get("subject") or "")
        if not reason and not route[1] and self._is_flood(address, route):
            return "flood", address
        return reason, detail

    def _get_origin(self):
        params = self.env["ir.config_parameter"].sudo()
        return params.get_param("database.uuid") or self.env.cr.dbname

    def _is_flood(self, address, route):
        """Whether one sender has become more requests than a person would write."""
        limit = self._get_company(route).aftersales_mail_limit
        if not limit or not address:
            return False
        recent = fields.Datetime.now() - timedelta(hours=1)
        requests = self.env["aftersales.request"].sudo()
        domain = [("email_from", "=", address), ("create_date", ">=", recent)]
        return requests.search_count(domain, limit=limit) >= limit

    def _get_company(self, route):
        model, thread_id, vals = route[:3]
        record = self.env[model].sudo().browse(thread_id or ()).exists()
        given = self.env["res.company"].browse((vals or {}).get("company_id") or ())
        return record.company_id or given or self.env.company

    def _list(self, message, msg_dict, route, reason, detail):
        """Keep a mail that was left out, once."""
        sender = msg_dict.get("email_from") or ""
        known = self.sudo().search(
            [("message_id", "=", msg_dict["message_id"])], limit=1
        )
        return known or self.sudo().create(
            {
                "name": clean_text(msg_dict.get("subject")),
                "email_from": clean_text(sender),
                "address": clean_text(email_normalize(sender) or sender),
                "message_id": msg_dict["message_id"],
                "reason": reason,
                "detail": clean_text(detail),
                "excerpt": clean_text(
                    html2plaintext(msg_dict.get("body") or ""), longest=EXCERPT
                ),
                "company_id": self._get_company(route).id,
                "team_id": (route[2] or {}).get("team_id"),
                "answered_model": route[1] and route[0],
                "answered_id": route[1],
                "source": base64.b64encode(message.as_bytes()),
            }
        )

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    @act("register", access="read", role="supervisor")
    def action_register(self, ref=None):
        """Register it after all: a person wrote it (R-N08).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, request_id); a second call answers the same
        :raise AccessError: not a supervisor
        """
        self.ensure_one()
        mail = self.sudo()  # the list is readonly to clients
        mail.lock_for_update()
        if not mail.request_id:
            mail.request_id = mail._take_in()
        return {"request_id": mail.request_id.id}

    def _take_in(self):
        """Take the mail in as if the gate had let it through."""
        gateway = self.env["mail.thread"]
        raw = base64.b64decode(self.source or b"")
        message = email.message_from_bytes(raw, policy=email.policy.SMTP)
        msg_dict = gateway.message_parse(message)
        vals = {"company_id": self.company_id.id}
        if self.team_id:
            vals["team_id"] = self.team_id.id
        model = self.answered_model or "aftersales.request"
        thread_id = self.answered_id if self._get_answered() else False
        route = (model if thread_id else "aftersales.request", thread_id, vals)
        route += (self.env.uid, self.env["mail.alias"])
        msg_dict |= gateway._message_parse_post_process(message, msg_dict, [route])
        msg_dict["is_bounce"] = False
        record_id = gateway._message_route_process(message, msg_dict, [route])
        record = self.env[route[0]].sudo().browse(record_id)
        return record.request_id if record._name != "aftersales.request" else record

    def _get_answered(self):
        """The request or visit that the mail answers, while it is there."""
        model = self.answered_model
        if not model or model not in OUR_MODELS:
            return self.env["aftersales.request"]
        return self.env[model].sudo().browse(self.answered_id).exists()

    def action_open_request(self):
        """Register it, then open the request; the button of the form."""
        found = self.action_register()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.request",
            "res_id": found["request_id"],
            "views": [(False, "form")],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_old(self):
        if not self.env.su:
            raise UserError(self.env._("What was left out stays listed for 90 days."))

    @api.autovacuum
    def _gc_old(self):
        """Nobody asked for it any more; it holds names and addresses of people."""
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("received_at", "<", old)], limit=1000).unlink()
