from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...tools import prepare_files, require_text
from ..act.declaration import act


class AftersalesFinding(models.Model):
    """What a visit found: evidence, cause, measure, and the repair task (R-V07)."""

    _name = "aftersales.finding"
    _description = "Inspection Finding"
    _inherit = ["aftersales.act.mixin", "mail.thread"]
    _order = "id desc"

    name = fields.Char(string="Found", required=True, tracking=True)
    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="restrict", index=True, fixed=True
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="visit_id.partner_id", store=True, string="Customer", index=True
    )
    line_id = fields.Many2one(
        "aftersales.inspection.line", string="Point", index="btree_not_null"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Unit",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    severity = fields.Selection(
        [("minor", "Minor"), ("serious", "Serious")], default="minor", required=True
    )
    cause = fields.Text()
    measure = fields.Text(string="Measures")
    owner_id = fields.Many2one("hr.employee")
    attachment_ids = fields.Many2many("ir.attachment", string="Photos and Videos")
    request_id = fields.Many2one(
        "aftersales.request",
        string="Repair Task",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    state = fields.Selection(
        [("noted", "Noted"), ("task", "Being Repaired"), ("repaired", "Repaired")],
        compute="_compute_state",
        store=True,
    )

    @api.depends("line_id")
    def _compute_lot_id(self):
        for finding in self:
            finding.lot_id = finding.line_id.lot_id or finding.lot_id

    @api.depends("request_id.state")
    def _compute_state(self):
        repaired = ("restored", "reported", "closed")
        for finding in self:
            request = finding.request_id
            done = request.state in repaired
            finding.state = "repaired" if done else "task" if request else "noted"

    def _filter_locked(self):
        """A finding in a repair task is proof; the request goes on from there."""
        return super()._filter_locked() | self.filtered("request_id")

    def _get_lock_refusal(self):
        return self.env._("%s is in a repair task already.", self.name)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_task(self):
        if any(finding.request_id for finding in self):
            raise UserError(self.env._("A finding in a repair task is kept."))

    @act("create_task")
    def action_create_task(self, ref=None):
        """Make a repair task of each finding: a request with all that is known (R-V07).

        Evidence, cause and measures go with it; the owner is assigned.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, request_id)
        :raise UserError: cause, measures or owner are missing, or the evidence of a
            serious one
        """
        # technicians may not create requests; the finding speaks for them
        for finding in self.sudo():
            if not finding.request_id:
                finding._check_task()
                finding.request_id = finding._create_request()
        return {"request_id": self.sudo()[-1:].request_id.id}

    def _check_task(self):
        require_text(self.env, self.cause, self.env._("Cause"))
        require_text(self.env, self.measure, self.env._("Measures"))
        if not self.owner_id:
            raise UserError(self.env._("Name the owner of the repair task."))
        self._check_evidence()

    def _check_evidence(self):
        """Serious findings are shown, not only told (R-V07)."""
        shown = any(
            (file.mimetype or "").split("/")[0] in ("image", "video")
            for file in self.attachment_ids
        )
        if self.severity == "serious" and not shown:
            raise UserError(
                self.env._("%s: a serious finding needs a photo or video.", self.name)
            )

    def _create_request(self):
        request = self.env["aftersales.request"].create(self._prepare_request_vals())
        for file in self.attachment_ids:
            file.copy({"res_model": request._name, "res_id": request.id})
        # whoever finds a fault names who repairs it, though agents assign jobs
        request.with_user(SUPERUSER_ID).action_assign(employee_ids=self.owner_id.ids)
        request._message_log(
            body=self.env._("Found on %(visit)s", visit=self.visit_id.summary)
        )
        return request

    def _prepare_request_vals(self):
        """Values of the repair task."""
        visit = self.visit_id
        place = visit.address_id or visit.partner_id
        return {
            "type": "fault",
            "channel": "visit",
            "company_id": visit.company_id.id,
            "partner_id": visit.partner_id.id,
            "contact_name": visit.contact_name,
            "phone": visit.contact_phone,
            "address": " ".join(filter(None, (place.city, place.street))),
            "order_id": visit.order_id.id,
            "lot_id": self.lot_id.id,
            "problem": self.name,
            "symptom": self.line_id.note,
            "severity": "major" if self.severity == "serious" else "general",
            "cause_note": self.cause,
            "measures": self.measure,
        }

    def action_view_request(self):
        """Open the repair task."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }

    def _attach(self, files):
        """Keep photos and videos as evidence.

        :param files: list of dict(name, data in base64)
        :raise UserError: not such a list, or a file is no base64
        """
        vals_list = prepare_files(self, files)
        self.attachment_ids += self.env["ir.attachment"].create(vals_list)
