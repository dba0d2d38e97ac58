import hashlib
import json
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...concurrency import serialize
from ...tools import check_signature, require_text
from .acceptance import SIGNED
from .acceptance_line import CRITERIA


class AftersalesAcceptance(models.Model):
    """Inspect, offer, sign: in this order, each once (R-A02, R-D12)."""

    _inherit = "aftersales.acceptance"

    document_digest = fields.Char(
        compute="_compute_document_digest",
        help="Changes with everything that the customer reads before signing.",
    )

    def _act(self, state):
        self.check_access("write")
        serialize(self)
        labels = dict(self._fields["state"]._description_selection(self.env))
        for acceptance in self:
            if acceptance.state != state:
                raise UserError(
                    self.env._(
                        "%(name)s is “%(state)s”; this needs “%(needed)s”.",
                        name=acceptance.name,
                        state=labels[acceptance.state],
                        needed=labels[state],
                    )
                )
        return self.sudo()  # results of acts are readonly to clients

    def action_self_inspect(self):
        """Our own check before the customer's (R-D12).

        :return: dict(id, state)
        """
        for acceptance in self._act("draft"):
            if not acceptance.line_ids:
                raise UserError(self.env._("%s has no lines.", acceptance.name))
            acceptance.write(
                {
                    "state": "self_inspected",
                    "self_inspected_at": fields.Datetime.now(),
                    "self_inspected_by_id": self.env.uid,
                }
            )
        return self._get_facts()

    def action_offer(self):
        """Ask the customer to accept, by a link that needs no login (R-A02).

        What lies before the customer isn't changed any more: ``action_reopen`` first.

        :return: dict(id, state, url)
        :raise UserError: pieces that are neither accepted nor defective, serial numbers
            that aren't as many as were accepted, or a criterion nobody looked at
        """
        acceptances = self._act("self_inspected")
        acceptances.line_ids._check_complete()
        now = fields.Datetime.now()
        for acceptance in acceptances:
            company = acceptance.company_id
            day = company._aftersales_to_local(now).date()
            valid = day + timedelta(days=company.aftersales_offer_days)
            acceptance.write(
                {"state": "offered", "offered_at": now, "offer_valid_until": valid}
            )
        template = "aftersales_service.mail_template_acceptance_offer"
        for acceptance in acceptances:
            acceptance._portal_ensure_token()
            if acceptance.partner_id.email:
                acceptance.message_post_with_source(
                    self.env.ref(template), subtype_xmlid="mail.mt_comment"
                )
        return self._get_facts() | {"url": acceptances[-1:].get_portal_url()}

    def action_reopen(self, reason):
        """Take an offered acceptance back to change it; its old link is void.

        :param reason: why; required
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        for acceptance in self._act("offered"):
            acceptance.write(
                {"state": "draft", "access_token": False, "offer_valid_until": False}
            )
            acceptance.signature_ids.unlink()
            acceptance._message_log(body=self.env._("Taken back: %s", reason))
        return self._get_facts()

    def _is_link_valid(self):
        """Whether the customer may still sign by the link."""
        today = self.company_id._aftersales_to_local(fields.Datetime.now()).date()
        until = self.offer_valid_until
        return self.state == "offered" and (not until or today <= until)

    def action_sign(
        self,
        name,
        role=None,
        signature_base64=None,
        result=None,
        remarks=None,
        document_digest=None,
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
        :return: dict(id, state, accepted_on, content_hash)
        :raise UserError: not offered, signed already, bad picture, or a result that
            the lines or documents contradict
        """
        self.ensure_one()
        acceptance = self._act("offered")
        acceptance._check_digest(document_digest)
        name = require_text(self.env, name, self.env._("Name"))
        role = require_text(self.env, role, self.env._("Role"))
        signature = check_signature(self.env, signature_base64)
        result = acceptance._check_result(result, remarks)
        now = fields.Datetime.now()
        acceptance.write(
            {
                "signed_by": name,
                "signer_role": role,
                "signed_on": now,
                "signature": signature,
                "remarks": remarks or False,
                "accepted_on": result != "rejected" and now,
            }
        )
        acceptance.content_hash = acceptance._get_seal(result)
        acceptance.state = result
        acceptance._after_signing()
        return self._get_signed_facts()

    def _get_signed_facts(self):
        return self._get_facts() | {
            "accepted_on": fields.Datetime.to_string(self.accepted_on),
            "content_hash": self.content_hash,
        }

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

    @api.depends("line_ids", "document_line_ids", "signature_ids")
    def _compute_document_digest(self):
        whole = {"bin_size": False, "bin_size_signature": False}
        for acceptance in self.sudo().with_context(**whole):
            acceptance.document_digest = _digest(acceptance._get_content())

    def _get_content(self):
        """What the customer reads before signing, as plain values."""
        content = {
            "order": self.order_id.name,
            "lines": [line._get_content() for line in self.line_ids.sorted("id")],
            "documents": [
                [line.name, line.handed_over, line.waived_reason]
                for line in self.document_line_ids.sorted("id")
            ],
        }
        if self.signature_ids:  # older seals know none
            signers = self.signature_ids.sorted("id")
            content["signers"] = [signer._get_content() for signer in signers]
        return content

    def _get_seal(self, result):
        """Digest of what was signed; any later change shows (R-A02).

        :param result: what the signer chose; None for the seals made before 19.0.1.5.0
        """
        content = self._get_content() | {
            "signer": [self.signed_by, self.signer_role],
            "signed_on": fields.Datetime.to_string(self.signed_on),
            "remarks": self.remarks,
            "signature": hashlib.sha256(self.signature or b"").hexdigest(),
        }
        if result:
            accepted_on = fields.Datetime.to_string(self.accepted_on)
            content["result"] = [result, accepted_on, self.partner_id.id]
        return _digest(content)

    def _after_signing(self):
        """Tell those who wait for it, send the certificate, start what follows."""
        people = self.order_id.user_id | self.order_id.handoff_batch_id.user_id
        label = dict(self._fields["state"]._description_selection(self.env))
        people._aftersales_notify(
            self.env._("Acceptance signed"),
            [f"{self.order_id.name}: {self.name}, {label[self.state]}"],
        )
        if self.partner_id.email:
            # from the system: who signs in the portal may have no address
            self.with_user(SUPERUSER_ID).message_post_with_source(
                self.env.ref("aftersales_service.mail_template_acceptance_signed"),
                subtype_xmlid="mail.mt_comment",
            )
        if self.accepted_on:
            self._on_accepted()

    def _get_facts(self):
        acceptance = self[-1:]
        return {"id": acceptance.id, "state": acceptance.state}


def _digest(content):
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class AftersalesAcceptanceLine(models.Model):
    _inherit = "aftersales.acceptance.line"

    def _get_content(self):
        """What the seal covers of a line."""
        quantities = ("ordered_qty", "delivered_qty", "accepted_qty", "defective_qty")
        spoilt = self.defective_lot_ids.mapped("name")
        return {
            "product": self.product_id.id,
            "serials": sorted(self.lot_ids.mapped("name")),
            "defect": self.defect_note,
            **{name: self[name] for name in (*quantities, *CRITERIA)},
            # older seals know neither defective units nor criteria of the product
            **({"defective": sorted(spoilt)} if spoilt else {}),
            **{f"criterion {c.id}": [c.name, c.passed] for c in self.criterion_ids},
        }
