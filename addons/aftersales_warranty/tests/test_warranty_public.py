from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestPublicPage(WarrantyCase, HttpCase):
    def page(self, card, data=None):
        self.env.flush_all()
        url = f"/warranty/{card.sudo().public_token}"
        if data is not None:
            data = {"csrf_token": Request.csrf_token(self), **data}
        return self.url_open(url, data=data)

    def setUp(self):
        super().setUp()
        self.has_components(1)
        self.card = self.accept()
        self.authenticate(None, None)

    def test_shows_terms_and_nothing_of_the_customer(self):
        """R-W12: product, number, terms and state for whoever holds the unit."""
        text = self.page(self.card).text
        for shown in ("KZ-001", "升降课桌", "升降电机"):
            self.assertIn(shown, text)
        for hidden in (
            self.partner.name,
            "13812345678",
            self.partner.email,
            self.partner.street,
            self.card.order_id.name,
        ):
            self.assertNotIn(hidden, text)

    def test_unknown_codes_are_not_found(self):
        """R-W12: the portal's token isn't the code, nor is the number of the card."""
        for token in ("nothing", self.card._portal_ensure_token(), str(self.card.id)):
            with self.subTest(token=token):
                self.env.flush_all()
                self.assertEqual(self.url_open(f"/warranty/{token}").status_code, 404)

    def test_a_fault_fills_the_register_once(self):
        """R-W12 R-S01: sent twice it is one request, with unit and customer."""
        report = {
            "ref": "abc",
            "problem": "不能升降",
            "contact_name": "李老师",
            "phone": "13900000000",
        }
        for _time in range(2):
            page = self.page(self.card, report)
        request = self.env["aftersales.request"].search(
            [("lot_id", "=", self.card.lot_id.id)]
        )
        self.assertRecordValues(
            request,
            [
                {
                    "channel": "web",
                    "type": "fault",
                    "partner_id": self.partner.id,
                    "contact_name": "李老师",
                    "phone": "13900000000",
                    "coverage": "in_warranty",
                }
            ],
        )
        self.assertIn(request.name, page.text)
        self.assertNotIn(self.partner.name, page.text)

    def test_what_is_missing_is_said(self):
        page = self.page(self.card, {"problem": " ", "ref": "x"})
        self.assertIn("alert-danger", page.text)
        self.assertFalse(self.card.request_ids)

    def test_a_void_card_takes_no_report(self):
        """R-W14: the unit has another card, or none."""
        self.card.with_user(self.users["supervisor"]).action_void("报废")
        self.assertNotIn("<textarea", self.page(self.card).text)
        self.page(self.card, {"problem": "x", "ref": "x", "phone": "1"})
        self.assertFalse(self.card.request_ids)

    def test_uses_are_limited_for_each_address(self):
        """R-W12: counted in the database, for guesses, too; a new window begins."""
        self.env["ir.config_parameter"].set_param("aftersales_warranty.page_limit", 2)
        codes = [self.page(self.card).status_code for _time in range(3)]
        self.assertEqual(codes, [200, 200, 429])
        with self.at("2026-11-23 02:11:00"):
            self.assertEqual(self.page(self.card).status_code, 200)
        hits = self.env["aftersales.hit"]
        self.assertNotIn("127.0.0.1", hits.search([]).mapped("address"))
        with self.at("2026-11-25 05:00:00"):
            hits._gc_hits()
            self.assertFalse(hits.search([]))

    def test_portal_lists_the_customers_cards(self):
        """R-W12: list, counter and card by record rules; strangers are sent away."""
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.partner
        self.authenticate(portal.login, portal.login)
        self.assertIn("KZ-001", self.url_open("/my/warranty").text)
        card = self.url_open(f"/my/warranty/{self.card.id}")
        self.assertIn("KZ-001", card.text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["warranty_card_count"]}
        )
        self.assertEqual(counters["warranty_card_count"], 1)
        portal.partner_id.parent_id = False
        self.env.registry.clear_cache()
        self.assertNotIn("KZ-001", self.url_open("/my/warranty").text)
        away = self.url_open(f"/my/warranty/{self.card.id}", allow_redirects=False)
        self.assertEqual(away.status_code, 303)

    def test_the_code_on_the_card_leads_to_the_page(self):
        """R-W12: the printed code has the separate token."""
        url = self.card._get_public_url()
        self.assertTrue(url.endswith(f"/warranty/{self.card.public_token}"))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_warranty.report_warranty_card", self.card.ids
        )
        self.assertIn("2029", html.decode())
