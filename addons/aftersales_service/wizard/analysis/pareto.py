from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ...models.analysis.fault_analysis import DIMENSIONS, TYPES

FILTERS = {"dimension", "date_from", "date_to", "type", "company_id"}


class AftersalesPareto(models.TransientModel):
    """Where most cases come from, with cumulative shares (R-Q01)."""

    _name = "aftersales.pareto"
    _description = "Pareto of Causes"

    dimension = fields.Selection(
        DIMENSIONS, string="Compare By", required=True, default="cause_id"
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._today() - relativedelta(months=3),
    )
    date_to = fields.Date(
        string="Until", required=True, default=lambda self: self._today()
    )
    type = fields.Selection(TYPES, help="Empty: faults, complaints, returns together.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("aftersales.pareto.line", "pareto_id", readonly=True)
    total = fields.Integer(string="Cases", compute="_compute_total")

    @api.model
    def _today(self):
        return self.env.company._aftersales_now_local().date()

    @api.depends("line_ids.count")
    def _compute_total(self):
        for pareto in self:
            pareto.total = sum(pareto.line_ids.mapped("count"))

    @api.depends("dimension")
    def _compute_display_name(self):
        labels = dict(self._fields["dimension"]._description_selection(self.env))
        for pareto in self:
            label = labels.get(pareto.dimension, "")
            pareto.display_name = self.env._("Pareto: %s", label)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(pareto.date_to < pareto.date_from for pareto in self):
            raise ValidationError(self.env._("The time must end after it starts."))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._fill()
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & FILTERS:
            self._fill()
        return result

    def _get_domain(self):
        company = self.company_id
        after = self.date_to + relativedelta(days=1)
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("date", ">=", company._aftersales_at(self.date_from))
        domain &= Domain("date", "<", company._aftersales_at(after))
        return domain & Domain("type", "=", self.type) if self.type else domain

    def _fill(self):
        analysis = self.env["aftersales.fault.analysis"]
        for pareto in self:
            rows = analysis._get_pareto(pareto.dimension, pareto._get_domain())
            pareto.line_ids = [Command.clear()] + [
                Command.create(dict(row, value=str(row["value"] or ""))) for row in rows
            ]

    @api.model
    def action_open(self):
        """Menu: open the last three months, counted already."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pareto"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_show(self):
        """Button: the form is saved before, which counts with its filters.

        :return: True
        """
        return True

    def action_chart(self):
        """Open the cases as a chart."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.fault_analysis_action"
        )
        return action | {
            "domain": list(self._get_domain()),
            "context": {"graph_groupbys": [self.dimension], "graph_order": "DESC"},
            "views": [(False, "graph"), (False, "pivot"), (False, "list")],
        }


class AftersalesParetoLine(models.TransientModel):
    """One cause, product, supplier or region with its share."""

    _name = "aftersales.pareto.line"
    _description = "Line of a Pareto"
    _order = "count desc, id"

    pareto_id = fields.Many2one("aftersales.pareto", required=True, ondelete="cascade")
    name = fields.Char()
    value = fields.Char()
    count = fields.Integer(string="Cases")
    share = fields.Float(string="Share (%)", digits=(16, 1))
    cumulative = fields.Float(string="Cumulative (%)", digits=(16, 1))
    grade = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C")],
        help="A: the first 80 % of the cases, B: up to 95 %, C: the rest.",
    )

    def action_open_records(self):
        """Open the cases behind a line."""
        self.ensure_one()
        pareto = self.pareto_id
        analysis = self.env["aftersales.fault.analysis"]
        is_record = analysis._fields[pareto.dimension].relational
        value = int(self.value or 0) if is_record else self.value
        domain = pareto._get_domain()
        domain &= Domain(pareto.dimension, "=", value or False)
        cases = analysis.search(domain)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "aftersales.request",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", cases.request_id.ids)],
            "context": {"create": False},
        }
