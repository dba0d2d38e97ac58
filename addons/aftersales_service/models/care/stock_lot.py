from odoo import api, fields, models
from odoo.fields import Domain

from ...readers import USER, WAREHOUSE
from ...tools import find_given


class StockLot(models.Model):
    """The file of one unit (R-V09)."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "aftersales.file"]

    file_warranty_until = fields.Date(
        string="Warranty Until", compute="_compute_file_warranty", groups=USER
    )
    file_currency_id = fields.Many2one(
        "res.currency", compute="_compute_file_cost", groups=USER
    )
    file_cost = fields.Monetary(
        string="Cost of Repairs",
        compute="_compute_file_cost",
        currency_field="file_currency_id",
        groups=USER,
    )

    def _get_warranty_until(self):
        """Last day of the warranty of these units; other addons know it.

        :return: dict of lot → date or False
        """
        return dict.fromkeys(self, False)

    def _compute_file_warranty(self):
        for lot, until in self._get_warranty_until().items():
            lot.file_warranty_until = until

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_file_cost(self):
        costs = self.env["aftersales.request.cost"]
        for lot in self:
            domain = [("request_id.lot_id", "=", lot._origin.id)]
            [(total,)] = costs._read_group(domain, [], ["amount:sum"])
            lot.file_cost = total
            lot.file_currency_id = self.env.company.currency_id

    def _get_file_domain(self, model):
        if model == "sale.order":
            # technicians see the orders they may; this finds which they are
            return Domain("id", "in", self.sudo().sale_order_ids.ids)
        if model == "aftersales.visit":
            return Domain("lot_ids", "in", self.ids)
        if model in ("aftersales.sla.clock", "aftersales.timeline"):
            return self._get_unit_documents(model)
        return Domain("lot_id", "in", self.ids)

    def _get_unit_documents(self, model):
        """Entries of the ledger or timeline about this unit's visits and requests."""
        of = {
            name: self.env[name].search(self._get_file_domain(name)).ids
            for name in ("aftersales.visit", "aftersales.request")
        }
        domain = Domain.OR(
            Domain("res_model", "=", name) & Domain("res_id", "in", ids)
            for name, ids in of.items()
        )
        if model == "aftersales.timeline":
            domain |= Domain("lot_id", "in", self.ids)
        return domain

    def get_formview_id(self, access_uid=None):
        """Who isn't of the warehouse opens the file: stock's form shows its orders."""
        self.check_access("read")
        user = find_given(self.env["res.users"], access_uid) or self.env.user
        if user.has_group(WAREHOUSE):
            return super().get_formview_id(user.id)
        return self.env.ref("aftersales_service.stock_lot_view_form_file").id

    def action_view_file(self):
        """Open the page with everything about this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.unit_file_action"
        )
        view = self.env.ref("aftersales_service.stock_lot_view_form_file")
        return action | {"res_id": self.id, "views": [(view.id, "form")]}
