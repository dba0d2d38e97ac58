from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MODEL = "aftersales.acceptance"


class AcceptancePortal(CustomerPortal):
    """The customer reads and signs acceptances (R-A02)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "acceptance_count" in counters:
            acceptances = request.env[MODEL]  # counted by the customer's own rules
            allowed = acceptances.has_access("read")
            values["acceptance_count"] = acceptances.search_count([]) if allowed else 0
        return values

    @http.route("/my/acceptances", type="http", auth="user", website=True)
    def portal_my_acceptances(self, page=1, **_kw):
        """List of the customer's acceptances."""
        acceptances = request.env[MODEL]
        total = acceptances.search_count([])
        pages = pager(url="/my/acceptances", total=total, page=int(page), step=20)
        values = self._prepare_portal_layout_values() | {
            "acceptances": acceptances.search([], limit=20, offset=pages["offset"]),
            "pager": pages,
            "page_name": "acceptance",
        }
        return request.render("aftersales_service.portal_my_acceptances", values)

    @http.route(
        "/my/acceptances/<int:acceptance_id>", type="http", auth="public", website=True
    )
    def portal_acceptance(
        self, acceptance_id, access_token=None, report_type=None, download=False, **_kw
    ):
        """One acceptance, to read, sign and print."""
        try:
            acceptance = self._document_check_access(MODEL, acceptance_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=acceptance,
                report_type=report_type,
                report_ref="aftersales_service.action_report_acceptance",
                download=download,
            )
        values = {
            "acceptance": acceptance,
            "page_name": "acceptance",
            "report_type": "html",
        }
        values = self._get_page_view_values(
            acceptance, access_token, values, "my_acceptances_history", False
        )
        return request.render("aftersales_service.portal_acceptance", values)

    @http.route(
        "/my/acceptances/<int:acceptance_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_acceptance_sign(
        self,
        acceptance_id,
        access_token=None,
        name=None,
        signature=None,
        role=None,
        result=None,
        remarks=None,
    ):
        """Sign in the portal; refusals are shown beside the signature."""
        # the form posts JSON to a link, whose token isn't among the parameters
        link = request.httprequest.args
        access_token = access_token or link.get("access_token")
        try:
            acceptance = self._document_check_access(MODEL, acceptance_id, access_token)
            if not acceptance._is_link_valid():
                raise UserError(request.env._("This link has expired: please call us."))
            acceptance.action_sign(
                name=name,
                role=role,
                signature_base64=signature,
                result=result,
                remarks=remarks,
                document_digest=link.get("digest"),
            )
        except (AccessError, MissingError):
            return {"error": request.env._("This link is not valid.")}
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": acceptance.get_portal_url(query_string="&signed=1"),
        }
