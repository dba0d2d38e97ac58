from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...concurrency import serialize
from ...readers import ALL_ROLES
from ..act.declaration import act


class SaleOrder(models.Model):
    """The quotation of what a request charges (R-W09, R-W11)."""

    _inherit = "sale.order"

    aftersales_charged_request_id = fields.Many2one(
        "aftersales.request",
        string="Charges of Request",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    @api.depends("aftersales_charged_request_id")
    def _compute_aftersales_goods(self):
        """Parts go with the engineer: no hand-off, no delivery of its own."""
        charges = self.filtered("aftersales_charged_request_id")
        charges.aftersales_goods = False
        return super(SaleOrder, self - charges)._compute_aftersales_goods()

    def _send_aftersales_quotation(self):
        """Sent by mail, where there is an address; to be signed in the portal."""
        self.action_quotation_sent()
        if self.partner_id.email:
            template = self.env.ref("sale.email_template_edi_sale")
            self.message_post_with_source(
                template,
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_comment",
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_part_line_ids = fields.One2many(
        "aftersales.part.line", "sale_line_id", groups=ALL_ROLES
    )

    @api.depends("order_id.aftersales_charged_request_id")
    def _compute_qty_delivered_method(self):
        """Charged parts are delivered by their own fitting."""
        charges = self.filtered("order_id.aftersales_charged_request_id")
        charges.qty_delivered_method = "manual"
        return super(SaleOrderLine, self - charges)._compute_qty_delivered_method()

    def _action_launch_stock_rule(self, **kwargs):
        goods = self.filtered(lambda x: not x.order_id.aftersales_charged_request_id)
        return super(SaleOrderLine, goods)._action_launch_stock_rule(**kwargs)


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    charge_order_ids = fields.One2many(
        "sale.order",
        "aftersales_charged_request_id",
        string="Quotations",
        groups="aftersales_service.group_aftersales_user,"
        "sales_team.group_sale_salesman",
    )
    charge_order_count = fields.Integer(compute="_compute_charges")
    has_to_quote = fields.Boolean(compute="_compute_charges")

    @api.depends("charge_order_ids", "part_line_ids.coverage", "part_line_ids.state")
    def _compute_charges(self):
        for request in self.sudo():  # agents don't read the orders
            request.charge_order_count = len(request.charge_order_ids)
            request.has_to_quote = bool(request._get_to_quote())

    def _get_to_quote(self):
        """Chargeable parts that no quotation names yet, or only a cancelled one."""
        return self.part_line_ids.filtered(
            lambda line: (
                line.coverage == "chargeable"
                and not line._is_quoted()
                and line.state != "refused"
            )
        )

    @act("quote_parts", role="user")
    def action_quote_parts(self, send=True, ref=None):
        """Quote what the customer pays: material at cost, the rest free (R-W09, R-W11).

        What was quoted before isn't quoted again.

        :param send: send it to the customer, who accepts it in the portal
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, state, order_id)
        :raise UserError: nothing is chargeable, or no customer is known
        """
        orders = self.env["sale.order"].sudo()  # agents quote without being salesmen
        serialize(self)
        for request in self:
            lines = request.sudo()._get_to_quote()
            if not lines:
                raise UserError(self.env._("%s: nothing to quote.", request.name))
            if not request.partner_id:
                raise UserError(self.env._("%s: name the customer.", request.name))
            order = orders.create(request._prepare_quotation())
            lines._charge_on(order)
            orders += order
        if send:
            for order in orders:
                order._send_aftersales_quotation()
        return {"order_id": orders[-1:].id}

    def action_view_quotations(self):
        """Open the quotations of this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations")
        domain = [("aftersales_charged_request_id", "=", self.id)]
        return action | {"domain": domain, "context": {}}

    def _prepare_quotation(self):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "aftersales_charged_request_id": self.id,
            "user_id": self.order_id.user_id.id or self.env.uid,
            "order_line": [
                Command.create(
                    {
                        "display_type": "line_note",
                        "name": self.env._(
                            "Material at cost price; labour, delivery, fitting and"
                            " small fittings are free."
                        ),
                        "sequence": 99,
                    }
                )
            ],
        }


class AftersalesPartLine(models.Model):
    _inherit = "aftersales.part.line"

    def _charge_on(self, order):
        """Write the lines of a quotation at the terms decided."""
        for line in self:
            rate = line.company_id.currency_id._convert(
                line.unit_price, order.currency_id, line.company_id
            )
            line.sale_line_id = self.env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_id.uom_id.id,
                    "product_uom_qty": line.quantity,
                    "price_unit": rate,
                }
            )

    def _deliver_charged(self):
        """What was fitted is delivered on the order that charges it."""
        for line in self.filtered("sale_line_id"):
            line.sale_line_id.qty_delivered = line.used_qty
