from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...tools import is_quantity
from ..request.request import CLOSED


class AftersalesPartLine(models.Model):
    """What a part line may say, and what may move for it."""

    _inherit = "aftersales.part.line"

    @api.constrains("kind", "reason")
    def _check_reason(self):
        """A missing part is reported with its reason (R-P04)."""
        if any(x.kind == "supply" and not (x.reason or "").strip() for x in self):
            raise ValidationError(self.env._("Why is the part missing? Give a reason."))

    @api.constrains("request_id", "visit_id")
    def _check_visit(self):
        for line in self:
            visited = line.visit_id.request_id
            if visited and line.request_id != visited:
                raise ValidationError(
                    self.env._(
                        "%(visit)s is for %(request)s.",
                        visit=line.visit_id.name,
                        request=visited.name,
                    )
                )

    @api.constrains("product_id", "quantity", "kind", "is_drawing")
    def _check_product(self):
        for line in self.filtered(lambda x: not x.is_drawing):
            product = line.product_id
            if not product.is_storable:
                raise ValidationError(
                    self.env._("%s is not kept in stock.", product.display_name)
                )
            if (
                line.kind == "replacement"
                and product.tracking == "serial"
                and line.quantity != 1
            ):
                raise ValidationError(
                    self.env._(
                        "%s has serial numbers: one line for each replaced part.",
                        product.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_quantity(vals)
        lines = super().create(vals_list)
        lines._tell_wish()
        return lines

    def write(self, vals):
        self._check_quantity(vals)
        return super().write(vals)

    @api.model
    def _check_quantity(self, vals):
        if "quantity" in vals and not is_quantity(vals["quantity"]):
            raise UserError(self.env._("“%s” is not a quantity.", vals["quantity"]))

    def _tell_wish(self):
        """Supervisors are told what waits for their approval."""
        for owner, lines in self.grouped(lambda x: x.request_id or x.visit_id).items():
            people = owner._sla_recipients("supervisor") - self.env.user
            people._aftersales_notify(
                self.env._("Parts to approve"),
                [
                    f"{owner.name}: {x.display_name} {x.reason or ''}"
                    for x in lines[:50]
                ],
            )

    def _check_open(self):
        """Closed requests stay as they are (R-C08)."""
        closed = self.request_id.filtered(lambda request: request.state in CLOSED)
        if closed:
            raise UserError(
                self.env._("%s is closed and can't be changed.", closed[0].name)
            )

    def _check_moved(self):
        """What moved for these lines is what was decided (R-P03, R-P08).

        :raise UserError: another part, more than approved, issued or signed for, or
            from and to other places than those of its act
        """
        for line in self:
            moves = line.move_ids.filtered(lambda m: m.state == "done")
            wrong = moves.filtered(lambda m, x=line: not m._is_move_of(x))
            (wrong or moves if line._is_out_of_hand() else wrong)._refuse_parts()
            if line._is_gift():
                signed = sum(line.gift_authorization_ids.mapped("quantity"))
                if line.product_id.uom_id.compare(line._get_kept_qty(), signed) > 0:
                    moves._refuse_gifts()

    def _get_kept_qty(self):
        """Issued and not brought back."""
        return self.issued_qty - self.returned_qty

    def _is_out_of_hand(self):
        """More is gone than was approved, or than the technician ever had."""
        unit, kept = self.product_id.uom_id, self._get_kept_qty()
        approved = self.quantity if self.decision == "approved" else 0
        return unit.compare(kept, approved) > 0 or unit.compare(self.used_qty, kept) > 0

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(line.state != "requested" for line in self):
            raise UserError(
                self.env._("What was decided is kept; only a wish can be deleted.")
            )
