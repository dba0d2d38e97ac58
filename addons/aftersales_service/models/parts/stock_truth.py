from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import UserError

# Set while Odoo itself moves goods. A context key wouldn't do: clients send those.
_moving = ContextVar("aftersales_moving", default=False)


class StockMove(models.Model):
    """A move is done because goods moved, never because a client says so."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        """What is added to a transfer that is done moves at once; Odoo does so."""
        pickings = self.env["stock.picking"].sudo()
        usual = self.env.context.get("default_picking_id")
        added = [pickings.browse(vals.get("picking_id", usual)) for vals in vals_list]
        _check_state(
            self,
            *(
                vals
                for vals, picking in zip(vals_list, added, strict=True)
                if picking.state != "done"
            ),
        )
        return super().create(vals_list)

    def write(self, vals):
        """Neither is a move set to done, nor one that is done to anything else."""
        _check_state(self, vals)
        if "state" in vals and not (self.env.su or _moving.get()):
            if "done" in self.mapped("state"):
                self._refuse_state()
        return super().write(vals)

    def _refuse_state(self):
        raise UserError(
            self.env._("Validate the transfer instead of writing its state.")
        )

    def _action_done(self, cancel_backorder=False):
        token = _moving.set(True)
        try:
            return super()._action_done(cancel_backorder=cancel_backorder)
        finally:
            _moving.reset(token)


class StockMoveLine(models.Model):
    """The state of a line is its move's."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        _check_state(self, *vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not self.env.su:
            self.env["stock.move"]._refuse_state()
        return super().write(vals)


class StockPicking(models.Model):
    """The state of a transfer is its moves'."""

    _inherit = "stock.picking"

    @api.model_create_multi
    def create(self, vals_list):
        _check_state(self, *vals_list)
        return super().create(vals_list)

    def write(self, vals):
        _check_state(self, vals)
        return super().write(vals)


class StockQuant(models.Model):
    """What is in the stores for gifts and parts changes by moves, and by counts."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        if not self.env.su and any(vals.get("quantity") for vals in vals_list):
            quants._check_kept()
        return quants

    def write(self, vals):
        fixed = {"quantity", "reserved_quantity", *self._get_forbidden_fields_write()}
        if self.env.su or fixed.isdisjoint(vals):
            return super().write(vals)
        self._check_kept()
        result = super().write(vals)
        self._check_kept()
        return result

    def _check_kept(self):
        for quant in self:
            if (
                quant.location_id.aftersales_store
                or quant.product_id.categ_id.aftersales_store
            ):
                raise UserError(
                    self.env._(
                        "%s: count the goods, or transfer them; stock isn't written.",
                        quant.product_id.display_name,
                    )
                )


def _check_state(records, *vals_list):
    """Refuse a client that makes records done: by values, by defaults or in between.

    :raise UserError: some would be done, though nothing has moved
    """
    if records.env.su or _moving.get():
        return
    usual = None
    if not records and any("state" not in vals for vals in vals_list):
        usual = records.env.context.get("default_state") or (
            records.env["ir.default"]._get_model_defaults(records._name).get("state")
        )
    if any(vals.get("state", usual) == "done" for vals in vals_list):
        records.env["stock.move"]._refuse_state()
