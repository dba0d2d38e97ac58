import secrets

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.aftersales_service.limits import (
    check_guesses,
    count_use,
    refuse_flood,
    refuse_guess,
)

CARD = "aftersales.warranty.card"
TEXTS = ("contact_name", "phone", "address", "problem")


class WarrantyPublic(http.Controller):
    """What the holder of a unit sees with the code on it (R-W12).

    Product, number, terms and state; nothing of the customer. Uses are limited.
    """

    @http.route(
        "/warranty/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def warranty_page(self, token, **post):
        """The card behind a code, with a form to report a fault."""
        sending = request.httprequest.method == "POST"
        check_guesses()
        if not count_use(f"aftersales_warranty.{'report' if sending else 'page'}"):
            refuse_flood()
        # the code is the right to read what the page shows
        card = request.env[CARD].sudo().search([("public_token", "=", token)], limit=1)
        if not (token and card):
            refuse_guess()
        values = {"card": card, "post": post, "error": "", "registered": ""}
        if sending:
            values |= self._report(card, post)
        values["ref"] = post.get("ref") or secrets.token_hex(8)
        return self._render(values)

    def _render(self, values):
        response = request.render(
            "aftersales_warranty.public_warranty",
            {"no_breadcrumbs": True, "page_name": "warranty", **values},
        )
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _report(self, card, post):
        """Enter the fault into the register; sent twice it is one request.

        :return: values for the page: registered (its number) or error
        """
        if card.is_void:
            return {"error": request.env._("This card is not valid any more.")}
        # the public may not create; the values are fixed here
        requests = request.env["aftersales.request"].sudo()
        try:
            with request.env.cr.savepoint():
                request_id = requests.with_company(card.company_id).register(
                    vals=self._prepare_request_vals(card, post)
                )
        except UserError as refusal:
            return {"error": str(refusal)}
        return {"registered": requests.browse(request_id).name}

    def _prepare_request_vals(self, card, post):
        given = {name: post[name].strip() for name in TEXTS if post.get(name)}
        unit = {"lot_id": card.lot_id.id} if card.lot_id else {}
        return {
            "type": "fault",
            "channel": "web",
            "company_id": card.company_id.id,
            "partner_id": card.partner_id.id,
            "order_id": card.order_id.id or None,
            "product_id": card.product_id.id,
            "client_ref": f"warranty-{card.id}-{(post.get('ref') or '')[:64]}",
            **unit,
            **given,
        }
