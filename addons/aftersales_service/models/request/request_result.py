from odoo import api, fields, models

from ...tools import check_signature, require_text
from ..act.declaration import act

# What a complete record holds, whatever the request is about
FACTS = ("phone", "address", "problem", "replied_at", "resolution")
REPAIR_FACTS = ("product_id", "cause_note", "measures", "restored_at", "signature")


class AftersalesRequest(models.Model):
    """What came of it: the customer's signature and reaction, a complete record."""

    _inherit = "aftersales.request"

    signature = fields.Image(
        string="Customer's Signature",
        attachment=True,
        max_width=1024,
        max_height=1024,
        readonly=True,
        copy=False,
    )
    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    reaction = fields.Selection(
        [("1", "Bad"), ("3", "Fair"), ("5", "Good")],
        string="Customer's Reaction",
        readonly=True,
        copy=False,
        help="What the customer said when asked how it went (R-S14).",
    )
    revisit_ids = fields.One2many(
        "aftersales.visit", "revisited_request_id", string="Revisits"
    )
    completeness = fields.Float(
        string="Complete (%)",
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="Share of complete records: all facts, and the customer's signature"
        " under a repair (R-K02).",
    )
    missing_facts = fields.Char(compute="_compute_missing_facts")

    @act(
        "sign",
        states=("restored", "reported"),
        stamp="signed_on",
        after="restored_at",
    )
    def action_sign(self, name, signature_base64=None, at=None, ref=None):
        """The customer signs the repair record (R-K02).

        :param name: who signs; required
        :param signature_base64: drawn signature as a picture; required
        :param at: UTC time, empty for now
        :return: dict(id, state, signed_on)
        """
        name = require_text(self.env, name, self.env._("Name"))
        signature = check_signature(self.env, signature_base64)
        self.sudo().write({"signed_by": name, "signature": signature})

    def _get_missing_facts(self):
        """Names of the fields a complete record still lacks."""
        self.ensure_one()
        needed = list(FACTS)
        if self.type == "fault":
            needed += REPAIR_FACTS
            if self.by_phone:  # nobody was there to sign
                needed.remove("signature")
        return [name for name in needed if not self[name]]

    @api.depends("type", "by_phone", *FACTS, *REPAIR_FACTS)
    def _compute_completeness(self):
        for request in self:
            request.completeness = 0.0 if request._get_missing_facts() else 100.0

    @api.depends("completeness")
    def _compute_missing_facts(self):
        for request in self:
            request.missing_facts = ", ".join(
                self._fields[name]._description_string(self.env)
                for name in request._get_missing_facts()
            )

    def _on_restored(self, at):
        """Tell the supervisor the result; ask the customer three days later (R-S14).

        :param at: naive UTC time of the repair
        """
        for request in self:
            request._sla_recipients("supervisor")._aftersales_notify(
                self.env._("Repaired"),
                [request.display_name, request.cause_note, request.measures],
            )
            if request.by_phone and request.partner_id:
                visits = self.env["aftersales.visit"].sudo()
                visits.create(visits._prepare_revisit_vals(request, at))

    def _on_reaction(self, rating, said):
        """Keep the customer's reaction and tell the supervisor (R-S14)."""
        labels = dict(self._fields["reaction"]._description_selection(self.env))
        self.sudo().write({"reaction": rating})
        self._sla_recipients("supervisor")._aftersales_notify(
            self.env._("The customer's reaction"),
            [self.display_name, labels.get(rating, ""), said or ""],
        )
