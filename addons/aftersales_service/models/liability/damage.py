from odoo import models


class AftersalesDamage(models.Model):
    _inherit = "aftersales.damage"

    def _on_recorded(self):
        """A damage is answered for: a draft of the liability is filed (R-D17)."""
        result = super()._on_recorded()
        visit = self.visit_id.sudo()
        self.env["aftersales.liability"].sudo().create(
            {
                "company_id": visit.company_id.id,
                "res_model": self._name,
                "res_id": self.id,
                "order_id": visit.order_id.id,
                "clause": "R-D17",
                "cause": f"{visit.name}: {self.name}",
                "amount": self.amount,
                "responsible_employee_id": self.employee_id.id,
            }
        )
        return result
