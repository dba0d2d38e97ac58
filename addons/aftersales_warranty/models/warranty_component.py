from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.aftersales_service.models.act.declaration import act
from odoo.addons.aftersales_service.tools import find_given

from .coverage import last_day
from .warranty_card_acts import VALID


class AftersalesWarrantyComponent(models.Model):
    """A key component of a unit and its own term (R-W01, R-W03)."""

    _name = "aftersales.warranty.component"
    _description = "Component under Warranty"
    _inherit = ["aftersales.portal.fields"]
    _order = "card_id, id"

    card_id = fields.Many2one(
        "aftersales.warranty.card",
        required=True,
        ondelete="restrict",
        index=True,
        portal=True,
    )
    product_id = fields.Many2one("product.product", required=True, portal=True)
    quantity = fields.Float(default=1, digits="Product Unit")
    lot_id = fields.Many2one(
        "stock.lot", string="Serial Number", index="btree_not_null"
    )
    lot_name = fields.Char(string="Number on the Part", portal=True)
    months = fields.Integer(required=True, portal=True)
    start_date = fields.Date(portal=True)
    end_date = fields.Date(compute="_compute_end_date", store=True, portal=True)
    closed_on = fields.Date(string="Replaced On", portal=True)
    replaced_by_id = fields.Many2one(
        "aftersales.warranty.component", index="btree_not_null"
    )
    replaces_ids = fields.One2many(
        "aftersales.warranty.component", "replaced_by_id", string="Takes the Place Of"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "There can't be less than no component."
    )

    @api.depends("start_date", "months", "closed_on")
    def _compute_end_date(self):
        for part in self:
            term = part.start_date and last_day(part.start_date, part.months)
            part.end_date = min(filter(None, (term, part.closed_on)), default=False)

    def _is_valid_on(self, day):
        """Whether this row's own term covers a local date."""
        return bool(self.start_date) and self.start_date <= day <= self.end_date

    def _take_one(self):
        """A row of one piece out of this one."""
        if self.quantity <= 1:
            return self
        self.quantity -= 1
        return self.copy({"quantity": 1})


class AftersalesWarrantyExtension(models.Model):
    """Time added to a warranty, and why (R-W05)."""

    _name = "aftersales.warranty.extension"
    _description = "Warranty Extension"
    _inherit = ["aftersales.portal.fields"]
    _order = "date, id"

    card_id = fields.Many2one(
        "aftersales.warranty.card",
        required=True,
        ondelete="restrict",
        index=True,
        portal=True,
    )
    months = fields.Integer(required=True, portal=True)
    reason = fields.Char(required=True, portal=True)
    date = fields.Date(required=True, default=fields.Date.context_today, portal=True)
    maintenance_id = fields.Many2one(
        "aftersales.warranty.maintenance",
        string="Failed Maintenance",
        index="btree_not_null",
        ondelete="restrict",
    )

    _months_positive = models.Constraint(
        "CHECK (months > 0)", "An extension lasts at least one month."
    )
    # the promise of R-W05 is made once for a card, whatever schedulers do
    _maintenance_uniq = models.UniqueIndex(
        "(card_id) WHERE maintenance_id IS NOT NULL",
        "This warranty was extended for a failed maintenance already.",
    )


class AftersalesWarrantyCard(models.Model):
    """A part is replaced: a full new term of its own (R-W03)."""

    _inherit = "aftersales.warranty.card"

    @act("replace_component", states=VALID, role="user", access="read")
    def replace_component(
        self, component_id, product_id, lot_name=None, on_date=None, ref=None
    ):
        """A replaced part gets a full new term from that day (R-W03).

        Where a part is fitted from stock on a request, the stock move does this.

        :param component_id: id of the component that was taken out
        :param product_id: id of the product that was fitted
        :param lot_name: number on the new part
        :param on_date: local date, empty for today
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, start_date, end_date) of the new component
        :raise UserError: not a component of this card, replaced already, or a date
            that can't be
        """
        self.ensure_one()
        card = self.sudo()
        old = card.component_ids.filtered(lambda part: part.id == component_id)
        product = find_given(self.env["product.product"].sudo(), product_id)
        new = card._replace(old, product, self._to_day(on_date), lot_name=lot_name)
        return {
            "id": new.id,
            "start_date": fields.Date.to_string(new.start_date),
            "end_date": fields.Date.to_string(new.end_date),
        }

    def _to_day(self, on_date):
        """Local date of an argument.

        :raise UserError: not a date
        """
        try:
            return fields.Date.to_date(on_date) or self._get_today()
        except (TypeError, ValueError):
            raise UserError(
                self.env._("“%s” is not a date (YYYY-MM-DD).", on_date)
            ) from None

    def _replace(
        self, old, product, day, lot=None, lot_name=None, part_line=None, reason=None
    ):
        """Close the old part's line and begin the new one's (R-W03).

        :param old: component row; of several pieces one is taken out
        :param lot: stock.lot of the new part
        :param part_line: aftersales.part.line that fitted it
        :param reason: translated text for the history
        :return: the new row
        """
        self._check_replacement(old, product, day)
        months = self.policy_id._get_component_months(product)
        new = old.create(
            {
                "card_id": self.id,
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "lot_name": lot_name or (lot and lot.name) or False,
                # what was promised for this part when the card was made stays
                "months": old.months if product == old.product_id else months,
                "start_date": day,
                "part_line_id": part_line and part_line.id,
            }
        )
        old._take_one().write({"closed_on": day, "replaced_by_id": new.id})
        what = f"{old.product_id.display_name} → {product.display_name}"
        text = ": ".join(filter(None, (what, new.lot_name, reason)))
        self.env["aftersales.warranty.event"]._log(self, "component_replaced", text)
        return new

    def _check_replacement(self, old, product, day):
        if not old or old.closed_on:
            raise UserError(self.env._("This component is not fitted in the unit."))
        if not product:
            raise UserError(self.env._("Choose the product that was fitted."))
        begin = old.start_date or self.start_date
        if not begin or not begin <= day <= self._get_today():
            raise UserError(
                self.env._(
                    "%s is not between the start of this component and today.", day
                )
            )
