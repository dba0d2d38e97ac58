from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import is_time, require_text
from ..act.declaration import act


class AftersalesRequest(models.Model):
    """Where a complaint comes from, who answers, what is done (R-C03 to R-C05)."""

    _inherit = "aftersales.request"

    region_id = fields.Many2one(
        "aftersales.region",
        string="Service Region",
        compute="_compute_region_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The customer's region when it was reported, else that of the order's"
        " sales team (R-C09).",
    )
    cause_kind = fields.Selection(related="cause_id.kind", store=True)
    responsible_ids = fields.One2many(
        "aftersales.responsible", "request_id", string="Responsible Parties"
    )
    responsible_department_id = fields.Many2one(
        compute="_compute_responsible",
        inverse="_inverse_responsible",
        store=True,
        readonly=False,
        check_company=True,
    )
    responsible_employee_id = fields.Many2one(
        compute="_compute_responsible",
        inverse="_inverse_responsible",
        store=True,
        readonly=False,
        check_company=True,
    )
    measure_ids = fields.One2many(
        "aftersales.measure", "request_id", string="Corrective and Preventive Measures"
    )
    measure_count = fields.Integer(compute="_compute_measure_count")

    @api.depends("partner_id", "order_id")
    def _compute_region_id(self):
        regions = self.env["aftersales.region"]
        teams = None
        for request in self:
            region = request.partner_id.aftersales_region_id
            team = request.sudo().order_id.team_id
            if not region and team:
                teams = teams if teams is not None else regions._get_tables()[2]
                region = teams.get(team.id, regions)
            request.region_id = region or request.region_id

    @api.depends(
        "responsible_ids.share",
        "responsible_ids.department_id",
        "responsible_ids.employee_id",
    )
    def _compute_responsible(self):
        """The party with the largest share answers first."""
        for request in self:
            parties = request.responsible_ids.sorted("share", reverse=True)
            request.responsible_department_id = parties[:1].department_id
            request.responsible_employee_id = parties[:1].employee_id

    def _inverse_responsible(self):
        """Who is named alone answers for all of it; shares are kept as rows."""
        new, parties = [], self.env["aftersales.responsible"]
        for request in self:
            department = request.responsible_department_id
            employee = request.responsible_employee_id
            vals = {"employee_id": employee.id}
            vals |= {"department_id": department.id} if department else {}
            rows = request.responsible_ids.sorted("share", reverse=True)
            if rows and (employee or department):
                rows[0].write(vals)
            elif rows:
                rows[0].unlink()
            elif employee or department:
                new.append(vals | {"request_id": request.id})
        parties.create(new)

    def _compute_measure_count(self):
        counts = dict(
            self.env["aftersales.measure"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.measure_count = counts.get(request, 0)

    # ------------------------------------------------------------------
    # What the media report
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests.filtered(lambda r: r.channel == "media")._escalate_media()
        return requests

    def write(self, vals):
        media = self.browse()
        if vals.get("channel") == "media":
            media = self.filtered(lambda r: r.channel != "media")
        result = super().write(vals)
        media._escalate_media()
        return result

    def _escalate_media(self):
        """What comes through the media lies before the manager at once (R-C04)."""
        for request in self:
            people = request._sla_recipients("supervisor")
            people |= request._sla_recipients("manager")
            people._aftersales_assign(
                request,
                lambda r, env: env._("In the media: %s", (r.problem or "")[:60]),
            )

    @act("agree_measure")
    def action_agree_measure(self, name, kind, employee_id, due_at, ref=None):
        """Agree on a measure; its owner is told and the promise runs (R-C04).

        :param name: what will be done; required
        :param kind: "corrective" or "preventive"
        :param employee_id: id of the owner
        :param due_at: UTC time to come
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, measure_id)
        """
        self.ensure_one()
        measures = self.env["aftersales.measure"]
        if kind not in measures._fields["kind"].get_values(self.env):
            raise UserError(self.env._("“%s”: corrective or preventive?", kind))
        if not is_time(due_at):
            raise UserError(self.env._("“%s” is not a time to come.", due_at or ""))
        measure = measures.create(
            {
                "request_id": self.id,
                "name": require_text(self.env, name, self.env._("Measure")),
                "kind": kind,
                "employee_id": self._get_employees([employee_id]).id,
                "due_at": due_at,
            }
        )
        return {"measure_id": measure.id}

    def action_view_measures(self):
        """Open what is done about this complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.measure_action"
        )
        return action | {
            "domain": [("request_id", "=", self.id)],
            "context": {"default_request_id": self.id},
        }
