from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...readers import USER

LISTED = 80  # newest records on the page; a button opens all
# field of the file → model
LISTS = {
    "file_order_ids": "sale.order",
    "file_request_ids": "aftersales.request",
    "file_visit_ids": "aftersales.visit",
    "file_clock_ids": "aftersales.sla.clock",
    "file_contact_ids": "aftersales.contact",
    "file_feedback_ids": "aftersales.feedback",
    "file_timeline_ids": "aftersales.timeline",
}


class AftersalesFile(models.AbstractModel):
    """Everything about a customer or a unit on one page (R-V09).

    A model that inherits it says what belongs to it in ``_get_file_domain``; the page
    takes a constant number of queries whatever its age.
    """

    _name = "aftersales.file"
    _description = "After-sales File"

    file_order_ids = fields.Many2many(
        "sale.order", string="Contracts", compute="_compute_file", groups=USER
    )
    file_request_ids = fields.Many2many(
        "aftersales.request", string="Requests", compute="_compute_file", groups=USER
    )
    file_visit_ids = fields.Many2many(
        "aftersales.visit", string="Visits", compute="_compute_file", groups=USER
    )
    file_clock_ids = fields.Many2many(
        "aftersales.sla.clock", string="Promises", compute="_compute_file", groups=USER
    )
    file_contact_ids = fields.Many2many(
        "aftersales.contact", string="Contacts", compute="_compute_file", groups=USER
    )
    file_feedback_ids = fields.Many2many(
        "aftersales.feedback", string="Feedback", compute="_compute_file", groups=USER
    )
    file_timeline_ids = fields.Many2many(
        "aftersales.timeline", string="Timeline", compute="_compute_file", groups=USER
    )
    file_open_count = fields.Integer(
        string="Open Requests", compute="_compute_file_figures", groups=USER
    )
    file_visit_count = fields.Integer(
        string="Visits Done", compute="_compute_file_figures", groups=USER
    )
    file_broken_count = fields.Integer(
        string="Broken Promises", compute="_compute_file_figures", groups=USER
    )
    file_csat = fields.Float(
        string="Rating of 5",
        compute="_compute_file_figures",
        groups=USER,
        digits=(16, 1),
    )

    def _get_file_domain(self, model):
        """Which records of a model belong to this file.

        :param model: technical name, one of ``LISTS``
        :return: domain
        """
        raise NotImplementedError

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_file(self):
        for record in self:
            for name, model in LISTS.items():
                records = self.env[model]
                if record._origin and records.has_access("read"):
                    domain = record._origin._get_file_domain(model)
                    records = records.search(domain, limit=LISTED)
                record[name] = records

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_file_figures(self):
        open_states = Domain("state", "not in", ("closed", "cancelled"))
        for record in self:
            of = record._origin._get_file_domain
            request, visit = "aftersales.request", "aftersales.visit"
            clock, feedback = "aftersales.sla.clock", "aftersales.feedback"
            record.file_open_count = self.env[request].search_count(
                Domain(of(request)) & open_states
            )
            record.file_visit_count = self.env[visit].search_count(
                Domain(of(visit)) & Domain("state", "=", "done")
            )
            record.file_broken_count = self.env[clock].search_count(
                Domain(of(clock)) & Domain("state", "=", "breached")
            )
            [(average,)] = self.env[feedback]._read_group(
                Domain(of(feedback)), [], ["csat_value:avg"]
            )
            record.file_csat = average or 0.0

    def action_view_file_list(self):
        """Open all records of one kind; the context's ``file_list`` says which.

        :return: action with a list
        :raise UserError: unknown kind
        """
        self.ensure_one()
        name = self.env.context.get("file_list")
        if name not in LISTS:
            raise UserError(self.env._("Unknown list: %s", name))
        return {
            "type": "ir.actions.act_window",
            "name": self._fields[name]._description_string(self.env),
            "res_model": LISTS[name],
            "views": [(False, "list"), (False, "form")],
            "domain": list(Domain(self._get_file_domain(LISTS[name]))),
            "context": {"create": False},
        }
