from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.identity import clean, read_phones
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import require_text

from ..tools import (
    FORMULA,
    MOST_ROWS,
    NUMBER,
    ROLE_NAMES,
    normalise_phone,
    person_key,
)
from .training_plan import LIVE

COLUMNS = ("name", "phone", "role", "id_number")
LONGEST = 200  # characters of a name; more is another column
LISTED = 50  # faults that one refusal names


class AftersalesTrainingPlan(models.Model):
    """The customer's people: registered all or none, never too many (R-T01)."""

    _inherit = "aftersales.training.plan"

    @act("import_attendees", states=LIVE)
    def import_attendees(self, rows, event_id=None, ref=None):
        """Register the customer's people, all or none (R-T01, R-T07).

        The same person under two spellings of a phone is one person; who is on a
        list already stays there. A retried call changes nothing.

        :param rows: list of dicts (name, phone, role, id_number); name is required
        :param event_id: session; empty for every session to come that counts
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(created, merged): numbers of people
        :raise UserError: names each wrong row; more people than promised
        """
        self.ensure_one()
        plan = self.sudo()
        events = plan._get_session(event_id) if event_id else plan._get_open_sessions()
        if not events:
            raise UserError(self.env._("Plan the sessions first."))
        rows = self._check_rows(rows)
        people = plan._get_distinct(rows)
        listed = events.registration_ids.filtered(lambda r: r.state != "cancel")
        known = listed.mapped("aftersales_person_key")
        plan._check_room(people, events)
        taken = {(r.event_id.id, r.aftersales_person_key) for r in listed}
        self.env["event.registration"].sudo().create(
            [
                vals | {"event_id": event.id}
                for event in events
                for key, vals in people.items()
                if (event.id, key) not in taken
            ]
        )
        created = len(set(people) - set(known))
        return {"created": created, "merged": len(rows) - created}

    def _get_people(self):
        """The training record of this plan, as it stands now."""
        people = self.env["aftersales.training.person"]
        people.invalidate_model()  # the ORM doesn't know that a view changed
        return people.search([("plan_id", "in", self.ids)])

    def _get_open_sessions(self):
        """The sessions that count as training and haven't begun."""
        now = fields.Datetime.now()
        return self.event_ids.filtered(
            lambda e: (
                e.aftersales_counts
                and e.aftersales_state in ("proposed", "chosen", "confirmed")
                and e.date_begin > now
            )
        )

    def _check_room(self, people, events):
        """Refuse more people than promised, naming how many (R-T01)."""
        if not any(events.mapped("aftersales_counts")):
            return
        listed = self._get_people().filtered("is_booked").mapped("person_key")
        count = len(set(people) | set(listed))
        if count > self.headcount:
            self._raise_overbooked(count)

    def _raise_overbooked(self, count):
        raise UserError(
            self.env._(
                "%(count)s people, but %(promised)s are promised.",
                count=count,
                promised=self.headcount,
            )
        )

    def _check_rows(self, rows):
        """Values of a registration for each row; refuses all with each row's fault."""
        if not isinstance(rows, list) or not rows:
            raise UserError(self.env._("There are no rows."))
        if len(rows) > MOST_ROWS:
            raise UserError(self.env._("There are more than %s rows.", MOST_ROWS))
        people, faults = [], []
        for number, row in enumerate(rows, 1):
            fault = self._get_row_fault(row)
            if fault:
                text = self.env._("Row %(row)s: %(fault)s", row=number, fault=fault)
                faults.append(text)
                continue
            phone = normalise_phone(self.company_id, row.get("phone"))
            id_number = str(row.get("id_number") or "").strip()
            role = str(row.get("role") or "").strip().casefold()
            people.append(
                {
                    "name": clean(row["name"]),
                    "phone": phone,
                    "aftersales_role": ROLE_NAMES.get(role, False),
                    "aftersales_id_number": id_number or False,
                }
            )
        if faults:
            more = len(faults) - LISTED
            if more > 0:
                faults = [*faults[:LISTED], self.env._("and %s more", more)]
            raise UserError("\n".join(faults))
        return people

    def _get_distinct(self, rows):
        """Values of registrations by person, however often one is listed (R-N09).

        Whoever is listed with an ID number here and without one there, under one name
        and phone, is one person.

        :param rows: values of registrations
        """
        listed = self.event_ids.registration_ids.filtered(lambda r: r.state != "cancel")
        numbers = {}
        for vals in rows + listed.read(
            ["name", "phone", "aftersales_id_number"], load=False
        ):
            if vals["phone"] and vals["aftersales_id_number"]:
                key = self._get_person_key(vals | {"aftersales_id_number": False})
                numbers.setdefault(key, set()).add(vals["aftersales_id_number"])
        known = {key: ids.pop() for key, ids in numbers.items() if len(ids) == 1}
        listed._complete_id_numbers(known)
        people = {}
        for vals in rows:
            number = known.get(self._get_person_key(vals))
            vals["aftersales_id_number"] = vals["aftersales_id_number"] or number
            people.setdefault(self._get_person_key(vals), vals)
        return people

    def _get_person_key(self, vals):
        phone = normalise_phone(self.company_id, vals["phone"])
        return person_key(vals["name"], phone, vals["aftersales_id_number"])

    @api.model
    def _get_row_fault(self, row):
        """What is wrong with a row; nothing for a right one."""
        if not isinstance(row, dict):
            return self.env._("not a row of name, phone, role")
        if unknown := sorted(set(row) - set(COLUMNS)):
            return self.env._("unknown %s", ", ".join(map(str, unknown)))
        name, phone, role, number = (
            str(row.get(column) or "").strip() for column in COLUMNS
        )
        if max(map(len, (name, phone, role, number))) > LONGEST:
            return self.env._("“%s…” is too long", name[:20])
        if not name:
            return self.env._("name is missing")
        if NUMBER.search(name):
            return self.env._("“%s” is not a name", name)
        if name.startswith(FORMULA) or (number + role).startswith(FORMULA):
            return self.env._("a formula is not accepted")
        if phone and not read_phones(phone):
            return self.env._("“%s” is not a phone number", phone)
        if role and role.casefold() not in ROLE_NAMES:
            return self.env._("unknown role “%s”", role)
        return False

    @act("remove_attendee", states=LIVE)
    def action_remove_attendee(self, person_key, reason=None, ref=None):
        """Take a person off the lists of the sessions to come.

        :param person_key: ``person_key`` of the training record
        :param reason: why, optional
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, removed): number of sessions
        :raise UserError: the person is on no list, or attended already
        """
        self.ensure_one()
        key = require_text(self.env, person_key, self.env._("Person"))
        seats = self.sudo().event_ids.registration_ids.filtered(
            lambda r: r.aftersales_person_key == key and r.state != "cancel"
        )
        waiting = seats.filtered(lambda r: r.state != "done")
        if not waiting:
            raise UserError(self.env._("This person is on no list to come."))
        waiting.write({"state": "cancel"})
        text = self.env._("Off the list: %s", f"{waiting[0].name} {reason or ''}")
        self._message_log(body=text)
        return {"id": self.id, "removed": len(waiting)}

    def get_training_record(self):
        """What the contract promises, who is trained and who is missing (R-T01).

        :return: dict(id, promised, trained, missing, people): people is a list of
            dict(name, phone, role, sessions, attended, score, trained, certificate)
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "promised": self.headcount,
            "trained": self.trained_count,
            "missing": self.missing_count,
            "people": [
                {
                    "name": person.name or "",
                    "phone": person.phone or "",
                    "role": person.role or "",
                    "sessions": person.session_count,
                    "attended": person.attended_count,
                    "score": person.score,
                    "trained": person.is_trained,
                    "certificate": person.certificate_id.name or "",
                }
                for person in self.sudo()._get_people()  # whoever reads the plan
            ],
        }
