from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.tools import act_time, require_text

ITEMS = ("commissioning_report", "operating_manual", "key_points")
MEETING = (*ITEMS, "minutes", "participants", "at")
COLUMNS = ("name", "phone", "role")


class AftersalesTrainingPlan(models.Model):
    """What organisers and other programs do with a training plan."""

    _inherit = "aftersales.training.plan"

    def _act(self):
        self.check_access("write")
        if any(plan.is_cancelled for plan in self):
            raise UserError(self.env._("The training is cancelled."))
        return self.sudo()  # facts are readonly, events belong to another app

    def action_generate_sessions(self):
        """Propose the sessions whose dates are known; run again for the others.

        :return: list of ids of the plan's sessions
        """
        templates = (
            self.env["aftersales.training.template"]
            .sudo()
            .search([("active", "=", True)])
        )
        vals_list = []
        for plan in self._act():
            planned = plan.event_ids.aftersales_template_id
            for template in templates - planned:
                start = plan._get_session_start(template)
                if start:
                    vals_list.append(plan._prepare_event_vals(template, start))
        self.env["event.event"].sudo().create(vals_list)
        return self.sudo().event_ids.ids

    def action_commissioned(self, at=None):
        """Commissioning is done: the handover meeting is due in a week (R-T05).

        :param at: UTC time, empty for now
        :return: dict(id, commissioning_end)
        """
        moment = act_time(self.env, at)
        for plan in self._act():
            day = plan.company_id._aftersales_to_local(moment).date()
            start = min(plan.commissioning_start or day, day)
            plan.write({"commissioning_start": start, "commissioning_end": day})
            plan._sla_event("commissioned", moment)
        return {
            "id": self[-1:].id,
            "commissioning_end": fields.Date.to_string(self[-1:].commissioning_end),
        }

    def action_record_customer_choice(self, event_id, start, stop, place, chosen_by):
        """The customer decides date and place of a session (R-T04).

        :param event_id: id of a session of this plan
        :param start: UTC time in the future
        :param stop: UTC time after it
        :param place: where; required
        :param chosen_by: who decided; required
        :return: dict(id, date_begin, date_end, place)
        """
        self.ensure_one()
        event = self._act().event_ids.filtered(lambda e: e.id == event_id)
        if not event:
            raise UserError(self.env._("Session %s is not of this plan.", event_id))
        start, stop = self.env["sale.order"]._parse_window(start, stop)
        place = require_text(self.env, place, self.env._("Place"))
        chosen_by = require_text(self.env, chosen_by, self.env._("Chosen by"))
        event.write(
            {
                "date_begin": start,
                "date_end": stop,
                "aftersales_place": place,
                "aftersales_chosen_by": chosen_by,
                "aftersales_chosen_at": fields.Datetime.now(),
            }
        )
        self._message_log(
            body=self.env._(
                "%(who)s chose %(session)s: %(start)s UTC, %(place)s",
                who=chosen_by,
                session=event.name,
                start=start,
                place=place,
            )
        )
        return {
            "id": event.id,
            "date_begin": fields.Datetime.to_string(event.date_begin),
            "date_end": fields.Datetime.to_string(event.date_end),
            "place": place,
        }

    def action_hold_handover(self, vals):
        """Record the handover meeting with its three items (R-T05).

        :param vals: dict of commissioning_report, operating_manual, key_points (all
            true), minutes and participants (required), at (UTC time)
        :return: dict(id, handover_held_at)
        :raise UserError: names the items and texts that are missing
        """
        self.ensure_one()
        plan = self._act()
        vals = vals if isinstance(vals, dict) else {}
        unknown = sorted(set(vals) - set(MEETING))
        if unknown:
            raise UserError(self.env._("Unknown values: %s", ", ".join(unknown)))
        missing = [
            self._fields[f"handover_{name}"]._description_string(self.env)
            for name in (*ITEMS, "minutes", "participants")
            if not vals.get(name)
        ]
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))
        moment = act_time(self.env, vals.get("at"))
        facts = {f"handover_{name}": vals[name] for name in MEETING[:-1]}
        plan.write(facts | {"handover_held_at": moment})
        plan._sla_event("handover_held", moment)
        return {"id": plan.id, "handover_held_at": fields.Datetime.to_string(moment)}

    def import_attendees(self, rows, event_id=None):
        """Register the customer's people, all or none (R-T01, R-T07).

        :param rows: list of dicts (name, phone, role)
        :param event_id: session; the plan's first one when empty
        :return: dict(created, merged): numbers of people
        :raise UserError: names each wrong row; more people than promised
        """
        self.ensure_one()
        events = self._act().event_ids
        event = events.filtered(lambda e: e.id == event_id) if event_id else events[:1]
        if not event:
            raise UserError(self.env._("Plan the sessions first."))
        people = self._check_rows(rows)
        known = {
            _key(registration.name, registration.phone)
            for registration in event.registration_ids.filtered(
                lambda r: r.state != "cancel"
            )
        }
        new = {key: row for key, row in people.items() if key not in known}
        if len(known) + len(new) > self.headcount:
            raise UserError(
                self.env._(
                    "%(count)s people, but %(promised)s are promised.",
                    count=len(known) + len(new),
                    promised=self.headcount,
                )
            )
        self.env["event.registration"].sudo().create(
            [
                {"event_id": event.id, "name": row["name"], "phone": row.get("phone")}
                for row in new.values()
            ]
        )
        return {"created": len(new), "merged": len(rows) - len(new)}

    def _check_rows(self, rows):
        """People by key; refuses the whole list with each row's fault."""
        if not isinstance(rows, list) or not rows:
            raise UserError(self.env._("There are no rows."))
        people, faults = {}, []
        for number, row in enumerate(rows, 1):
            named = isinstance(row, dict) and str(row.get("name") or "").strip()
            if not named:
                faults.append(self.env._("Row %s: name is missing", number))
            elif set(row) - set(COLUMNS):
                extra = ", ".join(sorted(set(row) - set(COLUMNS)))
                faults.append(
                    self.env._("Row %(row)s: unknown %(keys)s", row=number, keys=extra)
                )
            else:
                people[_key(row["name"], row.get("phone"))] = row
        if faults:
            raise UserError("\n".join(faults[:50]))
        return people

    def action_mark_attended(self, event_id=None):
        """Everybody registered was there (R-T07).

        :param event_id: session; all that have begun when empty
        :return: dict(id, trained_count, missing_count)
        """
        self.ensure_one()
        now = fields.Datetime.now()
        events = self._act().event_ids.filtered(
            lambda e: e.id == event_id if event_id else e.date_begin <= now
        )
        if not events or any(event.date_begin > now for event in events):
            raise UserError(self.env._("No such session has begun."))
        people = events.registration_ids.filtered(lambda r: r.state == "open")
        people.write({"state": "done"})
        self.invalidate_recordset(["trained_count"])
        if self.trained_count >= self.headcount:
            self._sla_event("all_trained")
        return {
            "id": self.id,
            "trained_count": self.trained_count,
            "missing_count": self.missing_count,
        }

    def action_view_sessions(self):
        """Open the sessions of this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sessions"),
            "res_model": "event.event",
            "views": [(False, "list"), (False, "form")],
            "domain": [("aftersales_plan_id", "=", self.id)],
        }


def _key(name, phone):
    """The same person under two spellings: by phone digits, else by name."""
    digits = "".join(filter(str.isdigit, str(phone or "")))
    return digits[-11:] or str(name).strip().lower()
