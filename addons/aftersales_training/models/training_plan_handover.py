from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import check_keys

from .handover_acts import ITEMS
from .training_plan import LIVE

MEETING = (*ITEMS, "minutes", "participants", "place", "at")


class AftersalesTrainingPlan(models.Model):
    """The handover meeting of a plan (R-T05)."""

    _inherit = "aftersales.training.plan"

    @act("prepare_handover", states=LIVE)
    def action_prepare_handover(self, ref=None):
        """Prepare the handover meeting: machines, documents, participants (R-T05).

        :param ref: the caller's own reference of this act, for a retry
        :return: id of the meeting; the same one when called again
        """
        self.ensure_one()
        plan = self.sudo()
        handover = plan.handover_ids
        if not handover:
            vals = plan._prepare_handover_vals()
            handover = plan.handover_ids.create(vals)
            handover._fill()
        return handover.id

    def _prepare_handover_vals(self):
        event = self.event_ids.filtered(lambda e: e.aftersales_kind == "handover")[:1]
        return {
            "plan_id": self.id,
            "event_id": event.id,
            "place": event.aftersales_place,
        }

    def action_view_handover(self):
        """Open the handover meeting, prepared when it isn't yet."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.training.handover",
            "res_id": self.handover_ids.id or self.action_prepare_handover(),
            "views": [(False, "form")],
        }

    @act("hold_handover", states=LIVE)
    def action_hold_handover(self, vals, ref=None):
        """Record the handover meeting with its three items (R-T05).

        :param vals: dict of commissioning_report, operating_manual, key_points (all
            true; the last one: for every machine), minutes and participants
            (required; a text, names separated by commas, or a list of dicts with
            name, side, role, phone), place, at (UTC time)
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, handover_id, handover_held_at)
        :raise UserError: names the items and texts that are missing
        """
        self.ensure_one()
        vals = check_keys(self.env, vals, MEETING)
        handovers = self.env["aftersales.training.handover"]
        missing = [
            handovers._fields[
                f"{name[:-1]}_ids" if name == "participants" else name
            ]._description_string(self.env)
            for name in (*ITEMS, "minutes", "participants")
            if not vals.get(name)
        ]
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))
        handover = handovers.browse(self.action_prepare_handover()).sudo()
        people = handover._read_participants(vals["participants"])
        handover.machine_ids.write({"explained": True})
        handover.write(
            {
                "commissioning_report": True,
                "operating_manual": True,
                "minutes": vals["minutes"],
                "place": vals.get("place") or handover.place,
                "participant_ids": [fields.Command.create(person) for person in people],
            }
        )
        handover.action_hold(at=vals.get("at"))
        return {
            "id": self.id,
            "handover_id": handover.id,
            "handover_held_at": fields.Datetime.to_string(handover.held_at),
        }
