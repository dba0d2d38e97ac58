from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.concurrency import serialize
from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import check_keys, require_text

RESULT = ("name", "value", "passed")


class AftersalesWarrantyMaintenance(models.Model):
    """The demonstration before a term ends: what was measured, passed or not
    (R-W04, R-W05)."""

    _name = "aftersales.warranty.maintenance"
    _description = "Final Maintenance"
    _inherit = ["aftersales.act.mixin", "mail.thread"]
    _order = "id desc"
    _locked_states = ("passed", "failed", "cancelled")

    card_id = fields.Many2one(
        "aftersales.warranty.card",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(related="card_id.company_id", store=True)
    product_id = fields.Many2one(related="card_id.product_id")
    lot_id = fields.Many2one(related="card_id.lot_id")
    partner_id = fields.Many2one(related="card_id.partner_id")
    term_end = fields.Date(string="Before", required=True, readonly=True)
    visit_id = fields.Many2one(
        "aftersales.visit", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("passed", "Passed"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    line_ids = fields.One2many(
        "aftersales.warranty.maintenance.line", "maintenance_id", string="Criteria"
    )
    note = fields.Text()
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    request_id = fields.Many2one(
        "aftersales.request",
        string="Repair",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    _term_uniq = models.UniqueIndex(
        "(card_id, term_end) WHERE state != 'cancelled'",
        "The final maintenance of this term is planned already.",
    )

    @api.depends("card_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.card_id.name

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("The history of a card can't be changed."))

    def _get_lock_refusal(self):
        return self.env._("%s: the result is recorded.", self.card_id.name)

    @act("pass", states=("planned",), to="passed", stamp="done_at", access="read")
    def action_pass(self, ref=None):
        """All is as promised: the customer gets the certificate (R-W04).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, extended, end_date, request_id)
        :raise UserError: a criterion isn't met, or isn't measured
        """
        rows = self._take_result()
        rows._check_lines("failed", self.env._("Not met: %s"))
        rows._check_lines(False, self.env._("Not measured yet: %s"))
        return rows[-1:]._get_result_facts()

    def _check_pass(self, values):
        """Who may work on the visit records its results."""
        self.visit_id.check_access("write")

    def _after_pass(self, values):
        """The customer gets the certificate (R-W04)."""
        events = self.env["aftersales.warranty.event"]
        template = self.env.ref("aftersales_warranty.mail_template_maintenance_passed")
        for row in self.sudo():
            text = row.note or self.env._("As promised")
            events._log(row.card_id, "maintenance_passed", text)
            if row.partner_id.email:
                row.message_post_with_source(template, subtype_xmlid="mail.mt_comment")

    @act("fail", states=("planned",), to="failed", stamp="done_at", access="read")
    def action_fail(self, ref=None):
        """It doesn't perform as promised: repaired at our cost, extended once (R-W05).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, extended, end_date, request_id)
        :raise UserError: the note doesn't say what was found
        """
        rows = self._take_result()
        for row in rows:
            require_text(self.env, row.note, self.env._("Note"))
            row._on_failed()
        return rows[-1:]._get_result_facts()

    def _check_fail(self, values):
        """Who may work on the visit records its results."""
        self.visit_id.check_access("write")

    def _take_result(self):
        """Note who records results, on the rows as the system writes them."""
        rows = self.sudo()  # results are readonly to clients
        serialize(rows.card_id)  # a warranty is extended once
        rows.write({"done_by_id": self.env.uid})
        return rows

    def _get_result_facts(self):
        card = self.card_id
        return {
            "extended": self in card.extension_ids.maintenance_id,
            "end_date": fields.Date.to_string(card.end_date),
            "request_id": self.request_id.id,
        }

    def _fill_results(self, results):
        """Enter measured results that came with the call.

        :param results: list of dicts of name (of a criterion), value, passed
        """
        by_name = self.line_ids.grouped("name")
        if not isinstance(results or [], list | tuple):
            raise UserError(self.env._("A list of results is needed."))
        for given in results or []:
            vals = check_keys(self.env, given, RESULT)
            line = by_name.get(vals.get("name"))
            if not line:
                raise UserError(
                    self.env._(
                        "“%(name)s” is none of the criteria: %(names)s",
                        name=vals.get("name"),
                        names=", ".join(by_name),
                    )
                )
            line.write(
                {
                    "value": vals.get("value") or False,
                    "result": "passed" if vals.get("passed") else "failed",
                }
            )

    def _check_lines(self, result, text):
        lines = self.line_ids.filtered(lambda line: line.result == result)
        if lines:
            raise UserError(text % ", ".join(lines.mapped("name")))

    def _get_report_base_filename(self):
        return self.env._("Final maintenance %s", self.card_id.name)

    def _on_failed(self):
        """Repaired at once and extended once, both at our cost (R-W05)."""
        card = self.card_id
        events = self.env["aftersales.warranty.event"]
        events._log(card, "maintenance_failed", self.note)
        reason = self.env._("Final maintenance before %s failed", self.term_end)
        requests = self.env["aftersales.request"]
        self.request_id = requests.create(self._prepare_request_vals(reason))
        self.request_id.write({"coverage": "at_our_cost", "coverage_reason": reason})
        if not card.extension_ids.maintenance_id:
            card._extend(card.extension_months, reason, self)

    def _prepare_request_vals(self, reason):
        """Values of the request that brings the unit to what was promised."""
        failed = self.line_ids.filtered(lambda line: line.result == "failed")
        card = self.card_id
        return {
            "type": "fault",
            "channel": "visit",
            "company_id": card.company_id.id,
            "partner_id": card.partner_id.id,
            "order_id": card.order_id.id,
            "product_id": card.product_id.id,
            "lot_id": card.lot_id.id,
            "problem": ": ".join([reason, self.note]),
            "symptom": "\n".join(
                " ".join(filter(None, (line.name, line.value))) for line in failed
            ),
        }

    def _cancel(self):
        """The unit is gone; a visit that nothing is left for doesn't take place."""
        planned = self.filtered(lambda row: row.state == "planned")
        planned.write({"state": "cancelled"})
        for visit in planned.visit_id:
            if visit.state == "draft" and not visit._get_open_maintenance():
                visit._cancel(self.env._("There is no unit to maintain any more"))


class AftersalesWarrantyMaintenanceLine(models.Model):
    """One criterion and what was measured for it (R-W04)."""

    _name = "aftersales.warranty.maintenance.line"
    _description = "Criterion of the Final Maintenance"
    _order = "id"

    maintenance_id = fields.Many2one(
        "aftersales.warranty.maintenance",
        required=True,
        ondelete="restrict",
        index=True,
        parent=True,
    )
    name = fields.Char(string="Criterion", required=True)
    value = fields.Char(string="Measured")
    result = fields.Selection([("passed", "Met"), ("failed", "Not Met")])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("The history of a card can't be changed."))


class AftersalesWarrantyCard(models.Model):
    _inherit = "aftersales.warranty.card"

    @act("maintenance_result", access="read")
    def action_final_maintenance_result(
        self, passed, note=None, results=None, ref=None
    ):
        """Record what the final maintenance showed (R-W04, R-W05).

        Failed: a repair at our cost, and one more year, once; the next demonstration
        comes before that term ends. Passed: the customer gets the certificate.

        :param passed: bool
        :param note: what was found; required when it failed
        :param results: list of dicts of name (of a criterion), value (measured),
            passed; every criterion needs a result to pass
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, extended, end_date, request_id)
        :raise UserError: no final maintenance is planned, or criteria are open
        """
        self.ensure_one()
        rows = self.maintenance_ids.filtered(lambda row: row.state == "planned")
        if not rows:
            raise UserError(
                self.env._("%s: no final maintenance is planned.", self.name)
            )
        row = rows[:1]
        row.visit_id.check_access("write")  # who may work on it, and nobody else
        row.sudo()._fill_results(results)
        if note:
            row.sudo().note = require_text(self.env, note, self.env._("Note"))
        return row.action_pass() if passed else row.action_fail()
