from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...concurrency import serialize
from ...tools import clean_text

CSAT = [
    ("1", "Bad"),
    ("2", "Poor"),
    ("3", "Fair"),
    ("4", "Rather Good"),
    ("5", "Good"),
]
NPS = [(str(value), str(value)) for value in range(11)]
BY_HAND = ("letter", "store", "phone")  # channels that people enter
COMPLAINT_CHANNEL = {"link": "web", "survey": "web"}
LONGEST = 5000  # characters of remarks


def check_score(env, value, scores, label):
    """Return a score as the key of its selection; False when none was given.

    :param value: whole number or its text
    :param scores: the selection, ``CSAT`` or ``NPS``
    :raise UserError: not one of the scores
    """
    if value is None or value is False or value == "":
        return False
    keys = [key for key, _label in scores]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or str(value).strip() not in keys:
        raise UserError(
            env._(
                "%(label)s: “%(value)s” is not a number from %(low)s to %(high)s.",
                label=label,
                value=value,
                low=keys[0],
                high=keys[-1],
            )
        )
    return str(value).strip()


class AftersalesFeedback(models.Model):
    """One answer of a customer, whatever way it came (R-V11, R-D14, R-S14).

    There is one row for each source and channel; rows are never changed. A low score
    opens a complaint by itself, once for each source.
    """

    _name = "aftersales.feedback"
    _description = "Customer Feedback"
    _order = "answered_at desc, id desc"
    _rec_name = "source_name"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True
    )
    answered_at = fields.Datetime(
        string="Answered On", required=True, default=fields.Datetime.now, index=True
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("link", "Link"),
            ("survey", "Survey"),
            ("letter", "Letter"),
            ("store", "Store"),
        ],
        required=True,
        default="letter",
    )
    res_model = fields.Char(string="Source Model")
    res_id = fields.Many2oneReference(string="Source ID", model_field="res_model")
    source_name = fields.Char(string="Source")
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", index="btree_not_null")
    lot_id = fields.Many2one(
        "stock.lot", string="Serial Number", index="btree_not_null"
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        index="btree_not_null",
        help="Whose work was rated.",
    )
    department_id = fields.Many2one("hr.department")
    team_id = fields.Many2one("aftersales.team")
    region_id = fields.Many2one("aftersales.region", index="btree_not_null")
    csat = fields.Selection(CSAT, string="Rating")
    nps = fields.Selection(
        NPS,
        string="Recommendation",
        help="Would you recommend us? 0 not at all, 10 by all means.",
    )
    remarks = fields.Text()
    is_low = fields.Boolean(
        string="Low",
        compute="_compute_is_low",
        store=True,
        help="Below the company's limits of that day: a complaint was opened.",
    )
    complaint_id = fields.Many2one(
        "aftersales.request", readonly=True, index="btree_not_null"
    )
    csat_value = fields.Float(
        string="Average Rating", compute="_compute_shares", aggregator="avg"
    )
    csat_share = fields.Float(
        string="Satisfied (%)",
        compute="_compute_shares",
        aggregator="avg",
        help="CSAT: share of ratings 4 and 5.",
    )
    nps_share = fields.Float(
        string="NPS",
        compute="_compute_shares",
        aggregator="avg",
        help="Share of 9 and 10 minus share of 0 to 6, from -100 to 100.",
    )

    _source_uniq = models.UniqueIndex(
        "(res_model, res_id, channel) WHERE res_id IS NOT NULL",
        "This was answered already.",
    )
    _score_given = models.Constraint(
        "CHECK (csat IS NOT NULL OR nps IS NOT NULL)",
        "A feedback needs a rating or a recommendation.",
    )

    @api.depends("csat", "nps")
    def _compute_is_low(self):
        for feedback in self:
            company = feedback.company_id
            feedback.is_low = bool(
                (feedback.csat and int(feedback.csat) <= company.aftersales_low_csat)
                or (feedback.nps and int(feedback.nps) <= company.aftersales_low_nps)
            )

    @api.depends("csat", "nps")
    def _compute_shares(self):
        for feedback in self:
            csat, nps = int(feedback.csat or 0), int(feedback.nps or -1)
            feedback.csat_value = csat
            feedback.csat_share = 100.0 * (csat >= 4)
            feedback.nps_share = 100.0 * ((nps >= 9) - (0 <= nps <= 6))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Averages leave out what the customer was not asked."""
        if field_expr == "csat_value":
            return SQL("%s::int", self._field_to_sql(alias, "csat", query))
        if field_expr == "csat_share":
            csat = self._field_to_sql(alias, "csat", query)
            return SQL(
                "CASE WHEN %(c)s >= '4' THEN 100.0 WHEN %(c)s < '4' THEN 0.0 END",
                c=csat,
            )
        if field_expr == "nps_share":
            return SQL(
                "CASE WHEN %(n)s::int >= 9 THEN 100.0 WHEN %(n)s::int >= 7 THEN 0.0"
                " WHEN %(n)s::int >= 0 THEN -100.0 END",
                n=self._field_to_sql(alias, "nps", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_by_hand(vals_list)
        self._complete_vals(vals_list)
        records = super().create(vals_list)
        records._open_complaints()
        return records

    def _check_by_hand(self, vals_list):
        """People enter letters and calls; links speak for themselves."""
        for vals in vals_list:
            if vals.get("channel", "letter") not in BY_HAND:
                raise UserError(
                    self.env._("Answers by link are recorded by the customer.")
                )
            if fields.Datetime.to_datetime(vals.get("answered_at")) and (
                fields.Datetime.to_datetime(vals["answered_at"]) > fields.Datetime.now()
            ):
                raise UserError(self.env._("The answer is in the future."))

    def _complete_vals(self, vals_list):
        """Region and department as they are on that day."""
        partners = self.env["res.partner"].browse(
            [vals.get("partner_id") for vals in vals_list]
        )
        employees = self.env["hr.employee"].sudo()  # agents may not read employees
        regions = {partner.id: partner._get_region().id for partner in partners}
        for vals in vals_list:
            employee = employees.browse(vals.get("employee_id"))
            vals.setdefault("department_id", employee.department_id.id)
            vals.setdefault("region_id", regions.get(vals.get("partner_id")))

    def _filter_locked(self):
        """What a customer said stays as it was said."""
        return self

    def _get_lock_refusal(self):
        return self.env._("A customer's answer is not changed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answer(self):
        raise UserError(self.env._("A customer's answer is not deleted."))

    @api.model
    def _record_answer(self, source, vals):
        """Keep an answer about a record, once for each channel.

        :param source: the record it is about (``aftersales.feedback.mixin`` or other)
        :param vals: values of the feedback: channel, csat, nps, remarks and the facts
        :return: the new feedback (sudo)
        :raise UserError: answered on this channel already
        """
        vals = vals | {
            "res_model": source._name,
            "res_id": source.id,
            "source_name": source.sudo().display_name,
            "remarks": clean_text(vals.get("remarks"), LONGEST),
        }
        serialize(source)  # one complaint, if two channels answer at once
        feedback = self.sudo()  # customers and agents act through methods only
        names = ("res_model", "res_id", "channel")
        if feedback.search_count([(name, "=", vals[name]) for name in names], limit=1):
            raise UserError(self.env._("This was answered already. Thank you!"))
        return feedback.create(vals)

    # ------------------------------------------------------------------
    # Low scores
    # ------------------------------------------------------------------

    def _open_complaints(self):
        """A low score becomes a complaint with its promises, once for a source."""
        for feedback in self.sudo().filtered(lambda f: f.is_low):  # customers can't
            known = feedback._get_siblings().complaint_id[:1]
            feedback.complaint_id = known or self.env[
                "aftersales.request"
            ].sudo().create(feedback._prepare_complaint_vals())
            if known:
                known._message_log(body=feedback._get_complaint_text())

    def _get_siblings(self):
        """What the customer said about the same source on other channels."""
        if not self.res_id:
            return self.browse()
        return self.search(
            [
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("id", "!=", self.id),
            ]
        )

    def _prepare_complaint_vals(self):
        """Values of the complaint that a low score opens."""
        self.ensure_one()
        channel = COMPLAINT_CHANNEL.get(self.channel, self.channel)
        return {
            "type": "complaint",
            "channel": channel,
            "partner_id": self.partner_id.id,
            "order_id": self.order_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id or self._get_team().id,
            "reported_at": self.answered_at,
            "problem": self._get_complaint_text(),
            "feedback_id": self.id,
        }

    def _get_team(self):
        return self.env["aftersales.team"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    def _get_complaint_text(self):
        env = self.with_context(lang=self.company_id.partner_id.lang).env
        lines = [
            env._("Low score: %s", self.source_name or self.partner_id.display_name),
            self.csat and env._("Rating: %s of 5", self.csat),
            self.nps and env._("Recommendation: %s of 10", self.nps),
            self.remarks,
        ]
        return "\n".join(filter(None, lines))

    def action_open_source(self):
        """Open what the customer was asked about."""
        self.ensure_one()
        if not self.res_id:
            raise UserError(self.env._("This answer belongs to no document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
