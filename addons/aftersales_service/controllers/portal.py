from werkzeug.exceptions import abort

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..limits import count_guess, end_with_page, may_guess, refuse_flood
from ..tools import is_id

STEP = 20  # documents on one page of a list


class TooManyGuesses(AccessError):
    """Wrong links came from this address; for a while none is looked at."""


class LinkExpired(AccessError):
    """The document was settled long ago.

    :param record: the document (sudo)
    """

    def __init__(self, message, record):
        super().__init__(message)
        self.record = record


class AftersalesPortal(CustomerPortal):
    """What the customer's pages of all our documents share."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Open a document by the reader's own rights, or by its link.

        :raise AccessError: wrong link, the link has expired, or too many wrong ones
        """
        if not is_id(document_id):
            raise MissingError(request.env._("This document does not exist."))
        own = self._may_read(model_name, document_id)
        if not (own or may_guess()):
            raise TooManyGuesses(request.env._("Too many wrong links."))
        # tokens are plain ASCII; nothing else can be compared
        token = access_token if (access_token or "").isascii() else None
        try:
            record = super()._document_check_access(model_name, document_id, token)
        except AccessError:
            count_guess()
            raise
        if not own and hasattr(record, "_is_link_over") and record._is_link_over():
            raise LinkExpired(request.env._("This link has expired."), record)
        return record

    def _may_read(self, model_name, document_id):
        """Whether a document is there and the reader needs no link for it."""
        document = request.env[model_name].browse(document_id)
        return bool(document.sudo().exists()) and document.has_access("read")

    def _open_document(self, model_name, document_id, access_token):
        """The document of a page (sudo); who may not open it is told why.

        Ends the request: with a page about the link, or at the start of the portal.
        """
        try:
            return self._document_check_access(model_name, document_id, access_token)
        except TooManyGuesses:
            refuse_flood()
        except LinkExpired as expired:
            company = expired.record.company_id
            end_with_page("expired_page", 410, company=company)
        except (AccessError, MissingError):
            abort(request.redirect("/my"))

    def _count_documents(self, model_name):
        """Number on the start page of the portal, by the customer's own rules."""
        documents = request.env[model_name]
        return documents.search_count([]) if documents.has_access("read") else 0

    def _render_list(self, template, model_name, url, page, name, /, **values):
        """A list of the customer's documents, page by page.

        :param name: under which the template finds them
        :param values: what it shows besides
        """
        documents = request.env[model_name]
        page = int(page) if str(page).isdecimal() else 1
        total = documents.search_count([])
        pages = pager(url=url, total=total, page=page, step=STEP)
        values = self._prepare_portal_layout_values() | {
            name: documents.search([], limit=STEP, offset=pages["offset"]),
            "pager": pages,
            **values,
        }
        return request.render(template, values)

    def _render_document(self, template, record, access_token, /, **values):
        """The page of one document.

        :param values: what the template shows besides
        """
        values = self._get_page_view_values(
            record, access_token, values, f"{record._table}_history", False
        )
        return request.render(template, values)
