from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_aftersales(self, role):
        """The role "store": whoever issues and receives goods, and supervisors."""
        if role == "store":
            stock = self.has_group("stock.group_stock_user")
            return stock or super()._is_aftersales("supervisor")
        return super()._is_aftersales(role)
