from odoo import api, fields, models


class AftersalesRequest(models.Model):
    _inherit = "aftersales.request"

    liability_ids = fields.One2many(
        "aftersales.liability",
        "res_id",
        string="Liabilities",
        domain=[("res_model", "=", "aftersales.request")],
        groups="aftersales_service.group_aftersales_user",  # as liabilities themselves
    )
    liability_count = fields.Integer(compute="_compute_liability_count")

    @api.depends("liability_ids")
    def _compute_liability_count(self):
        for request in self:
            request.liability_count = len(request.sudo().liability_ids)

    def action_view_liabilities(self):
        """Open what this request costs us."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.liability_action"
        )
        return action | {
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)]
        }
