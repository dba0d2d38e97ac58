from odoo import models

GUIDE = "sales_team.group_sale_salesman"
ALL = "sales_team.group_sale_salesman_all_leads"


class SaleOrder(models.Model):
    """Who writes a quotation follows it, whoever's customer it is for.

    Odoo takes the customer's salesperson: a guide who quotes a colleague's customer
    would make an order that he or she must not see, and is refused.
    """

    _inherit = "sale.order"

    def _compute_user_id(self):
        result = super()._compute_user_id()
        user = self.env.user
        if user.has_group(GUIDE) and not user.has_group(ALL):
            self.filtered(lambda order: not order._origin.id).user_id = user
        return result
