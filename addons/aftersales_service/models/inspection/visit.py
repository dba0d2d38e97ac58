from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import check_keys, check_values, require_text
from ..act.declaration import act

INSPECTED = ("inspection", "maintenance", "revisit", "survey")
REPORTED = ("line_id", "lot_id", "name", "severity", "cause", "measure", "owner_id")


class AftersalesVisit(models.Model):
    """What was measured and found on a visit (R-V07, R-V08)."""

    _name = "aftersales.visit"
    _inherit = ["aftersales.visit", "aftersales.act.mixin"]

    inspection_line_ids = fields.One2many(
        "aftersales.inspection.line", "visit_id", string="Measurements"
    )
    finding_ids = fields.One2many("aftersales.finding", "visit_id", string="Findings")
    finding_count = fields.Integer(compute="_compute_finding_count")

    def _compute_finding_count(self):
        counts = dict(
            self.env["aftersales.finding"]._read_group(
                [("visit_id", "in", self.ids)], ["visit_id"], ["__count"]
            )
        )
        for visit in self:
            visit.finding_count = counts.get(visit, 0)

    @act(
        "prepare_inspection",
        states=("draft", "confirmed", "en_route", "on_site"),
    )
    def action_prepare_inspection(self, ref=None):
        """Put the points of each unit on the list of these visits, once (R-V07).

        Happens by itself on arrival; earlier for a sheet on paper. Limits are those of
        today and stay.

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, lines)
        """
        visits = self.sudo()
        visits._fill_inspection()
        return {"lines": len(visits[-1:].inspection_line_ids)}

    def _fill_inspection(self):
        lines, points = self.env["aftersales.inspection.line"].sudo(), {}
        criteria = self.env["aftersales.inspection.criterion"].sudo()
        for company, visits in self.grouped("company_id").items():
            lots = visits.lot_ids
            found = criteria._get_for(lots.product_id, company)
            points |= {(company, product): x for product, x in found.items()}
        known = {
            (x.visit_id, x.lot_id, x.criterion_id) for x in self.inspection_line_ids
        }
        lines.create(
            [
                self._prepare_inspection_vals(visit, lot, point)
                for visit in self
                for lot in visit.lot_ids
                for point in points.get((visit.company_id, lot.product_id), ())
                if (visit, lot, point) not in known
            ]
        )

    def _prepare_inspection_vals(self, visit, lot, point):
        """Values of a line: the point with its limits as they are today."""
        point = point.with_context(lang=visit.company_id.partner_id.lang)
        names = ("name", "sequence", "work", "unit", "mandatory")
        limits = ("has_lower", "lower", "has_upper", "upper")
        return {name: point[name] for name in names + limits} | {
            "visit_id": visit.id,
            "lot_id": lot.id,
            "criterion_id": point.id,
            "lubricant_id": False,
        }

    def action_arrive(self, at=None):
        result = super().action_arrive(at)
        self.sudo().filtered(lambda v: v.kind in INSPECTED)._fill_inspection()
        return result

    def _check_completion(self):
        """Every point is done, and serious findings are in a repair task (R-V07)."""
        result = super()._check_completion()
        todo = self.inspection_line_ids.filtered(
            lambda x: x.mandatory and x.result == "open"
        )
        if todo:
            raise UserError(
                self.env._(
                    "Still to measure or check: %s",
                    ", ".join(f"{x.lot_id.name or ''} {x.name}" for x in todo[:10]),
                )
            )
        loose = self.finding_ids.filtered(
            lambda f: f.severity == "serious" and not f.request_id
        )
        if loose:
            raise UserError(
                self.env._(
                    "Serious findings without a repair task: %s",
                    ", ".join(loose.mapped("name")),
                )
            )
        return result

    @act("report_finding", states=("on_site", "done"))
    def action_report_finding(self, vals, files=None, task=True, ref=None):
        """Record what was found and make its repair task in one act (R-V07).

        :param vals: dict of name (what was found; required), line_id, lot_id,
            severity ("minor" or "serious"), cause, measure, owner_id
        :param files: list of dict(name, data in base64): photos and videos
        :param task: make the repair task at once
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, finding_id, request_id)
        :raise UserError: names what is missing or unknown
        """
        self.ensure_one()
        vals = check_keys(self.env, vals, REPORTED)
        require_text(self.env, vals.get("name"), self.env._("Found"))
        check_values(self.env["aftersales.finding"], vals)
        vals = {name: value for name, value in vals.items() if value}
        visit = self.sudo()
        line = self.env["aftersales.inspection.line"].browse(vals.get("line_id") or [])
        if line and line.visit_id != visit:
            raise UserError(self.env._("The point isn't part of %s.", visit.name))
        finding = self.env["aftersales.finding"].create(vals | {"visit_id": visit.id})
        finding._attach(files or [])
        request_id = finding.action_create_task()["request_id"] if task else False
        return {"finding_id": finding.id, "request_id": request_id}
