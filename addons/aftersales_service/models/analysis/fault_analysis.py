from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

TYPES = [
    ("fault", "Fault"),
    ("complaint", "Complaint"),
    ("return", "Return"),
    ("exchange", "Exchange"),
]
# Fields by which causes are compared
DIMENSIONS = [
    ("cause_id", "Cause Class"),
    ("cause_kind", "Lies With"),
    ("product_id", "Product"),
    ("categ_id", "Product Category"),
    ("supplier_id", "Supplier"),
    ("region_id", "Region"),
    ("quality_class", "Quality Class"),
    ("department_id", "Responsible Department"),
    ("team_id", "Team"),
]
VITAL, USEFUL = 80.0, 95.0  # cumulative shares up to which a cause is A or B


class AftersalesFaultAnalysis(models.Model):
    """One row for each fault, complaint, return and exchange, ready to count (R-Q01).

    A database query, nothing is stored twice. The supplier is the product's first one.
    """

    _name = "aftersales.fault.analysis"
    _description = "Analysis of Causes"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one("aftersales.request", readonly=True)
    date = fields.Datetime(string="Reported At", readonly=True)
    type = fields.Selection(TYPES, readonly=True)
    severity = fields.Selection(
        [("general", "General"), ("major", "Major")], readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    region_id = fields.Many2one("aftersales.region", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    supplier_id = fields.Many2one("res.partner", readonly=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    cause_id = fields.Many2one("aftersales.cause", string="Cause Class", readonly=True)
    cause_kind = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.cause"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="Lies With",
        readonly=True,
    )
    quality_class = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.request"]
            ._fields["quality_class"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    department_id = fields.Many2one(
        "hr.department", string="Responsible Department", readonly=True
    )

    @property
    def _table_query(self):
        for model in ("aftersales.request", "aftersales.cause", "product.supplierinfo"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT r.id, r.id AS request_id, r.reported_at AS date, r.type, r.severity,
                   r.company_id, r.partner_id, r.region_id, r.product_id,
                   t.categ_id, s.partner_id AS supplier_id, r.team_id, r.cause_id,
                   c.kind AS cause_kind,
                   r.quality_class, r.responsible_department_id AS department_id
              FROM aftersales_request r
              LEFT JOIN aftersales_cause c ON c.id = r.cause_id
              LEFT JOIN product_product u ON u.id = r.product_id
              LEFT JOIN product_template t ON t.id = u.product_tmpl_id
              LEFT JOIN LATERAL (
                   SELECT i.partner_id FROM product_supplierinfo i
                    WHERE i.product_tmpl_id = t.id
                      AND (i.product_id IS NULL OR i.product_id = u.id)
                      AND (i.company_id IS NULL OR i.company_id = r.company_id)
                    ORDER BY i.sequence, i.id LIMIT 1) s ON TRUE
             WHERE r.state <> 'cancelled' AND r.type IN %(types)s
            """,
            types=tuple(code for code, _label in TYPES),
        )

    @api.model
    def _get_pareto(self, dimension, domain):
        """The vital few: how many cases each value has, most first (R-Q01).

        :param dimension: one of ``DIMENSIONS``
        :param domain: which rows count
        :return: list of dicts: value (id or key, False for unknown), name, count,
            share and cumulative (percent), grade ("A" up to 80 %, "B" to 95 %, "C")
        :raise UserError: unknown dimension
        """
        if dimension not in dict(DIMENSIONS):
            raise UserError(self.env._("Unknown dimension: %s", dimension))
        groups = self._read_group(domain, [dimension], ["__count"])
        groups.sort(key=lambda group: -group[1])
        total, running, rows = sum(count for _value, count in groups), 0, []
        for value, count in groups:
            before = 100.0 * running / total
            running += count
            rows.append(
                {
                    **self._describe(dimension, value),
                    "count": count,
                    "share": 100.0 * count / total,
                    "cumulative": 100.0 * running / total,
                    "grade": "A" if before < VITAL else "B" if before < USEFUL else "C",
                }
            )
        return rows

    def _describe(self, dimension, value):
        """Key and name of a group."""
        field = self._fields[dimension]
        if field.type == "many2one":
            key, name = value.id, value.sudo().display_name  # names aren't secret
        else:
            key = value
            name = dict(field._description_selection(self.env)).get(value)
        return {"value": key or False, "name": name or self.env._("Unknown")}

    def action_open_request(self):
        """Open the request behind a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }
