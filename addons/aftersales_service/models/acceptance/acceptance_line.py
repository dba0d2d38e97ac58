from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ...readers import TEAM_AND_WAREHOUSE
from ..act.declaration import act

CRITERIA = ("quantity_ok", "model_ok", "appearance_ok", "function_ok", "original_ok")


class AftersalesAcceptanceLine(models.Model):
    """What was ordered, delivered, accepted and found defective of one product."""

    _name = "aftersales.acceptance.line"
    _description = "Acceptance Line"
    _inherit = ["aftersales.acceptance.part", "aftersales.units.mixin"]
    _order = "id"

    order_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", fixed=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, fixed=True, portal=True
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        precompute=True,
        help="As it was ordered: pieces, dozens, kits.",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Accepted Serial Numbers",
        help="Of the accepted units: take out those that aren't accepted.",
        groups=TEAM_AND_WAREHOUSE,
    )
    lot_names = fields.Char(portal=True)
    delivered_lot_ids = fields.Many2many(
        "stock.lot",
        "aftersales_acceptance_line_delivered_rel",
        string="Delivered Serial Numbers",
        readonly=True,
        copy=False,
        groups=TEAM_AND_WAREHOUSE,
    )
    defective_lot_ids = fields.Many2many(
        "stock.lot",
        string="Defective Serial Numbers",
        compute="_compute_defective_lot_ids",
        help="Delivered and not accepted.",
        groups=TEAM_AND_WAREHOUSE,
    )
    ordered_qty = fields.Float(
        string="Ordered Quantity", digits="Product Unit", fixed=True, portal=True
    )
    delivered_qty = fields.Float(
        string="Delivered Quantity", digits="Product Unit", fixed=True, portal=True
    )
    accepted_qty = fields.Float(
        string="Accepted Quantity", digits="Product Unit", portal=True
    )
    defective_qty = fields.Float(
        string="Defective Quantity", digits="Product Unit", portal=True
    )
    defect_note = fields.Char(string="Defect", portal=True)
    quantity_ok = fields.Boolean(string="Quantity")
    model_ok = fields.Boolean(string="Model")
    appearance_ok = fields.Boolean(string="Appearance")
    function_ok = fields.Boolean(string="Function")
    original_ok = fields.Boolean(
        string="New and Original",
        help="New, original, of the ordered brand and model (R-A06).",
    )
    criterion_ids = fields.One2many(
        "aftersales.acceptance.criterion",
        "line_id",
        string="Criteria of the Product",
        portal=True,
    )
    is_flawless = fields.Boolean(
        compute="_compute_is_flawless", compute_sudo=True, portal=True
    )

    @api.depends("order_line_id", "product_id")
    def _compute_product_uom_id(self):
        for line in self:
            unit = line.order_line_id.product_uom_id
            line.product_uom_id = unit or line.product_id.uom_id

    @api.depends("lot_ids", "delivered_lot_ids")
    def _compute_defective_lot_ids(self):
        for line in self:
            line.defective_lot_ids = line.delivered_lot_ids - line.lot_ids

    @api.depends("defective_qty", "criterion_ids.passed", *CRITERIA)
    def _compute_is_flawless(self):
        for line in self:
            line.is_flawless = not (line.defective_qty or line._get_failed())

    def _get_failed(self):
        """Names of the criteria that weren't met, in the reader's language."""
        failed = [
            self._fields[name]._description_string(self.env)
            for name in CRITERIA
            if not self[name]
        ]
        own = self.criterion_ids.filtered(lambda criterion: not criterion.passed)
        return failed + own.mapped("name")

    @api.constrains("accepted_qty", "defective_qty", "delivered_qty")
    def _check_quantities(self):
        for line in self:
            parts = (line.accepted_qty, line.defective_qty)
            if min(parts) < 0 or sum(parts) > line.delivered_qty:
                raise ValidationError(
                    self.env._(
                        "%s: accepted and defective can't be more than delivered.",
                        line.product_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # What was looked at
    # ------------------------------------------------------------------

    @act("all_right")
    def action_all_right(self, ref=None):
        """Somebody has looked at everything and found nothing wrong (R-A01, R-A06).

        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, accepted_qty) of the last line
        :raise UserError: the acceptance is offered or signed
        """
        lines = self.sudo()
        for line in lines:
            line.write(
                {
                    **dict.fromkeys(CRITERIA, True),
                    "accepted_qty": line.delivered_qty,
                    "defective_qty": 0,
                    "defect_note": False,
                    "lot_ids": [fields.Command.set(line._get_delivered_lots().ids)],
                }
            )
        lines.criterion_ids.passed = True
        return {"accepted_qty": lines[-1:].accepted_qty}

    def _check_all_right(self, values):
        self._guard_locked()

    def _get_delivered_lots(self):
        # acceptances made before 19.0.2.0.0 don't know what was delivered
        return self.delivered_lot_ids or self.lot_ids

    def _check_complete(self):
        """Each piece is accepted or defective, each criterion was looked at (R-A01).

        :raise UserError: names the product and what doesn't agree
        """
        for line in self:
            problem = line._get_open_pieces() or line._get_unlooked()
            if problem:
                raise UserError(
                    self.env._(
                        "%(product)s: %(problem)s",
                        product=line.product_id.display_name,
                        problem=problem,
                    )
                )

    def _get_open_pieces(self):
        """What quantities and serial numbers contradict, as a text."""
        env, unit = self.env, self.product_uom_id
        rest = self.delivered_qty - self.accepted_qty - self.defective_qty
        if unit.compare(rest, 0):
            return env._(
                "%(rest)g of %(delivered)g %(unit)s are neither accepted nor"
                " defective.",
                rest=rest,
                unit=unit.name,
                delivered=self.delivered_qty,
            )
        if self.delivered_lot_ids and self.lot_ids - self.delivered_lot_ids:
            foreign = self.lot_ids - self.delivered_lot_ids
            return env._(
                "%s wasn't delivered with it.", ", ".join(foreign.mapped("name"))
            )
        serials = len(self.lot_ids._get_units())
        expected = self._get_expected_serials()
        if float_compare(serials, expected, precision_digits=2):
            return env._(
                "%(quantity)g accepted have %(expected)g serial numbers, not"
                " %(found)s: name the accepted units.",
                quantity=self.accepted_qty,
                expected=expected,
                found=serials,
            )
        return ""

    def _get_expected_serials(self):
        """How many serial numbers the accepted quantity has, also of a dozen or kit."""
        serials = self.delivered_lot_ids._get_units()
        if serials and self.delivered_qty:
            return len(serials) * self.accepted_qty / self.delivered_qty
        product = self.product_id
        if product.tracking != "serial":
            return 0
        return self.product_uom_id._compute_quantity(self.accepted_qty, product.uom_id)

    def _get_unlooked(self):
        """Criteria that are neither met nor explained by a defect, as a text."""
        failed = [] if self.defect_note else self._get_failed()
        return failed and self.env._(
            "tick what is right, or describe the defect: %s", ", ".join(failed)
        )


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _get_units(self):
        """Those that are one unit each, not a batch of many."""
        return self.filtered(lambda lot: lot.product_id.tracking == "serial")
