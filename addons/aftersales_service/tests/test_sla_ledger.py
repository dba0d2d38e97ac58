from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


@tagged("post_install", "-at_install")
class TestLedger(RequestCase):
    def setUp(self):
        super().setUp()
        self.order = self.create_order()
        self.order.action_confirm()
        self.request = self.register(order_id=self.order.id)
        with self.at(MONDAY + timedelta(minutes=1)):
            self.request.action_reply(note="好")
        with self.at(MONDAY + timedelta(minutes=31, seconds=1)):
            self.run_cron(CRON)

    def print(self, report, document, user="agent"):
        reports = self.env["ir.actions.report"].with_user(self.users[user])
        html, _type = reports._render_qweb_html(
            f"aftersales_service.{report}", document.ids
        )
        return html.decode()

    def test_every_promise_of_a_contract(self):
        """R-Q03: due, done, how late, what proves it; for order and customer."""
        moment = MONDAY + timedelta(minutes=31, seconds=1)
        with self.at(moment):
            for report, document in (
                ("report_ledger", self.order),
                ("report_ledger_partner", self.partner),
            ):
                text = self.print(report, document)
                clocks = self.order.sla_clock_ids + self.request.sla_clock_ids
                for target in clocks.with_context(lang="zh_CN").target_id:
                    self.assertIn(target.name, text)
                self.assertIn("-00:02:00", text, "answered two minutes early")
                self.assertIn("+00:01:01", text, "nobody arrived in time")
                self.assertIn(self.users["supervisor"].name, text)
            ledger = self.env["aftersales.sla.clock"]._get_ledger(self.order)
            self.assertEqual(self.order.aftersales_promise_count, len(ledger))

    def test_ledger_shows_own_promises_only(self):
        """R-Q03: the guide sees the own order's, a stranger none."""
        clocks = self.env["aftersales.sla.clock"]
        for role, sees in (("guide", True), ("manager", True), ("stranger", False)):
            with self.subTest(role=role):
                found = clocks.with_user(self.users[role])._get_ledger(self.order)
                self.assertEqual(bool(found), sees)
        with self.assertRaises(AccessError):
            clocks.with_user(self.users["portal"])._get_ledger(self.order)

    def test_long_delays_are_readable(self):
        clock = self.clocks(self.request)["dispatch"]
        with self.at(clock.deadline + timedelta(days=1, hours=2, seconds=5)):
            self.assertRegex(clock._get_delta_text(), r"^\+1 .+ 02:00:05$")
