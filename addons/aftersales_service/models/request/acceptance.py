from odoo import fields, models


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    acceptance_id = fields.Many2one(
        "aftersales.acceptance",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Where the customer found this defect (R-A03).",
    )

    def _on_closed(self):
        """The last cured defect completes its acceptance (R-A03)."""
        result = super()._on_closed()
        self.acceptance_id._on_defect_cured(self)
        self.acceptance_id._complete_if_cured()
        return result


class AftersalesAcceptance(models.Model):
    """Defects are cured as requests and looked at again (R-A03)."""

    _inherit = "aftersales.acceptance"

    defect_ids = fields.One2many(
        "aftersales.request", "acceptance_id", string="Defects"
    )
    open_defect_count = fields.Integer(
        string="Open Defects", compute="_compute_open_defect_count"
    )
    reinspection_ids = fields.One2many(
        "aftersales.visit", "acceptance_id", string="Re-inspections"
    )

    def _compute_open_defect_count(self):
        groups = self.env["aftersales.request"]._read_group(
            [
                ("acceptance_id", "in", self.ids),
                ("state", "not in", ("closed", "cancelled")),
            ],
            ["acceptance_id"],
            ["__count"],
        )
        counts = dict(groups)
        for acceptance in self:
            acceptance.open_defect_count = counts.get(acceptance, 0)

    def _after_sign(self, values):
        """Each defect becomes a request at our cost, and is looked at again."""
        result = super()._after_sign(values)
        acceptance = self.sudo()
        if acceptance.state == "accepted":
            acceptance.completed_on = acceptance.accepted_on
        else:
            acceptance._register_defects()
            acceptance._plan_reinspection()
        return result

    def _register_defects(self):
        lines = self.line_ids.filtered(lambda line: not line.is_flawless)
        requests = self.env["aftersales.request"].sudo()  # customers sign by a link
        defects = requests.create(
            [
                self._prepare_defect_vals(line, lot)
                for line in lines or [lines]
                for lot in line._get_defective_units() or [self.env["stock.lot"]]
            ]
        )
        reason = self.env._("Found at the acceptance %s", self.name)
        defects.write({"coverage": "at_our_cost", "coverage_reason": reason})

    def _prepare_defect_vals(self, line, lot):
        """Values of the request that cures one defect.

        :param line: line with the defect; empty for remarks on the whole
        :param lot: unit with the defect; empty for goods without numbers
        """
        order = self.order_id
        words = [line.defect_note, *line._get_failed()] if line else []
        return {
            "type": "exchange" if line.defective_qty else "fault",
            "channel": "visit",
            "acceptance_id": self.id,
            "partner_id": self.partner_id.id,
            "order_id": order.id,
            "company_id": self.company_id.id,
            "product_id": (lot.product_id or line.product_id).id,
            "lot_id": lot.id,
            "contact_name": order.delivery_contact_name,
            "phone": order.delivery_contact_phone,
            "problem": ", ".join(filter(None, words)) or self.remarks or self.name,
            "symptom": self.remarks,
        }

    def _plan_reinspection(self):
        visits = self.env["aftersales.visit"].sudo()
        visit = visits.create(
            {
                "kind": "inspection",
                "acceptance_id": self.id,
                "origin_visit_id": self.visit_id.id,
                "partner_id": self.partner_id.id,
                "order_id": self.order_id.id,
                "company_id": self.company_id.id,
                "lot_ids": [
                    fields.Command.set(self.line_ids._get_delivered_lots().ids)
                ],
            }
        )
        visit._sla_recipients("supervisor")._aftersales_assign(
            visit,
            lambda v, env: env._("Cure the defects, then inspect again"),
            lambda v, env: v.acceptance_id.remarks or "",
        )

    def _on_defect_cured(self, request):
        """One of the defects is cured, or wasn't any; the warranty starts here.

        :param request: the closed or cancelled aftersales.request
        """

    def _complete_if_cured(self):
        """Complete what has no open defect any more; what was rejected is offered
        anew by its guide."""
        now = fields.Datetime.now()
        for acceptance in self.sudo():
            if acceptance.open_defect_count or acceptance.completed_on:
                continue
            if acceptance.accepted_on:
                acceptance.completed_on = now
                acceptance._message_log(body=self.env._("The last defect is cured."))
            elif acceptance.state == "rejected":
                acceptance.order_id._get_guide()._aftersales_assign(
                    acceptance.order_id,
                    lambda order, env: env._("Defects are cured: offer it again"),
                )

    def action_view_defects(self):
        """Open the defects of this acceptance."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.request_action"
        )
        return action | {"domain": [("acceptance_id", "=", self.id)], "context": {}}


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    acceptance_id = fields.Many2one(
        "aftersales.acceptance",
        index="btree_not_null",
        readonly=True,
        help="What is inspected again (R-A03).",
    )


class AftersalesAcceptanceLine(models.Model):
    _inherit = "aftersales.acceptance.line"

    def _get_defective_units(self):
        """Units with a number that aren't accepted; else the only one there is."""
        units = self.defective_lot_ids._get_units()
        return units or (self.lot_ids if len(self.lot_ids) == 1 else self.lot_ids[:0])


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _count_open_defects(self):
        return sum(self.acceptance_ids.mapped("open_defect_count"))
