from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.aftersales_service.models.request.request import CLOSED
from odoo.addons.aftersales_service.tools import require_text

DECISIONS = ("in_warranty", "replace", "chargeable")
# what material costs the customer (R-S12, R-W09)
PRICE_BASIS = {"chargeable": "cost", "unknown": "open"}
OVERRIDE = {
    "override_coverage",
    "override_reason",
    "override_by_id",
    "unrepairable",
}


class AftersalesRequest(models.Model):
    """The unit's card decides who pays; a supervisor may decide otherwise (R-W08)."""

    _inherit = "aftersales.request"

    warranty_card_id = fields.Many2one(
        "aftersales.warranty.card",
        compute="_compute_warranty_card_id",
        store=True,
        index="btree_not_null",
    )
    faulty_component_id = fields.Many2one(
        "product.product",
        help="A key component has a term of its own.",
    )
    unrepairable = fields.Boolean(
        readonly=True, copy=False, tracking=True, string="Can't Be Repaired"
    )
    override_coverage = fields.Selection(
        [
            ("in_warranty", "In Warranty"),
            ("replace", "Replace Free"),
            ("chargeable", "Chargeable"),
        ],
        string="Decided by the Supervisor",
        readonly=True,
        copy=False,
        tracking=True,
    )
    override_reason = fields.Char(readonly=True, copy=False)
    override_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    card_start_date = fields.Date(related="warranty_card_id.start_date", string="Start")
    card_end_date = fields.Date(
        related="warranty_card_id.end_date", string="Whole Unit Until"
    )
    card_repair_until = fields.Date(related="warranty_card_id.repair_until")
    card_exchange_until = fields.Date(related="warranty_card_id.exchange_until")
    card_service_life_until = fields.Date(related="warranty_card_id.service_life_until")
    coverage_until = fields.Date(compute="_compute_coverage_facts")
    coverage_clause = fields.Char(string="Clause", compute="_compute_coverage_facts")
    coverage_price_basis = fields.Selection(
        [
            ("free", "Free"),
            ("cost", "Material at Cost Price, Labour Free"),
            ("open", "Open"),
        ],
        string="Price",
        compute="_compute_coverage_facts",
    )

    @api.depends("lot_id", "order_id", "product_id")
    def _compute_warranty_card_id(self):
        """The card of the unit; of goods without numbers, that of the order line."""
        cards = self.env["aftersales.warranty.card"].sudo()  # only to link it
        domain = [
            "|",
            ("lot_id", "in", self.lot_id.ids),
            ("order_id", "in", self.order_id.ids),
        ]
        found = cards.search(domain, order="is_void, id desc") if self else cards
        by_lot, by_goods = {}, {}
        for card in found:
            by_lot.setdefault(card.lot_id, card)
            if card.order_id and not card.is_serial:
                by_goods.setdefault((card.order_id, card.product_id), card)
        for request in self:
            goods = (request.order_id, request.product_id)
            request.warranty_card_id = (
                by_lot.get(request.lot_id) if request.lot_id else by_goods.get(goods)
            )

    @api.depends("coverage", "coverage_reason", "warranty_card_id")
    def _compute_coverage_facts(self):
        answers = self._get_warranty_answers()
        for request in self:
            answer = answers.get(request, {})
            request.coverage_until = answer.get("until")
            request.coverage_clause = answer.get("clause")
            request.coverage_price_basis = PRICE_BASIS.get(request.coverage, "free")

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody has decided yet who pays for what is only reported (R-W08)."""
        if not self.env.su and any(vals.keys() & OVERRIDE for vals in vals_list):
            raise UserError(self._get_act_refusal())
        return super().create(vals_list)

    def write(self, vals):
        """Overrides are made by acts; what decides on coverage decides anew."""
        if not self.env.su and vals.keys() & OVERRIDE:
            raise UserError(self._get_act_refusal())
        result = super().write(vals)
        if vals.keys() & {"faulty_component_id", "order_id", "check_misuse"}:
            self._set_coverage()
        if "coverage" in vals:
            self._on_coverage_changed()
        return result

    # ------------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------------

    def _get_coverage(self):
        """The unit's card decides, unless a supervisor has (R-W08)."""
        result = super()._get_coverage()
        for request, answer in self._get_warranty_answers().items():
            result[request] = (answer["decision"], answer["reason"])
        for request in self.filtered("override_coverage"):
            result[request] = (request.override_coverage, request._get_override_text())
        return result

    def _get_override_text(self):
        return self.env._(
            "Decided by %(who)s: %(why)s",
            who=self.override_by_id.name,
            why=self.override_reason,
        )

    def _get_warranty_answers(self):
        """What the cards say, with a constant number of queries.

        :return: dict of request → dict as in ``get_coverage`` of a card; without those
            that have no card
        """
        # whoever registers a fault needs the answer, not the card
        requests = self.sudo().filtered("warranty_card_id")
        return {
            request.with_env(self.env): request.warranty_card_id._get_answer(
                request._prepare_fault(), request.faulty_component_id
            )
            for request in requests
        }

    def _prepare_fault(self):
        """What is known of this fault; misuse counts once it is found and told."""
        local = self.company_id._aftersales_to_local(self.reported_at)
        return self.env["aftersales.warranty.card"]._prepare_fault(
            self.cause_id,
            local.date(),
            misuse=self.check_misuse and self.cause_id.warranty_misuse,
            unrepairable=self.unrepairable,
        )

    def _on_coverage_changed(self):
        """Repairs and promises follow the decision (R-S11, R-S12)."""
        for request in self.sudo():  # technicians don't write repairs
            covered = request.coverage != "chargeable"
            repairs = request.repair_ids.filtered(
                lambda r, c=covered: (
                    r.state not in ("done", "cancel") and r.under_warranty != c
                )
            )
            repairs.write({"under_warranty": covered})
            if request.sla_clock_ids and request._is_promise_affected():
                request._reevaluate(request.env._("Coverage decided anew"))

    def _is_promise_affected(self):
        """Whether the promises of the warranty begin or end with this decision.

        Nobody can keep a promise of yesterday that is only made today.
        """
        local = self.company_id._aftersales_to_local
        today = local(fields.Datetime.now()).date()
        covered = self.coverage in ("in_warranty", "replace")
        return self.state not in CLOSED and (
            not covered or local(self.reported_at).date() == today
        )

    def _on_unit_exchanged(self, old_lot, new_lot, at):
        """The new unit's card takes the place of the old one's (R-W14, R-X02)."""
        result = super()._on_unit_exchanged(old_lot, new_lot, at)
        day = self.company_id._aftersales_to_local(at).date()
        self.env["aftersales.warranty.card"]._exchange(
            old_lot, new_lot, day, self.env._("Exchanged: %s", self.name)
        )
        return result

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def action_override_coverage(self, coverage, reason):
        """A supervisor decides who pays, whatever the card says (R-W08).

        :param coverage: in_warranty, replace or chargeable; empty lets the card decide
            again
        :param reason: why; required
        :return: dict(id, state, coverage)
        :raise UserError: a broken promise put it at our cost (R-S10)
        """
        if not self.env.user._is_aftersales("supervisor"):
            raise AccessError(self.env._("Only a supervisor decides on coverage."))
        reason = require_text(self.env, reason, self.env._("Reason"))
        if coverage and coverage not in DECISIONS:
            raise UserError(
                self.env._(
                    "“%(value)s” is none of %(allowed)s.",
                    value=coverage,
                    allowed=", ".join(DECISIONS),
                )
            )
        requests = self._act_on_coverage()
        for request in requests:
            request._check_not_at_our_cost()
        requests.write(
            {
                "override_coverage": coverage or False,
                "override_reason": reason,
                "override_by_id": self.env.uid,
            }
        )
        requests._set_coverage()
        for request in requests:
            request._message_log(body=self.env._("Coverage decided: %s", reason))
        return self._get_facts() | {"coverage": self[-1:].coverage}

    def _act_on_coverage(self):
        """These requests with the right to decide on them.

        :raise UserError: one is closed
        """
        self.check_access("write")
        closed = self.filtered(lambda request: request.state in CLOSED)
        if closed:
            raise UserError(
                self.env._("%s is closed and can't be changed.", closed[0].name)
            )
        return self.sudo()  # the fields are readonly to clients

    def _check_not_at_our_cost(self):
        if self.coverage == "at_our_cost":
            raise UserError(
                self.env._(
                    "%(request)s is at our cost (%(reason)s); only waiving the"
                    " liability changes that.",
                    request=self.name,
                    reason=self.coverage_reason,
                )
            )

    def action_mark_unrepairable(self, note):
        """It can't be repaired: in its term the unit is replaced free (R-W10).

        :param note: what makes a repair impossible; required
        :return: dict(id, state, coverage)
        """
        note = require_text(self.env, note, self.env._("Note"))
        requests = self._act_on_coverage()
        requests.write({"unrepairable": True})
        requests._set_coverage()
        for request in requests:
            request._message_log(body=self.env._("Can't be repaired: %s", note))
        return self._get_facts() | {"coverage": self[-1:].coverage}

    def action_explain_coverage(self):
        """Button “Why”: the terms, dates and cause that decided."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (self.env.ref("aftersales_warranty.request_view_form_why").id, "form")
            ],
            "target": "new",
        }

    def action_view_warranty_card(self):
        """Open the card of the unit."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.warranty.card",
            "res_id": self.warranty_card_id.id,
            "views": [(False, "form")],
        }
