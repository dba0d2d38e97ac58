from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from odoo.addons.aftersales_service.concurrency import serialize
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import require_text

from ..tools import normalise_phone, person_key
from .qr import qr_code


class EventRegistration(models.Model):
    """One of the customer's people in a training session (R-T01, R-T07)."""

    _name = "event.registration"
    _inherit = ["event.registration", "aftersales.act.mixin"]

    # Who attended is proof of who was trained (R-T07)
    name = fields.Char(editable="_filter_unattended")
    phone = fields.Char(editable="_filter_unattended")
    event_id = fields.Many2one(editable="_filter_unattended")
    active = fields.Boolean(editable="_filter_unattended")
    state = fields.Selection(editable="_filter_unattended")
    date_closed = fields.Datetime(editable="_filter_unplanned")
    aftersales_plan_id = fields.Many2one(
        related="event_id.aftersales_plan_id",
        store=True,
        string="Training Plan",
        index="btree_not_null",
    )
    aftersales_partner_id = fields.Many2one(
        related="event_id.aftersales_plan_id.partner_id", string="Customer"
    )
    aftersales_trainer_id = fields.Many2one(
        related="event_id.aftersales_trainer_id", string="Trainer", store=True
    )
    aftersales_role = fields.Selection(
        [
            ("operator", "Operator"),
            ("maintainer", "Maintainer"),
            ("liaison", "Liaison"),
        ],
        string="Role",
    )
    aftersales_id_number = fields.Char(
        string="ID Number",
        editable="_filter_unattended",
        groups="aftersales_service.group_aftersales_user",
    )
    aftersales_person_key = fields.Char(
        compute="_compute_aftersales_person_key",
        store=True,
        help="The same for one person under two spellings.",
    )
    aftersales_attended_by = fields.Selection(
        [
            ("code", "Code Scanned"),
            ("self", "Signed In by Phone"),
            ("list", "Ticked on the List"),
        ],
        string="Attendance By",
        readonly=True,
        copy=False,
    )
    aftersales_score = fields.Float(string="Score (%)", copy=False)
    aftersales_tested_at = fields.Datetime(
        string="Tested on", readonly=True, copy=False
    )
    aftersales_result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        string="Test Result",
        compute="_compute_aftersales_result",
        store=True,
    )
    aftersales_answer_id = fields.Many2one(
        "survey.user_input",
        string="Test Taken",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    aftersales_rating = fields.Selection(
        [("1", "Bad"), ("3", "Fair"), ("5", "Good")],
        string="Rating of the Trainer",
        readonly=True,
        copy=False,
    )
    aftersales_rating_value = fields.Integer(
        string="Rating Points",
        compute="_compute_aftersales_rating_value",
        store=True,
        aggregator="avg",
    )
    aftersales_rating_note = fields.Char(
        string="Remark on the Training", readonly=True, copy=False
    )

    _aftersales_person_uniq = models.UniqueIndex(
        "(event_id, aftersales_person_key)"
        " WHERE aftersales_plan_id IS NOT NULL AND active AND state <> 'cancel'",
        "This person is on the list of the session already.",
    )

    @api.depends("name", "phone", "aftersales_id_number", "event_id.aftersales_plan_id")
    def _compute_aftersales_person_key(self):
        for person in self.sudo():  # the ID number is for after-sales only
            plan = person.event_id.aftersales_plan_id
            key = False
            if plan:
                phone = normalise_phone(plan.company_id, person.phone)
                key = person_key(person.name, phone, person.aftersales_id_number)
            person.aftersales_person_key = key

    def _complete_id_numbers(self, known):
        """Whoever was listed without ID number gets the one told since (R-N09).

        :param known: dict of key by name and phone → ID number
        """
        certificates = self.env["aftersales.training.certificate"].sudo()
        for key, people in self.grouped("aftersales_person_key").items():
            if key in known:
                valid = certificates.search(
                    [
                        ("plan_id", "in", people.aftersales_plan_id.ids),
                        ("person_key", "=", key),
                    ]
                )
                people.aftersales_id_number = known[key]
                valid.person_key = people[:1].aftersales_person_key

    @api.depends(
        "aftersales_score", "aftersales_tested_at", "event_id.aftersales_pass_mark"
    )
    def _compute_aftersales_result(self):
        for person in self:
            mark = person.event_id.aftersales_pass_mark
            passed = person.aftersales_score >= mark
            person.aftersales_result = (
                mark
                and person.aftersales_tested_at
                and ("passed" if passed else "failed")
            )

    @api.depends("aftersales_rating")
    def _compute_aftersales_rating_value(self):
        for person in self:
            person.aftersales_rating_value = int(person.aftersales_rating or 0) or None

    @api.constrains("state", "event_id")
    def _check_aftersales_begun(self):
        """Nobody attended a session that hasn't begun (R-T07)."""
        now = fields.Datetime.now()
        for person in self.filtered(lambda r: r.aftersales_plan_id):
            event = person.event_id
            if person.state == "done" and event._get_attendance_start() > now:
                raise ValidationError(self.env._("%s has not begun yet.", event.name))

    @api.constrains("aftersales_score")
    def _check_aftersales_score(self):
        for person in self:
            if not 0 <= person.aftersales_score <= 100:
                raise ValidationError(
                    self.env._("%s: the score is between 0 and 100 %%.", person.name)
                )

    @api.constrains("event_id", "state", "active", "aftersales_person_key")
    def _check_aftersales_headcount(self):
        """Not more people than the contract promises (R-T01)."""
        for plan in self.aftersales_plan_id.sudo():
            if plan.booked_count > plan.headcount:
                plan._raise_overbooked(plan.booked_count)

    # ------------------------------------------------------------------
    # Every client
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """People of our sessions are registered without mails and messages.

        :raise UserError: the session is cancelled
        """
        ids = {vals["event_id"] for vals in vals_list if vals.get("event_id")}
        sessions = self.env["event.event"].sudo().browse(ids)
        sessions = sessions.filtered("aftersales_plan_id")
        if not sessions:
            return super().create(vals_list)
        for event in sessions:
            cancelled = event.aftersales_plan_id.is_cancelled
            if cancelled or event.aftersales_state == "cancelled":
                raise UserError(self.env._("%s is cancelled.", event.name))
        serialize(sessions)  # Odoo counts the seats, and two count at once
        quiet = super(EventRegistration, self.with_context(tracking_disable=True))
        people = quiet.create(vals_list).with_env(self.env)
        people._date_attendance()
        return people

    def _date_attendance(self):
        """When somebody came is known here, whatever the caller says (R-T07)."""
        if self.env.su:
            return
        dated = self.filtered(lambda r: r.aftersales_plan_id and r.date_closed).sudo()
        came = dated.filtered(lambda r: r.state == "done")
        came.date_closed = fields.Datetime.now()
        (dated - came).date_closed = False

    def write(self, vals):
        """Who attended gets a score; whoever is the last one trained keeps the promise.

        :raise UserError: a score for somebody who did not attend
        """
        people = self.filtered("aftersales_plan_id")
        if not people:
            return super().write(vals)
        if "aftersales_score" in vals:
            people._check_attended()
        # "Attended on…" is logged in any case: no tracked change besides
        quiet = self.with_context(mail_notrack=True)
        result = super(EventRegistration, quiet).write(vals)
        if "aftersales_score" in vals and "aftersales_tested_at" not in vals:
            now = fields.Datetime.now()  # the time is not for clients to say
            people.sudo().write({"aftersales_tested_at": now})
        if {"state", "aftersales_score"} & set(vals):
            people.sudo().aftersales_plan_id._check_all_trained()
        return result

    def _filter_unattended(self):
        """Those of whom nothing is proved yet."""
        return self.filtered(lambda r: not (r.aftersales_plan_id and r.state == "done"))

    def _filter_unplanned(self):
        """People of events that are no sessions of a training plan."""
        return self.filtered(lambda r: not r.aftersales_plan_id)

    def _check_attended(self):
        absent = self.filtered(lambda r: r.state != "done")
        if absent:
            raise UserError(self.env._("%s did not attend: no score.", absent[0].name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attended(self):
        attended = self.filtered(lambda r: r.aftersales_plan_id and r.state == "done")
        if attended:
            raise UserError(
                self.env._("%s attended: that is proof now.", attended[0].name)
            )

    def _update_mail_schedulers(self):
        """Mails to our people are sent by the scheduled action, never meanwhile."""
        ours = self.filtered("aftersales_plan_id")
        if ours.event_id.sudo().event_mail_ids:
            self.env.ref("event.event_mail_scheduler")._trigger()
        return super(EventRegistration, self - ours)._update_mail_schedulers()

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def _attend(self, how, logged=False):
        """They were there (sudo).

        :param how: value of ``aftersales_attended_by``
        :param logged: the act under way has a row for each of them
        """
        self.write({"state": "done", "aftersales_attended_by": how})
        if not logged:
            self._act_log("attend", {"how": how})

    def _register_in(self, event):
        """Put the same people on the list of another session (sudo).

        :return: the new registrations
        """
        return self.create(
            [
                {
                    "event_id": event.id,
                    "name": person.name,
                    "phone": person.phone,
                    "email": person.email,
                    "aftersales_role": person.aftersales_role,
                    "aftersales_id_number": person.aftersales_id_number,
                }
                for person in self
            ]
        )

    @act("mark_present", access="read")
    def action_mark_present(self, ref=None):
        """Tick these people on the list (R-T07).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, attended)
        :raise UserError: the session has not begun, or is cancelled
        """
        people = self.sudo().filtered(lambda r: r.state in ("draft", "open"))
        people._attend("list", logged=True)
        facts = self.sudo().event_id._get_session_facts()
        return facts | {"attended": len(people)}

    def _check_mark_present(self, values):
        self.event_id._ensure_session()

    @act("undo_attendance", role="supervisor")
    def action_undo_attendance(self, reason, ref=None):
        """Take a wrong tick back; supervisors only.

        :param reason: why; required
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state)
        """
        reason = require_text(self.env, reason, self.env._("Reason"))
        people = self.sudo().filtered(
            lambda r: r.aftersales_plan_id and r.state == "done"
        )
        people.write({"state": "open", "date_closed": False})
        people._log(self.env._("Attendance taken back: %s", reason))

    def _check_undo_attendance(self, values):
        self.event_id.aftersales_plan_id.check_access("write")

    def _get_token(self):
        """What opens a person's own page without login."""
        self.ensure_one()
        env = self.env(su=True)
        return tools.hmac(env, "aftersales-training-person", self.id)

    def _get_personal_url(self):
        return f"/training/person/{self.id}/{self._get_token()}"

    def _get_qr_code(self):
        """QR code (PNG, base64) of the person's own page, shown at the door."""
        return qr_code(self.get_base_url() + self._get_personal_url())
