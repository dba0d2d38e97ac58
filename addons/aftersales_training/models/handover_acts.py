import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.concurrency import serialize
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import (
    check_keys,
    check_signature,
    require_text,
)

from .training_plan import LIVE

ITEMS = ("commissioning_report", "operating_manual", "key_points")


class AftersalesTrainingHandover(models.Model):
    """Preparing, holding and signing the meeting, each once."""

    _inherit = "aftersales.training.handover"

    def _fill(self):
        """Machines and documents of the order, the people known so far."""
        order = self.plan_id.order_id
        lines = order._get_training_lines()
        machines = [vals for line in lines for vals in self._prepare_machines(line)]
        products = lines.product_id.with_context(lang=self.company_id.partner_id.lang)
        names = [
            name for product in products for name in product._get_acceptance_documents()
        ]
        people = []
        if liaison := self.plan_id.liaison_id:
            people.append(
                {"name": liaison.name, "phone": liaison.phone, "side": "customer"}
            )
        if user := self.plan_id.user_id:
            people.append({"name": user.name, "side": "dealer"})
        create = fields.Command.create
        self.write(
            {
                "machine_ids": [create(vals) for vals in machines],
                "participant_ids": [create(vals) for vals in people],
                "material_ids": [
                    create({"plan_id": self.plan_id.id, "name": name})
                    for name in dict.fromkeys(names)
                ],
            }
        )

    def _prepare_machines(self, line):
        """A row for each serial number delivered, else one for the order line."""
        done = line.move_ids.filtered(
            lambda m: m.state == "done" and m.picking_code == "outgoing"
        )
        serials = done.move_line_ids.lot_id.mapped("name")
        rows = [{"serial": name} for name in serials]
        rows = rows or [{"quantity": line.product_uom_qty or 1}]
        return [row | {"product_id": line.product_id.id} for row in rows]

    def _read_participants(self, participants):
        """Values of the participants that aren't listed yet."""
        if isinstance(participants, str):
            names = participants.replace("，", ",").replace("、", ",").split(",")
            participants = [{"name": name.strip()} for name in names if name.strip()]
        if not isinstance(participants, list) or not participants:
            raise UserError(self.env._("Who took part?"))
        sides = dict(self.participant_ids._fields["side"].selection)
        people = []
        for row in participants:
            row = check_keys(self.env, row, ("name", "side", "role", "phone"))
            require_text(self.env, row.get("name"), self.env._("Name"))
            if row.setdefault("side", "customer") not in sides:
                raise UserError(self.env._("Unknown side: %s", row["side"]))
            people.append(row)
        known = set(self.participant_ids.mapped("name"))
        return [row for row in people if row["name"] not in known]

    @act("explain_all", states=("draft", "held"))
    def action_explain_all(self, ref=None):
        """Key points and cautions of every machine were explained (R-T05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, key_points)
        """
        handovers = self.sudo()
        handovers.machine_ids.write({"explained": True})
        return {"key_points": handovers[-1:].key_points}

    @act(
        "hold",
        states=("draft",),
        to="held",
        stamp="held_at",
        after="commissioned_at",
    )
    def action_hold(self, at=None, ref=None):
        """The meeting was held: three items, participants and minutes (R-T05).

        :param at: UTC time, empty for now
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, held_at)
        :raise UserError: names the items and texts that are missing
        """
        for handover in self.sudo():
            handover._check_complete()
            handover.material_ids.write({"handed_over": True})
            handover.event_id._held_at(handover._act_at())

    def _check_hold(self, values):
        """The plan is going on, and its commissioning done."""
        self.plan_id.check_access("write")
        plans = self.sudo().plan_id
        serialize(plans)
        plans._act_check_states(LIVE)
        for plan in plans.filtered(lambda p: not p.commissioned_at):
            raise UserError(self.env._("%s: commissioning is not done yet.", plan.name))

    def _after_hold(self, values):
        """The promise of the meeting is kept."""
        for handover in self.sudo():
            handover.plan_id._sla_event("handover_held", handover.held_at)

    def _check_complete(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in (*ITEMS, "minutes")
            if not self[name]
        ]
        if not self.participant_ids.filtered(lambda p: p.side == "customer"):
            missing.append(self.env._("participant of the customer"))
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))

    def _get_digest(self):
        """Changes with everything that a signer reads (R-T05)."""
        self.ensure_one()
        content = [
            str(self.held_at),
            self.minutes,
            self.commissioning_report_note,
            self.operating_manual_note,
            self.machine_ids.mapped(
                lambda m: [m.product_id.id, m.serial, m.key_points, m.cautions]
            ),
            self.material_ids.mapped(lambda m: [m.name, m.quantity, m.handed_over]),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @act("sign", states=("held",))
    def action_sign(
        self,
        name,
        role=None,
        signature_base64=None,
        side="customer",
        document_digest=None,
        ref=None,
    ):
        """A participant signs the minutes; with the customer's they are proof (R-T05).

        :param name: who signs; required; a participant, or somebody new
        :param role: position of the signer
        :param signature_base64: drawn signature as a picture; required
        :param side: customer, dealer or other; the dealer signs first
        :param document_digest: ``_get_digest`` of what the signer was shown; minutes
            that have changed since aren't signed
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        :raise UserError: not held yet, signed already, or no picture
        """
        self.ensure_one()
        handover = self.sudo()  # results of acts are readonly to clients
        if document_digest and document_digest != handover._get_digest():
            raise UserError(self.env._("The minutes have changed: read them again."))
        name = require_text(self.env, name, self.env._("Name"))
        signature = check_signature(self.env, signature_base64)
        if side not in dict(handover.participant_ids._fields["side"].selection):
            raise UserError(self.env._("Unknown side: %s", side))
        person = handover._find_signer(name, role, side)
        now = fields.Datetime.now()
        person.write(
            {"signature": signature, "signed_on": now, "side": side}
            | ({"role": role} if role else {})
        )
        if person.side == "customer":
            handover.write({"state": "signed", "signed_on": now})

    def _find_signer(self, name, role, side):
        """The participant of this name who hasn't signed yet, or a new one."""
        person = self.participant_ids.filtered(
            lambda p: p.name == name and not p.signed_on
        )[:1]
        if person:
            return person
        row = {"name": name, "role": role or False, "side": side}
        (row,) = self._read_participants([row]) or [None]
        if not row:
            raise UserError(self.env._("%s has signed already.", name))
        return person.create(row | {"handover_id": self.id})
