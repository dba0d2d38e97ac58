from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """What no person wrote doesn't enter the register (R-N08)."""
        for name, value in message_dict.items():
            if isinstance(value, str) and "\0" in value:  # the database keeps none
                message_dict[name] = value.replace("\0", "")
        gate = self.env["aftersales.mail.rejected"]
        if message_dict.get("is_bounce"):
            gate._list_bounce(message, message_dict, model)
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return gate._filter_routes(message, message_dict, routes) if routes else routes
