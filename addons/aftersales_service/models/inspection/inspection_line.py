from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .inspection_criterion import WORK

OWN = "_filter_own_points"  # points and limits of the list stay as they were


class AftersalesInspectionLine(models.Model):
    """One point of one unit on one visit: the value, against the limits it had then."""

    _name = "aftersales.inspection.line"
    _description = "Inspection Result"
    _order = "visit_id, lot_id, sequence, id"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, ondelete="cascade", index=True, parent=True
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    lot_id = fields.Many2one(
        "stock.lot", string="Unit", index="btree_not_null", editable=OWN
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    criterion_id = fields.Many2one("aftersales.inspection.criterion", readonly=True)
    name = fields.Char(string="Point", required=True, editable=OWN)
    sequence = fields.Integer(default=10)
    work = fields.Selection(WORK, required=True, default="check", editable=OWN)
    unit = fields.Char(string="Unit of Measure", editable=OWN)
    has_lower = fields.Boolean(editable=OWN)
    lower = fields.Float(digits=(16, 4), editable=OWN)
    has_upper = fields.Boolean(editable=OWN)
    upper = fields.Float(digits=(16, 4), editable=OWN)
    limits = fields.Char(compute="_compute_limits")
    mandatory = fields.Boolean(default=True, editable=OWN)
    value = fields.Float(digits=(16, 4), aggregator="avg")
    measured = fields.Boolean(
        help="The value was read; 0 is a value, too.",
        compute="_compute_measured",
        store=True,
        readonly=False,
    )
    ok = fields.Selection([("yes", "In Order"), ("no", "Not in Order")], string="Seen")
    lubricant_id = fields.Many2one("aftersales.lubricant", string="Lubricant Used")
    lubricant_reason = fields.Char(
        string="Why Another", help="Why not the lubricant of the unit (R-V08)."
    )
    note = fields.Char(string="Remark")
    result = fields.Selection(
        [("open", "To Do"), ("good", "In Order"), ("bad", "Not in Order")],
        compute="_compute_result",
        store=True,
    )
    finding_ids = fields.One2many("aftersales.finding", "line_id", string="Findings")

    _point_uniq = models.UniqueIndex(
        "(visit_id, lot_id, criterion_id) WHERE criterion_id IS NOT NULL",
        "This point is on the list of the visit already.",
    )

    @api.depends("value")
    def _compute_measured(self):
        for line in self:
            line.measured = line.measured or bool(line.value)

    @api.depends("unit", "has_lower", "lower", "has_upper", "upper")
    def _compute_limits(self):
        for line in self:
            low = f"≥ {line.lower:g}" if line.has_lower else ""
            high = f"≤ {line.upper:g}" if line.has_upper else ""
            bounds = " ".join(filter(None, (low, high)))
            if line.has_lower and line.has_upper:
                bounds = f"{line.lower:g} – {line.upper:g}"
            line.limits = " ".join(filter(None, (bounds, line.unit)))

    @api.depends(
        "work", "measured", "value", "ok", "has_lower", "lower", "has_upper", "upper"
    )
    def _compute_result(self):
        for line in self:
            if line.work == "measure":
                line.result = line._judge() if line.measured else "open"
            else:
                line.result = {"yes": "good", "no": "bad"}.get(line.ok, "open")

    def _judge(self):
        """A value on the limit is in order."""
        low = self.has_lower and self.value < self.lower
        high = self.has_upper and self.value > self.upper
        return "bad" if low or high else "good"

    @api.constrains("work", "ok", "lubricant_id", "lubricant_reason", "lot_id")
    def _check_lubricant(self):
        """One lubricant for each unit; another one needs its reason (R-V08)."""
        for line in self.filtered(lambda x: x.work == "lubricate"):
            if line.ok == "yes" and not line.lubricant_id:
                raise ValidationError(
                    self.env._("%s: which lubricant was used?", line.name)
                )
            usual = line.lot_id.sudo().lubricant_id
            other = line.lubricant_id and usual and line.lubricant_id != usual
            if other and not (line.lubricant_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(unit)s is lubricated with %(usual)s, not with %(used)s. Use"
                        " the right one, or say why another one is needed.",
                        unit=line.lot_id.name,
                        usual=usual.name,
                        used=line.lubricant_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._learn_lubricant()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.get("lubricant_id"):
            self._learn_lubricant()
        return result

    def _filter_own_points(self):
        """Points that don't come from the list."""
        return self.filtered(lambda line: not line.criterion_id)

    def _learn_lubricant(self):
        """The first lubricant that a unit gets is the one it keeps (R-V08)."""
        for line in self:
            lot = line.lot_id.sudo()  # technicians only read units
            if line.lubricant_id and lot and not lot.lubricant_id:
                lot.lubricant_id = line.lubricant_id
