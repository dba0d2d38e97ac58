from odoo import models


class AftersalesTeam(models.Model):
    """E-mails to the team's address enter the register (R-S01)."""

    _name = "aftersales.team"
    _inherit = ["aftersales.team", "mail.alias.mixin"]

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("aftersales.request")
        if self.id:
            values["alias_defaults"] = {
                "team_id": self.id,
                "company_id": self.company_id.id,
            }
        return values
