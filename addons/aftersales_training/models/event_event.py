from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.aftersales_service.readers import TECHNICIAN


class EventEvent(models.Model):
    """A training session is an event whose date and place the customer decides."""

    _name = "event.event"
    _inherit = ["event.event", "aftersales.act.mixin"]

    # What the customer decides stays; before that the organiser moves proposals (R-T04)
    date_begin = fields.Datetime(editable="_filter_undecided")
    date_end = fields.Datetime(editable="_filter_undecided")
    date_tz = fields.Selection(editable="_filter_undecided")
    # These follow the plan
    company_id = fields.Many2one(editable="_filter_unplanned")
    seats_limited = fields.Boolean(editable="_filter_unplanned")
    seats_max = fields.Integer(editable="_filter_unplanned")
    aftersales_plan_id = fields.Many2one(
        "aftersales.training.plan",
        string="Training Plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    aftersales_partner_id = fields.Many2one(
        related="aftersales_plan_id.partner_id", string="Customer"
    )
    aftersales_template_id = fields.Many2one(
        "aftersales.training.template",
        string="Training Session",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    aftersales_kind = fields.Selection(
        related="aftersales_template_id.kind", string="Training Kind", store=True
    )
    aftersales_state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("chosen", "Chosen by the Customer"),
            ("confirmed", "Confirmed"),
            ("done", "Held"),
            ("cancelled", "Cancelled"),
        ],
        string="Session State",
        readonly=True,
        copy=False,
    )
    aftersales_counts = fields.Boolean(
        string="Counts as Training",
        readonly=True,
        copy=False,
        help="Who attends is one of the people promised in the contract (R-T01).",
    )
    aftersales_content = fields.Text(string="Content")
    aftersales_survey_id = fields.Many2one(
        "survey.survey",
        string="Test",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    aftersales_pass_mark = fields.Float(
        string="Pass Mark (%)", readonly=True, copy=False
    )
    aftersales_trainer_id = fields.Many2one(
        "hr.employee", string="Trainer", index="btree_not_null"
    )
    aftersales_chosen_by = fields.Char(
        string="Decided By",
        readonly=True,
        copy=False,
        help="Who decided date and place.",
    )
    aftersales_chosen_at = fields.Datetime(
        string="Decided on", readonly=True, copy=False
    )
    aftersales_place = fields.Char(string="Place", editable="_filter_undecided")
    aftersales_choice_ids = fields.One2many(
        "aftersales.training.choice",
        "event_id",
        string="Decisions",
        readonly=True,
        groups=TECHNICIAN,
    )
    aftersales_make_up_of_id = fields.Many2one(
        "event.event",
        string="Makes Up For",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    aftersales_make_up_ids = fields.One2many("event.event", "aftersales_make_up_of_id")
    aftersales_material_ids = fields.One2many(
        "aftersales.training.material", "event_id", string="Material", groups=TECHNICIAN
    )
    aftersales_sheet = fields.Binary(
        string="Signed Attendance Sheet", attachment=True, copy=False
    )
    aftersales_sheet_name = fields.Char(copy=False)
    aftersales_closed_at = fields.Datetime(
        string="Closed on", readonly=True, copy=False
    )
    aftersales_attended_count = fields.Integer(
        string="Attended", compute="_compute_aftersales_counts"
    )
    aftersales_missed_count = fields.Integer(
        string="Missed or Failed", compute="_compute_aftersales_counts"
    )
    aftersales_rating_avg = fields.Float(
        string="Rating of the Trainer", compute="_compute_aftersales_counts"
    )

    # Two clients that generate at once can't double a session
    _aftersales_session_uniq = models.UniqueIndex(
        "(aftersales_plan_id, aftersales_template_id)"
        " WHERE aftersales_plan_id IS NOT NULL AND aftersales_make_up_of_id IS NULL"
        " AND aftersales_state IS DISTINCT FROM 'cancelled'",
        "This session is planned already.",
    )
    _aftersales_make_up_uniq = models.UniqueIndex(
        "(aftersales_make_up_of_id) WHERE aftersales_make_up_of_id IS NOT NULL"
        " AND aftersales_state <> 'cancelled'",
        "This session has its make-up session already.",
    )

    @api.depends("registration_ids.state", "registration_ids.aftersales_result")
    def _compute_aftersales_counts(self):
        for event in self:
            people = event.registration_ids
            rated = people.filtered("aftersales_rating")
            points = [int(person.aftersales_rating) for person in rated]
            event.aftersales_attended_count = len(
                people.filtered(lambda r: r.state == "done")
            )
            event.aftersales_missed_count = len(event._get_missed())
            event.aftersales_rating_avg = sum(points) / (len(points) or 1)

    def _get_missed(self):
        """Registrations of those who were not there, or failed the test."""
        return self.registration_ids.filtered(
            lambda r: (
                r.state == "open"
                or (r.state == "done" and r.aftersales_result == "failed")
            )
        )

    @api.constrains("aftersales_plan_id", "company_id")
    def _check_aftersales_company(self):
        for event in self.filtered("aftersales_plan_id"):
            if event.company_id != event.sudo().aftersales_plan_id.company_id:
                raise ValidationError(
                    self.env._("%s belongs to another company.", event.name)
                )

    @api.constrains("stage_id", "aftersales_state")
    def _check_aftersales_stage(self):
        """What the customer hasn't decided on isn't announced (R-T04)."""
        waiting = self.filtered(lambda e: e.aftersales_state == "proposed")
        first = waiting and self.env["event.stage"].search([], limit=1)
        for event in waiting:
            stage = event.stage_id
            if not stage.pipe_end and stage.sequence > first.sequence:
                raise ValidationError(event._get_undecided_text())

    def _get_undecided_text(self):
        return self.env._("The customer has not decided on %s yet.", self.name)

    def _filter_undecided(self):
        """Events whose date and place nobody has decided on but their organiser."""
        return self.filtered(
            lambda e: not e.aftersales_plan_id or e.aftersales_state == "proposed"
        )

    def _filter_unplanned(self):
        """Events that are no sessions of a training plan."""
        return self.filtered(lambda e: not e.aftersales_plan_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_training(self):
        held = self.filtered(lambda e: e.aftersales_plan_id and e.registration_ids)
        if held:
            raise UserError(
                self.env._("%s has attendees: cancel it instead.", held[0].name)
            )
