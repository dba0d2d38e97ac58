from odoo import api, fields, models
from odoo.tools import SQL

# model → SQL of one branch: number, date, customer, unit, text
BRANCHES = {
    "aftersales.request": (
        "SELECT id, reported_at, partner_id, lot_id, order_id, company_id,"
        " concat_ws(' ', name, left(problem, 120)), type FROM aftersales_request"
    ),
    "aftersales.visit": (
        "SELECT id, coalesce(completed_at, scheduled_start, create_date), partner_id,"
        " NULL::int, order_id, company_id, concat_ws(' ', name, left(outcome, 120)),"
        " kind FROM aftersales_visit WHERE state <> 'cancelled'"
    ),
    "aftersales.contact": (
        "SELECT id, contacted_at, partner_id, lot_id, order_id, company_id, subject,"
        " channel FROM aftersales_contact"
    ),
    "aftersales.feedback": (
        "SELECT id, answered_at, partner_id, lot_id, order_id, company_id,"
        " concat_ws(' ', csat || '/5', left(remarks, 120)), channel"
        " FROM aftersales_feedback"
    ),
    "sale.order": (
        "SELECT id, date_order, partner_id, NULL::int, id, company_id, name, 'order'"
        " FROM sale_order WHERE state = 'sale'"
    ),
    "aftersales.acceptance": (
        "SELECT id, signed_on, partner_id, NULL::int, order_id, company_id, name,"
        " 'acceptance' FROM aftersales_acceptance WHERE signed_on IS NOT NULL"
    ),
}
# model → its field that says what kind of entry it is
KINDS = {
    "aftersales.request": "type",
    "aftersales.visit": "kind",
    "aftersales.contact": "channel",
    "aftersales.feedback": "channel",
}
SLOTS = 16  # models that the ids of one view leave room for


class AftersalesTimeline(models.Model):
    """Everything that happened with a customer or unit, in one list (R-V09).

    A database view: nothing is stored twice. Filtered by customer or unit the
    database reads each table by its index.
    """

    _name = "aftersales.timeline"
    _description = "Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "text"

    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    lot_id = fields.Many2one("stock.lot", string="Serial Number", readonly=True)
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Selection(
        [
            ("aftersales.request", "Request"),
            ("aftersales.visit", "Visit"),
            ("aftersales.contact", "Contact"),
            ("aftersales.feedback", "Feedback"),
            ("sale.order", "Order"),
            ("aftersales.acceptance", "Acceptance"),
        ],
        string="What",
        readonly=True,
    )
    res_id = fields.Integer(readonly=True)
    text = fields.Char(readonly=True)
    title = fields.Char(string="What Happened", compute="_compute_title")
    kind = fields.Char(readonly=True)

    @property
    def _table_query(self):
        for model in BRANCHES:
            self.env[model].flush_model()
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT id::bigint * %(slots)s + %(slot)s AS id, date, partner_id,"
                " lot_id, order_id, company_id, %(model)s AS res_model,"
                " id AS res_id, text, kind"
                " FROM (%(branch)s) AS"
                " t(id, date, partner_id, lot_id, order_id, company_id, text, kind)",
                slots=SLOTS,
                slot=slot,
                model=model,
                branch=SQL(branch),
            )
            for slot, (model, branch) in enumerate(BRANCHES.items())
        )

    @api.depends("text", "kind")
    def _compute_title(self):
        labels = {
            model: dict(self.env[model]._fields[field]._description_selection(self.env))
            for model, field in KINDS.items()
        }
        for entry in self:
            kind = labels.get(entry.res_model, {}).get(entry.kind)
            entry.title = " · ".join(filter(None, (kind, entry.text)))

    def action_open(self):
        """Open the document behind the entry."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
