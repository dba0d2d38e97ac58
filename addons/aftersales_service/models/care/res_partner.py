from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...readers import USER
from ..act.declaration import act


class ResPartner(models.Model):
    """The customer file: one page for each customer (R-V09); key customers (R-V04)."""

    _name = "res.partner"
    _inherit = ["res.partner", "aftersales.file", "aftersales.act.mixin"]

    is_key_customer = fields.Boolean(
        string="Key Customer",
        tracking=True,
        help="Visited at least once a year, with a written report (R-V04).",
        groups="base.group_user",
    )
    file_lot_ids = fields.Many2many(
        "stock.lot", string="Units", compute="_compute_file_lot_ids", groups=USER
    )
    file_currency_id = fields.Many2one(
        "res.currency", compute="_compute_file_money", groups=USER
    )
    file_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_file_money",
        currency_field="file_currency_id",
        groups=USER,
    )
    file_due = fields.Monetary(
        string="Still to Pay",
        compute="_compute_file_money",
        currency_field="file_currency_id",
        groups=USER,
    )
    file_liability = fields.Monetary(
        string="Liabilities",
        compute="_compute_file_money",
        currency_field="file_currency_id",
        groups=USER,
        help="What broken promises to this customer cost us; waived ones don't count.",
    )

    def _get_region(self):
        """Region by which feedback and causes are compared (R-C09).

        :return: aftersales.region; empty when unknown
        """
        return self.aftersales_region_id

    def _get_file_domain(self, model):
        family = ("child_of", self.commercial_partner_id.ids)
        if model == "aftersales.liability":
            return Domain("order_id.partner_id", *family)
        domain = Domain("partner_id", *family)
        if model == "sale.order":
            domain &= Domain("state", "=", "sale")
        return domain

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_file_lot_ids(self):
        for partner in self:
            ids = partner._origin._get_delivered_lot_ids()
            lots = self.env["stock.lot"].search([("id", "in", ids)], order="id desc")
            partner.file_lot_ids = lots

    def _get_delivered_lot_ids(self):
        """Ids of the units delivered to this customer and not returned since."""
        self.env["stock.move.line"].flush_model()
        family = self.with_context(active_test=False).search(
            [("id", "child_of", self.commercial_partner_id.ids)]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT ml.lot_id FROM sale_order o
                     JOIN sale_order_line l ON l.order_id = o.id
                     JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
                     JOIN stock_move_line ml ON ml.move_id = m.id
                     JOIN stock_location f ON f.id = ml.location_id
                     JOIN stock_location t ON t.id = ml.location_dest_id
                    WHERE o.partner_id = ANY(%s) AND o.company_id = ANY(%s)
                      AND ml.lot_id IS NOT NULL
                    GROUP BY ml.lot_id
                   HAVING sum((t.usage = 'customer')::int
                              - (f.usage = 'customer')::int) > 0""",
                family.ids,
                self.env.companies.ids,
            )
        )
        return [row[0] for row in rows]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_file_money(self):
        company = self.env.company
        # agents see totals only, no accounts
        moves = self.env["account.move"].sudo()
        for partner in self:
            domain = [
                (
                    "commercial_partner_id",
                    "=",
                    partner._origin.commercial_partner_id.id,
                ),
                ("company_id", "=", company.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
            [(invoiced, due)] = moves._read_group(
                domain, [], ["amount_total_signed:sum", "amount_residual_signed:sum"]
            )
            [(liability,)] = self.env["aftersales.liability"]._read_group(
                Domain(partner._origin._get_file_domain("aftersales.liability"))
                & Domain("state", "!=", "waived"),
                [],
                ["amount:sum"],
            )
            partner.file_currency_id = company.currency_id
            partner.file_invoiced, partner.file_due = invoiced, due
            partner.file_liability = liability

    def action_view_file(self):
        """Open the page with everything about this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.customer_file_action"
        )
        view = self.env.ref("aftersales_service.res_partner_view_form_file")
        return action | {
            "res_id": self.commercial_partner_id.id,
            "views": [(view.id, "form")],
        }

    @act("toggle_key_customer", access="read", role="supervisor")
    def action_toggle_key_customer(self, ref=None):
        """Supervisors say who is a key customer (R-V04).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, is_key_customer)
        """
        for partner in self.sudo():  # supervisors don't edit the address book
            partner.is_key_customer = not partner.is_key_customer
        return {"is_key_customer": self[-1:].is_key_customer}

    # ------------------------------------------------------------------
    # The yearly report of a key customer
    # ------------------------------------------------------------------

    def _get_year_report(self):
        """What was done for this customer within the last twelve months (R-V04).

        :return: dict: since, until (local dates), visits, requests, feedback
            (records the user may see), kept, broken (numbers), csat, nps
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        until = company._aftersales_now_local().date()
        since = until - relativedelta(years=1)
        start = company._aftersales_at(since)

        def within(model, field):
            domain = Domain(self._get_file_domain(model)) & Domain(field, ">=", start)
            return self.env[model].search(domain, order=field)

        clocks = within("aftersales.sla.clock", "deadline").mapped("state")
        feedback = within("aftersales.feedback", "answered_at")
        csat = [int(f.csat) for f in feedback if f.csat]
        nps = [f.nps_share for f in feedback if f.nps]
        return {
            "since": since,
            "until": until,
            "visits": within("aftersales.visit", "completed_at"),
            "requests": within("aftersales.request", "reported_at"),
            "feedback": feedback,
            "kept": clocks.count("met"),
            "broken": clocks.count("breached"),
            "csat": sum(csat) / len(csat) if csat else 0.0,
            "nps": sum(nps) / len(nps) if nps else 0.0,
        }
