import secrets

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

CARD = "aftersales.warranty.card"
TEXTS = ("contact_name", "phone", "address", "problem")


class WarrantyPublic(http.Controller):
    """What the holder of a unit sees with the code on it (R-W12).

    Product, number, terms and state; nothing of the customer. Uses are counted for
    each address in the database.
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
        hits = request.env["aftersales.warranty.hit"].sudo()  # counted for anybody
        address = request.httprequest.remote_addr or ""
        if not hits._allow(address, "report" if sending else "page"):
            return self._render("public_warranty_busy", status=429)
        # the code is the right to read what the page shows
        card = request.env[CARD].sudo().search([("public_token", "=", token)], limit=1)
        if not card:
            raise request.not_found()
        values = {"card": card, "post": post, "error": "", "registered": ""}
        if sending:
            values |= self._report(card, post)
        values["ref"] = post.get("ref") or secrets.token_hex(8)
        return self._render("public_warranty", values)

    def _render(self, template, values=None, status=200):
        response = request.render(
            f"aftersales_warranty.{template}",
            {"no_breadcrumbs": True, "page_name": "warranty", **(values or {})},
        )
        response.status_code = status
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
