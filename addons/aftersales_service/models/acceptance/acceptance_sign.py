from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from ...tools import check_signature, require_text
from ..act.declaration import act
from .acceptance import SIGNED


class AftersalesAcceptance(models.Model):
    """Inspect, offer, sign: in this order, each once (R-A02, R-D12)."""

    _inherit = "aftersales.acceptance"

    @act(
        "self_inspect",
        states=("draft",),
        to="self_inspected",
        stamp="self_inspected_at",
    )
    def action_self_inspect(self, ref=None):
        """Our own check before the customer's (R-D12).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        for acceptance in self.sudo():
            if not acceptance.line_ids:
                raise UserError(self.env._("%s has no lines.", acceptance.name))
            acceptance.self_inspected_by_id = self.env.uid

    @act("offer", states=("self_inspected",), to="offered", stamp="offered_at")
    def action_offer(self, ref=None):
        """Ask the customer to accept, by a link that needs no login (R-A02).

        What lies before the customer isn't changed any more: ``action_reopen`` first.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, url)
        :raise UserError: pieces that are neither accepted nor defective, serial numbers
            that aren't as many as were accepted, or a criterion nobody looked at
        """
        acceptances = self.sudo()
        acceptances.line_ids._check_complete()
        for acceptance in acceptances:
            company = acceptance.company_id
            day = company._aftersales_to_local(acceptance._act_at()).date()
            valid = day + timedelta(days=company.aftersales_offer_days)
            acceptance.offer_valid_until = valid
            acceptance._portal_ensure_token()
        return {"url": acceptances[-1:].get_portal_url()}

    def _after_offer(self, values):
        """The customers are told, with the link."""
        template = self.env.ref("aftersales_service.mail_template_acceptance_offer")
        for acceptance in self.sudo().filtered("partner_id.email"):
            acceptance.message_post_with_source(
                template, subtype_xmlid="mail.mt_comment"
            )

    @act("reopen", states=("offered",), to="draft")
    def action_reopen(self, reason=None, ref=None):
        """Take an offered acceptance back to change it; its old link is void.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        acceptances = self.sudo()
        acceptances.write({"access_token": False, "offer_valid_until": False})
        acceptances.signature_ids.unlink()
        acceptances._log(self.env._("Taken back: %s", reason))

    def _is_link_valid(self):
        """Whether the customer may still sign by the link."""
        today = self.company_id._aftersales_to_local(fields.Datetime.now()).date()
        until = self.offer_valid_until
        return self.state == "offered" and (not until or today <= until)

    @act("sign", states=("offered",))
    def action_sign(
        self,
        name,
        role=None,
        signature_base64=None,
        result=None,
        remarks=None,
        document_digest=None,
        ref=None,
    ):
        """The customer signs on our device or in the portal (R-A02, R-A03).

        :param name: who signs; required
        :param role: position of the signer; required
        :param signature_base64: drawn signature as a picture; required
        :param result: accepted, accepted_with_remarks or rejected; by default what
            the lines say
        :param remarks: the customer's words; required to reject
        :param document_digest: ``document_digest`` of what the signer was shown; a
            document that has changed since isn't signed
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, accepted_on, content_hash)
        :raise UserError: not offered, signed already, bad picture, or a result that
            the lines or documents contradict
        """
        self.ensure_one()
        acceptance = self.sudo()
        acceptance._check_digest(document_digest)
        name = require_text(self.env, name, self.env._("Name"))
        role = require_text(self.env, role, self.env._("Role"))
        signature = check_signature(self.env, signature_base64)
        result = acceptance._check_result(result, remarks)
        acceptance._sign(name, role, signature, result, remarks)
        return {
            "accepted_on": fields.Datetime.to_string(acceptance.accepted_on),
            "content_hash": acceptance.content_hash,
        }

    def _sign(self, name, role, signature, result, remarks):
        """Keep what was signed, by whom and when, under one seal."""
        now = self._act_at()
        self._keep_statement()
        self.write(
            {
                "signed_by": name,
                "signer_role": role,
                "signed_on": now,
                "signature": signature,
                "remarks": remarks or False,
                "accepted_on": result != "rejected" and now,
                "state": result,
            }
        )
        self.content_hash = self._get_seal()

    def _check_result(self, result, remarks):
        self.line_ids._check_complete()
        flawless = all(self.line_ids.mapped("is_flawless"))
        result = result or ("accepted" if flawless else "accepted_with_remarks")
        if result not in SIGNED:
            raise UserError(self.env._("“%s” is not a result.", result))
        if result == "accepted" and not flawless:
            raise UserError(
                self.env._("There are defects: accept with remarks, or reject.")
            )
        if result == "rejected":
            require_text(self.env, remarks, self.env._("Remarks"))
        else:
            self._check_documents()
        return result

    def _check_documents(self):
        missing = self.document_line_ids.filtered(
            lambda line: not (line.handed_over or line.waived_reason)
        )
        if missing:
            raise UserError(
                self.env._(
                    "Documents not handed over: %s", ", ".join(missing.mapped("name"))
                )
            )

    def _check_digest(self, digest):
        if digest and digest != self.document_digest:
            raise UserError(
                self.env._(
                    "%s has changed since it was shown: read it again.", self.name
                )
            )

    def _after_sign(self, values):
        """Tell those who wait for it, send the certificate, start what follows.

        :param values: see ``action_sign``
        """
        acceptance = self.sudo()
        order = acceptance.order_id
        label = dict(self._fields["state"]._description_selection(self.env))
        (order.user_id | order.handoff_batch_id.user_id)._aftersales_notify(
            self.env._("Acceptance signed"),
            [f"{order.name}: {acceptance.name}, {label[acceptance.state]}"],
        )
        if acceptance.partner_id.email:
            # from the system: who signs in the portal may have no address
            acceptance.with_user(SUPERUSER_ID).message_post_with_source(
                self.env.ref("aftersales_service.mail_template_acceptance_signed"),
                subtype_xmlid="mail.mt_comment",
            )
        if acceptance.accepted_on:
            acceptance._on_accepted()
