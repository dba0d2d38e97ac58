from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, *args, **kwargs):
        """Where no PDF printer is installed our papers travel as web pages.

        Confirming a visit or sending a report must not fail for want of a printer.
        """
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        ours = (self.model or "").startswith("aftersales.")
        template = self.with_context(aftersales_page=True)
        if not (ours and state == "install"):
            template = self
        return super(MailTemplate, template)._generate_template_attachments(
            res_ids, *args, **kwargs
        )
