from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import check_keys, find_given, require_text
from ..act.declaration import act
from ..request.request import CLOSED
from ..request.request_acts import UNDER_WAY

LINE = ("product_id", "quantity", "lot_id", "lot_name")
RETURNS = ("return", "exchange")


class AftersalesRequest(models.Model):
    """Goods that don't fit or fail come back and are replaced (R-X01, R-X02)."""

    _inherit = "aftersales.request"

    exchange_ids = fields.One2many(
        "aftersales.exchange", "request_id", string="Returns and Exchanges"
    )
    exchange_count = fields.Integer(compute="_compute_exchange_count")

    def _compute_exchange_count(self):
        counts = dict(
            self.env["aftersales.exchange"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.exchange_count = counts.get(request, 0)

    def _on_unit_exchanged(self, old_lot, new_lot, at):
        """A unit with a serial number was replaced by another one.

        Called once for each pair, in the transaction that delivers the replacement,
        right after Odoo's own ``stock.picking._action_done`` and so before what other
        addons do after it (a new unit's own records may be made here). It is always
        called on the request that registered the exchange: exchanges begun in stock,
        on an order or on a visit have one, too.

        :param old_lot: stock.lot that comes back
        :param new_lot: stock.lot that the customer has now
        :param at: naive UTC datetime of the delivery
        """

    @api.model_create_multi
    def create(self, vals_list):
        """The guide is told of every return and exchange (R-X01)."""
        requests = super().create(vals_list)
        requests.filtered(lambda r: r.type in RETURNS)._tell_guides()
        return requests

    def _tell_guides(self):
        for guide, requests in self.grouped(lambda r: r.order_id.user_id).items():
            (guide - self.env.user)._aftersales_assign(
                requests,
                lambda r, env: env._(
                    "Arrange the exchange: %s", (r.problem or "")[:60]
                ),
            )

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    @act("exchange", states=UNDER_WAY)
    def action_exchange(self, reason=None, lines=None, ref=None):
        """Take delivered goods back and send others (R-X02, R-D07).

        A return and a delivery wait in the warehouse, a follow-up visit waits for its
        time; guide and supervisor are told.

        :param reason: why; required
        :param lines: list of dict(product_id, quantity, lot_name or lot_id); empty for
            the request's own product or unit, once
        :return: dict(id, state, exchange_ids, picking_ids, visit_id)
        :raise UserError: the customer hasn't these goods, or they are coming back
            already
        """
        return self._take_goods_back("exchange", reason, lines)

    @act("return", states=UNDER_WAY)
    def action_return(self, reason=None, lines=None, ref=None):
        """Take delivered goods back without sending others (R-X03).

        Without an approved refund the order still counts them as delivered: nothing
        is paid back.

        :param reason: why; required
        :param lines: as for ``action_exchange``
        :return: dict(id, state, exchange_ids, picking_ids, visit_id)
        """
        return self._take_goods_back("return", reason, lines)

    def _take_goods_back(self, kind, reason, lines, origin_visit=None, **vals):
        """See ``action_exchange``; on a visit, its next appointment follows it.

        :param vals: more values of the rows
        """
        self.ensure_one()
        reason = require_text(self.env, reason, self.env._("Reason"))
        request = self.sudo()
        rows = self.env["aftersales.exchange"].sudo()
        for product, quantity, lot in request._read_lines(lines):
            rows += request._register_rows(kind, reason, product, quantity, lot, **vals)
        rows._move_goods()
        visit = request._plan_exchange_visit(rows, origin_visit)
        request._tell_exchange(visit, rows, reason)
        return self._get_facts() | {
            "exchange_ids": rows.ids,
            "picking_ids": rows.move_ids.picking_id.ids,
            "visit_id": visit.id,
        }

    def _register_rows(self, kind, reason, product, quantity, lot, **vals):
        rows = self.env["aftersales.exchange"].sudo()
        found = rows._find_delivered(self, product, quantity, lot)
        return rows.create(
            [
                {
                    "request_id": self.id,
                    "kind": kind,
                    "reason": reason,
                    "product_id": product.id,
                    "quantity": share,
                    "lot_id": lot.id,
                    "origin_move_id": move.id,
                    "order_id": move.sale_line_id.order_id.id,
                    **vals,
                }
                for move, share in found
            ]
        )

    def _read_lines(self, lines):
        """Check what programs send; units with serial numbers come one by one."""
        if not lines:
            lines = [{"product_id": self.product_id.id, "lot_id": self.lot_id.id}]
        if not isinstance(lines, list | tuple):
            raise UserError(self.env._("A list of goods is needed."))
        visits = self.env["aftersales.visit"]
        result = []
        for line in lines:
            line = check_keys(self.env, line, LINE)
            quantity = line.get("quantity", 1)
            product = visits._check_product(line.get("product_id"), quantity)
            lot = self._read_lot(product, line)
            if product.tracking == "serial" and quantity != 1:
                raise UserError(
                    self.env._(
                        "%s: name each unit with its serial number.",
                        product.display_name,
                    )
                )
            result.append((product, quantity, lot))
        return result

    def _read_lot(self, product, line):
        visits = self.env["aftersales.visit"]
        if not line.get("lot_id"):
            return visits._find_lot(product, line.get("lot_name"))
        lot = find_given(self.env["stock.lot"].sudo(), line["lot_id"])
        if lot.product_id == product:
            return lot
        return visits._find_lot(product, lot.name or str(line["lot_id"]))

    def _plan_exchange_visit(self, rows, origin_visit):
        """The appointment at which the goods are swapped (R-X02)."""
        visits = self.env["aftersales.visit"].sudo()
        self.partner_id = self.partner_id or rows.order_id[:1].partner_id
        vals = {
            "request_id": self.id,
            "picking_ids": [fields.Command.set(rows.move_ids.picking_id.ids)],
        }
        if origin_visit:
            visit = origin_visit.copy(vals | {"origin_visit_id": origin_visit.id})
        else:
            order = rows.order_id[:1]
            kind = "installation" if order.installation_required else "delivery"
            partner = self.partner_id or order.partner_id
            visit = visits.create(
                self._prepare_visit_vals()
                | vals
                | {"kind": kind, "order_id": order.id, "partner_id": partner.id}
            )
        rows.visit_id = visit
        return visit

    def _tell_exchange(self, visit, rows, reason):
        goods = ", ".join(
            f"{r.product_id.display_name} {r.lot_id.name or ''} × {r.quantity:g}"
            for r in rows
        )
        self._sla_recipients("supervisor")._aftersales_assign(
            visit,
            lambda v, env: env._("Exchange: agree another time"),
            lambda v, env: f"{goods}: {reason}",
        )
        rows.order_id.user_id._aftersales_notify(
            self.env._("Exchange at the customer's"),
            [f"{self.order_id.name or ''} {self.name}: {goods}, {reason}"],
        )
        self._message_log(
            body=self.env._(
                "Comes back: %(goods)s, %(reason)s", goods=goods, reason=reason
            )
        )

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------

    def _check_closing(self, vals):
        """Cause and responsible are known, the goods have moved (R-X04)."""
        result = super()._check_closing(vals)
        if self.type not in RETURNS and not self.exchange_ids:
            return result
        who = ("responsible_department_id", "responsible_employee_id")
        missing = [] if vals.get("cause_id") or self.cause_id else ["cause_id"]
        if not any(vals.get(name) or self[name] for name in who):
            missing += who[:1]
        if missing:
            labels = [self._fields[n]._description_string(self.env) for n in missing]
            raise UserError(self.env._("Missing: %s", ", ".join(labels)))
        waiting = self.exchange_ids.filtered(lambda row: row.state == "open")
        if waiting:
            raise UserError(
                self.env._("The goods haven't moved yet: %s", waiting[0].display_name)
            )
        return result

    def _after_cancel(self, values):
        """Cancelling frees the goods that were to move."""
        rows = self.sudo().exchange_ids.filtered(lambda row: row.state == "open")
        rows._cancel(values["reason"])
        return super()._after_cancel(values)

    def _get_goods_under_way(self):
        waiting = self.exchange_ids.filtered(lambda row: row.state == "open")
        return super()._get_goods_under_way() + waiting.mapped("display_name")

    def action_view_exchanges(self):
        """Open what comes back on this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.exchange_action"
        )
        return action | {"domain": [("request_id", "=", self.id)], "context": {}}

    @api.model
    def _find_open_returns(self, sale_lines):
        """Open requests that goods of these order lines come back on.

        :param sale_lines: sale.order.line
        """
        requests = self.sudo().search(
            [
                ("order_id", "in", sale_lines.order_id.ids),
                ("type", "in", RETURNS),
                ("state", "not in", CLOSED),
            ]
        )
        products = sale_lines.product_id
        return requests.filtered(lambda r: not r.product_id or r.product_id in products)
