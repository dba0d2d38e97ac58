from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...concurrency import serialize
from ...tools import find_given

KINDS = [
    ("store_manager", "Store Manager's Signature"),
    ("contract", "Sales Contract"),
    ("general_manager", "General Manager's Signature"),
]


class AftersalesGiftAuthorization(models.Model):
    """The signature, or the contract, with which a gift leaves the store (R-P08)."""

    _name = "aftersales.gift.authorization"
    _description = "Authorisation of a Gift"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        KINDS,
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    order_id = fields.Many2one(
        "sale.order",
        string="Contract",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    authorized_at = fields.Datetime(required=True, readonly=True)
    signature = fields.Image(
        attachment=True, max_width=1024, max_height=1024, readonly=True
    )
    note = fields.Char(readonly=True)
    part_line_id = fields.Many2one(
        "aftersales.part.line", readonly=True, index="btree_not_null"
    )
    move_ids = fields.One2many("stock.move", "aftersales_gift_id", readonly=True)

    _contract_named = models.Constraint(
        "CHECK (kind != 'contract' OR order_id IS NOT NULL)",
        "Name the sales contract.",
    )

    @api.depends("kind", "user_id", "order_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for act in self:
            # the team reads no contracts, but which one it was
            by = act.sudo().order_id.name or act.user_id.name
            act.display_name = f"{labels.get(act.kind)}: {by}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_authorized(self):
        raise UserError(self.env._("An authorisation can't be deleted."))

    def _is_kept(self):
        """Whether no more left with this authorisation than it says."""
        gone = self.move_ids.filtered(lambda m: m.state == "done")
        left = sum(move._get_moved() for move in gone)
        return self.product_id.uom_id.compare(left, self.quantity) <= 0

    # ------------------------------------------------------------------
    # The act
    # ------------------------------------------------------------------

    @api.model
    def _authorize(self, kind, goods, order_id=None, note=None, signature=None):
        """Record one authorisation for each of the goods (R-P08).

        :param kind: "store_manager", "contract" or "general_manager"
        :param goods: list of dict(product, quantity, partner, warehouse, vals)
        :param order_id: id of the confirmed order, for a contract
        :raise AccessError: the user is not the one whose signature it is
        :raise UserError: unknown kind, or the contract doesn't name the gift
        """
        if kind not in dict(KINDS):
            raise UserError(
                self.env._("A gift needs a manager's signature or a sales contract.")
            )
        order = self._check_contract(kind, order_id)
        acts = self.sudo()
        for item in goods:
            warehouse = item["warehouse"]
            self._check_signer(kind, warehouse)
            if order:
                serialize(order)
                self._check_named(order, item)
            acts += acts.create(
                {
                    "kind": kind,
                    "company_id": warehouse.company_id.id,
                    "product_id": item["product"].id,
                    "quantity": item["quantity"],
                    "order_id": order.id,
                    "user_id": self.env.uid,
                    "authorized_at": fields.Datetime.now(),
                    "signature": signature,
                    "note": note,
                    **item["vals"],
                }
            )
        return acts

    def _check_signer(self, kind, warehouse):
        if not self._may_sign(kind, warehouse):
            labels = dict(self._fields["kind"]._description_selection(self.env))
            raise AccessError(
                self.env._(
                    "%(user)s can't give: %(kind)s.",
                    user=self.env.user.name,
                    kind=labels[kind],
                )
            )

    def _may_sign(self, kind, warehouse):
        """Whether the user's word is of this kind; anybody may name a contract."""
        user, company = self.env.user, warehouse.company_id.sudo()
        store_manager = warehouse.sudo().aftersales_store_manager_id
        general_manager = company.aftersales_general_manager_id
        if kind == "store_manager":
            stock_manager = user.has_group("stock.group_stock_manager")
            return user == store_manager or (not store_manager and stock_manager)
        if kind == "general_manager":
            manager = user._is_aftersales("manager")
            return user == general_manager or (not general_manager and manager)
        return True

    def _check_contract(self, kind, order_id):
        # The warehouse names the contract, but doesn't read the orders
        orders = self.env["sale.order"].sudo()
        order = find_given(orders, order_id) if kind == "contract" else orders
        if kind == "contract" and order.state != "sale":
            raise UserError(self.env._("Name a confirmed sales order."))
        return order

    def _check_named(self, order, item):
        """The contract is of this customer and names enough of the gift."""
        partner = item["partner"].commercial_partner_id
        if (
            order.company_id != item["warehouse"].company_id
            or order.partner_id.commercial_partner_id != partner
        ):
            raise UserError(
                self.env._("%s is a contract with somebody else.", order.name)
            )
        product = item["product"]
        lines = order.order_line.filtered(lambda line: line.product_id == product)
        named = sum(lines.mapped("product_uom_qty")) - sum(
            lines.mapped("qty_delivered")
        )
        given = self.sudo().search(
            [("order_id", "=", order.id), ("product_id", "=", product.id)]
        )
        left = named - sum(given.mapped("quantity"))
        if product.uom_id.compare(item["quantity"], left) > 0:
            raise UserError(
                self.env._(
                    "%(order)s names %(left)g × %(gift)s that may still leave.",
                    order=order.name,
                    left=max(left, 0),
                    gift=product.display_name,
                )
            )
