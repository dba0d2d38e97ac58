from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MODEL = "aftersales.acceptance"
ANSWER = ("result", "role", "remarks")


class AcceptancePortal(CustomerPortal):
    """The customer reads and signs acceptances (R-A02)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "acceptance_count" in counters:
            acceptances = request.env[MODEL]  # counted by the customer's own rules
            allowed = acceptances.has_access("read")
            values["acceptance_count"] = acceptances.search_count([]) if allowed else 0
        return values

    @http.route(
        ["/my/acceptances", "/my/acceptances/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_acceptances(self, page=1, **_kw):
        """List of the customer's acceptances."""
        acceptances = request.env[MODEL]
        total = acceptances.search_count([])
        pages = pager(url="/my/acceptances", total=total, page=page, step=20)
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
        self, acceptance_id, access_token=None, report_type=None, download=False, **kw
    ):
        """One acceptance, to read, sign and print.

        What the customer has to say besides signing (``ANSWER``) goes into the link
        that signs.
        """
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
        answer = {name: kw[name] for name in ANSWER if kw.get(name)}
        values = {
            "acceptance": acceptance,
            "page_name": "acceptance",
            "report_type": "html",
            "answer": answer,
            "sign_url": self._get_sign_url(acceptance, answer),
        }
        values = self._get_page_view_values(
            acceptance, access_token, values, "my_acceptances_history", False
        )
        return request.render("aftersales_service.portal_acceptance", values)

    def _get_sign_url(self, acceptance, answer):
        """The link that signs what the page shows, and with which answer."""
        query = answer | {
            "access_token": acceptance._portal_ensure_token(),
            "digest": acceptance.document_digest,
        }
        return f"/my/acceptances/{acceptance.id}/sign?{urlencode(query)}"

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
    ):
        """Sign in the portal; refusals are shown beside the signature."""
        # the form posts JSON to a link, whose values aren't among the parameters
        link = request.httprequest.args
        access_token = access_token or link.get("access_token")
        try:
            acceptance = self._document_check_access(MODEL, acceptance_id, access_token)
            if not acceptance._is_link_valid():
                raise UserError(request.env._("This link has expired: please call us."))
            acceptance.action_sign(
                name=name,
                signature_base64=signature,
                # without it nobody knows what the signer has read
                document_digest=link.get("digest") or "-",
                # who has the customer's own link signs as the customer
                **{"role": request.env._("Customer")}
                | {key: link[key] for key in ANSWER if link.get(key)},
            )
        except (AccessError, MissingError):
            return {"error": request.env._("This link is not valid.")}
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": acceptance.get_portal_url(query_string="&signed=1"),
        }
