from odoo import api, models


class AftersalesLink(models.AbstractModel):
    """A document that its customer opens by link, until some time after its end.

    Whoever may read it without the link isn't concerned.
    """

    _name = "aftersales.link"
    _description = "Document Opened by Link"
    _inherit = ["portal.mixin", "mail.thread"]

    def _get_settled_at(self):
        """Since when nothing is left to do: naive UTC datetime or date, or False."""
        raise NotImplementedError

    def _is_link_over(self):
        """Whether the link to this document has expired, by the company's days."""
        self.ensure_one()
        return self.company_id._aftersales_is_link_over(self._get_settled_at())

    @api.model
    def _get_thread_with_access(self, thread_id, **params):
        """Messages are opened by the link no longer than the document."""
        thread = super()._get_thread_with_access(thread_id, **params)
        if not thread or self.browse(thread.id).has_access("read"):
            return thread
        return self.browse() if thread.sudo()._is_link_over() else thread
