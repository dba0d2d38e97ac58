from datetime import timedelta

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .common import MONDAY, AftersalesCase

GUESS = "aftersales_service.guess"


@tagged("post_install", "-at_install")
class TestLinks(AftersalesCase, HttpCase):
    """Links open what isn't settled long ago; guesses and floods are limited."""

    def setUp(self):
        super().setUp()
        self.company.aftersales_hotline = "400 820 8820"
        self.fault = self.env["aftersales.request"].create(
            {
                "type": "inquiry",
                "partner_id": self.partner.id,
                "problem": "头枕可更换吗",
            }
        )
        self.visit = self.env["aftersales.visit"].create(
            {"kind": "repair", "partner_id": self.partner.id}
        )
        self.customer = new_test_user(
            self.env, login="as_customer", groups="base.group_portal"
        )
        self.customer.partner_id.parent_id = self.partner
        self.authenticate(None, None)

    def open(self, record, days=0, **post):
        """Status and text of the page of a document, by its link, days from now."""
        url = record.get_portal_url()
        self.env.flush_all()
        with self.at(MONDAY + timedelta(days=days)):
            page = self.url_open(url, allow_redirects=False)
        return page.status_code, page.text

    def limit(self, kind, number):
        self.env["ir.config_parameter"].set_param(
            f"aftersales_service.{kind}_limit", number
        )

    def settle(self):
        self.fault.sudo().write({"state": "closed", "closed_at": MONDAY})
        self.visit.sudo().write({"state": "done", "completed_at": MONDAY})

    def test_links_of_open_documents_go_on(self):
        """R-S01: what isn't settled is opened a year later, too."""
        for record in self.fault | self.fault.copy(), self.visit:
            self.assertEqual(self.open(record[:1], 365)[0], 200)

    def test_links_end_after_the_document(self):
        """R-S01 R-D01: a friendly page says so, and whom to call."""
        self.settle()
        for record in (self.fault, self.visit):
            with self.subTest(record=record):
                self.assertEqual(self.open(record, 89)[0], 200)
                status, text = self.open(record, 91)
                self.assertEqual(status, 410)
                self.assertIn("400 820 8820", text)
                self.assertNotIn(self.partner.name, text)
        self.company.aftersales_link_days = 0
        self.assertEqual(self.open(self.fault, 900)[0], 200)

    def test_whoever_logs_in_needs_no_link(self):
        """R-S01: the customer's own documents stay."""
        self.settle()
        self.authenticate("as_customer", "as_customer")
        with self.at(MONDAY + timedelta(days=91)):
            page = self.url_open(f"/my/requests/{self.fault.id}")
        self.assertIn("头枕可更换吗", page.text)

    def test_an_ended_link_does_nothing_more(self):
        """R-D15: nor does it act on the document, nor open its messages."""
        self.settle()
        url = f"/my/visits/{self.visit.id}/confirm"
        token = self.visit._portal_ensure_token()
        with self.at(MONDAY + timedelta(days=91)):
            post = {"csrf_token": Request.csrf_token(self), "access_token": token}
            self.assertEqual(self.url_open(url, post).status_code, 410)
            public = self.visit.with_user(self.env.ref("base.public_user"))
            self.assertFalse(public._get_thread_with_access(self.visit.id, token=token))

    def test_every_document_with_a_link_says_when_it_is_settled(self):
        """R-S01: no kind of document is forgotten."""
        for name, model in self.env.registry.items():
            if "aftersales.link" in model._inherit and not model._abstract:
                with self.subTest(name=name):
                    self.assertFalse(self.env[name].new()._get_settled_at())

    def test_who_guessed_too_often_waits(self):
        """R-S01: then not even a right link is looked at; a login still works."""
        hits = self.env["aftersales.hit"]
        address, slot, number = hits._get_window("127.0.0.1", GUESS)
        hits.create({"address": address, "kind": GUESS, "slot": slot, "count": number})
        self.assertEqual(self.open(self.fault)[0], 429)
        self.assertEqual(self.open(self.visit)[0], 429)
        self.assertEqual(self.open(self.fault, 1)[0], 200)
        self.authenticate("as_customer", "as_customer")
        self.assertEqual(self.open(self.fault)[0], 200)

    def test_a_customer_reports_so_many_faults(self):
        """R-S01: each alarms the team; what is refused says what to do."""
        self.limit("report", 2)
        self.authenticate("as_customer", "as_customer")
        post = {"csrf_token": Request.csrf_token(self), "problem": "课桌不能升降"}
        post |= {"phone": "13800001111", "address": "南京西路1266号"}
        pages = [self.url_open("/my/requests/new", post).text for _time in range(4)]
        found = self.env["aftersales.request"].search_count(
            [("problem", "=", "课桌不能升降")]
        )
        self.assertEqual(found, 2)
        self.assertIn("请直接致电我们", pages[-1])

    def test_forms_are_limited_for_each_sender(self):
        """R-D01: by link and by login; employees aren't."""
        self.limit("post", 2)
        token = self.visit._portal_ensure_token()
        url = f"/my/visits/{self.visit.id}/confirm"
        self.env.flush_all()
        for login, last in ((None, 429), ("as_customer", 429), ("as_manager", 200)):
            self.authenticate(login, login)
            post = {"csrf_token": Request.csrf_token(self), "access_token": token}
            codes = [self.url_open(url, post).status_code for _time in range(3)]
            with self.subTest(login=login):
                self.assertEqual(codes, [200, 200, last])
