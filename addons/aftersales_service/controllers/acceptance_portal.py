from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .portal import AftersalesPortal

MODEL = "aftersales.acceptance"
ANSWER = ("result", "role", "remarks")


class AcceptancePortal(AftersalesPortal):
    """The customer reads and signs acceptances (R-A02)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "acceptance_count" in counters:
            values["acceptance_count"] = self._count_documents(MODEL)
        return values

    @http.route(
        ["/my/acceptances", "/my/acceptances/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_acceptances(self, page=1, **_kw):
        """List of the customer's acceptances."""
        return self._render_list(
            "aftersales_service.portal_my_acceptances",
            MODEL,
            "/my/acceptances",
            page,
            "acceptances",
            page_name="acceptance",
        )

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
        acceptance = self._open_document(MODEL, acceptance_id, access_token)
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=acceptance,
                report_type=report_type,
                report_ref="aftersales_service.action_report_acceptance",
                download=download,
            )
        answer = {name: kw[name] for name in ANSWER if kw.get(name)}
        return self._render_document(
            "aftersales_service.portal_acceptance",
            acceptance,
            access_token,
            acceptance=acceptance,
            page_name="acceptance",
            report_type="html",
            answer=answer,
            sign_url=self._get_sign_url(acceptance, answer),
        )

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
        digest=None,
        **kw,
    ):
        """Sign in the portal; refusals are shown beside the signature."""
        try:
            acceptance = self._document_check_access(MODEL, acceptance_id, access_token)
            if not acceptance._is_link_valid():
                raise UserError(request.env._("This link has expired: please call us."))
            acceptance.action_sign(
                name=name,
                signature_base64=signature,
                # without it nobody knows what the signer has read
                document_digest=digest or "-",
                # who has the customer's own link signs as the customer
                **{"role": request.env._("Customer")}
                | {key: kw[key] for key in ANSWER if kw.get(key)},
            )
        except (AccessError, MissingError):
            return {"error": request.env._("This link is not valid.")}
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": acceptance.get_portal_url(query_string="&signed=1"),
        }
