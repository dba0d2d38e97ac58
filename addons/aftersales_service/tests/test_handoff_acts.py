"""The acts of the hand-off: once for each reference, logged, and nothing but acts."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY, AftersalesCase

WINDOW = ("2026-11-28 02:00:00", "2026-11-28 04:00:00")


@tagged("post_install", "-at_install")
class TestHandoffActs(AftersalesCase):
    def setUp(self):
        super().setUp()
        self.order = self.create_order(no_special_requests=True)
        self.order.action_confirm()
        agent = self.users["agent"]
        self.batch = self.env["aftersales.handoff.batch"].with_user(agent).create({})
        self.batch.order_ids = [Command.link(self.order.id)]

    def codes(self, record):
        acts = self.env["aftersales.act"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return acts.mapped("code")

    def test_batch_acts_once(self):
        """R-E01 R-E03 R-H01: a lost answer is given again; each act is a row."""
        first = self.batch.action_send(ref="s-1")
        with self.at(MONDAY + timedelta(minutes=5)):
            self.assertEqual(self.batch.action_send(ref="s-1"), first)
            with self.assertRaises(UserError):
                self.batch.action_send(ref="s-2")
            taken = self.batch.action_acknowledge(ref="a-1")
            self.assertEqual(self.batch.action_acknowledge(ref="a-1"), taken)
            again = self.batch.action_return_order(self.order.id, "缺图纸", ref="r-1")
            self.assertEqual(
                self.batch.action_return_order(self.order.id, "缺图纸", ref="r-1"),
                again,
            )
        self.assertEqual(first["sent_at"], "2026-11-23 02:00:00")
        self.assertEqual(
            self.codes(self.batch), ["send", "acknowledge", "return_order"]
        )
        self.assertIn("return", self.codes(self.order))
        self.assertFalse(self.order.handed_off_at)

    def test_cut_off_is_logged(self):
        """R-E01: what the scheduler hands over is a row, too."""
        cutoff = MONDAY + timedelta(hours=7)  # 17:00 in Shanghai
        with self.at(cutoff):
            self.env["aftersales.handoff.batch"]._create_batch(self.company, cutoff)
        self.assertEqual(self.batch.state, "sent")
        self.assertEqual(self.codes(self.batch), ["send"])

    def test_no_batch_is_born_sent(self):
        """R-E02: neither values nor keys of the context record what acts record."""
        model = self.env["aftersales.handoff.batch"].with_user(self.users["agent"])
        forged = {
            "default_state": "sent",
            "default_sent_at": MONDAY,
            "default_acknowledged_by_id": self.env.uid,
        }
        made = model.with_context(**forged).create({"date": "2026-12-01"})
        self.assertEqual(made.state, "draft")
        self.assertFalse(made.sent_at or made.acknowledged_by_id)
        for name, value in (
            ("state", "sent"),
            ("sent_at", MONDAY),
            ("returned_order_ids", [Command.link(self.order.id)]),
        ):
            with self.subTest(name=name), self.assertRaises(UserError):
                made.write({name: value})

    def test_sent_batch_keeps_its_orders(self):
        """R-E02 R-H01: nothing joins or leaves what was sent; its clerk may change."""
        other = self.create_order(no_special_requests=True)
        other.action_confirm()
        self.batch.action_send()
        for vals in (
            {"order_ids": [Command.link(other.id)]},
            {"order_ids": [Command.unlink(self.order.id)]},
            {"date": "2026-12-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.batch.write(vals)
        self.batch.user_id = self.users["supervisor"]
        admin = self.order.with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(UserError):
            admin.handoff_batch_id = False

    def test_order_acts_once(self):
        """R-E01 R-E03 R-H06: the guide's calls, repeated, count once."""
        self.batch.action_send()
        order = self.order.with_user(self.users["guide"])
        first = order.action_record_contact(*WINDOW, ref="c-1")
        with self.at(MONDAY + timedelta(hours=1)):
            self.assertEqual(order.action_record_contact(*WINDOW, ref="c-1"), first)
            with self.assertRaises(UserError):
                order.action_record_contact(*WINDOW, "别的", ref="c-1")
            told = order.action_report_progress("已发货", ref="p-1")
            before = len(order.message_ids)
            self.assertEqual(order.action_report_progress("已发货", ref="p-1"), told)
        self.assertEqual(len(order.message_ids), before)
        self.assertEqual(self.order.contacted_at, MONDAY)
        self.assertEqual(first["agreed_start"], WINDOW[0])
        self.assertEqual(first["aftersales_state"], "contacted")
        codes = self.codes(self.order)
        self.assertEqual(codes, ["record_contact", "report_progress"])

    def test_factory_order_has_its_time(self):
        """R-H04 R-E01: entered later with its true time, not before the hand-off."""
        self.batch.action_send()
        clerk = self.order.with_user(self.users["agent"])
        with self.at(MONDAY + timedelta(hours=3)):
            with self.assertRaises(UserError):
                clerk.action_record_factory_order(at="2026-11-23 01:59:59")
            clerk.action_record_factory_order(at="2026-11-23 03:00:00")
        act = self.env["aftersales.act"].search([], order="id desc", limit=1)
        self.assertEqual(str(act.at), "2026-11-23 03:00:00")
        self.assertEqual(str(act.recorded_at), "2026-11-23 05:00:00")
        self.assertEqual(act.user_id, self.users["agent"].id)

    def test_money_is_collected_once(self):
        """R-H11 R-E03: the same reference books once, with other values it is told."""
        guide = self.order.with_user(self.users["guide"])
        journals = self.env["account.journal"]
        if not journals.search([("type", "=", "cash")]):
            journals.create({"name": "现金", "type": "cash", "code": "XJ9"})
        first = guide.action_record_collection(100.0, ref="m-1")
        self.assertEqual(guide.action_record_collection(100.0, ref="m-1"), first)
        with self.assertRaises(UserError):
            guide.action_record_collection(200.0, ref="m-1")
        self.assertEqual(len(self.order.sudo().aftersales_payment_ids), 1)
        with self.assertRaises(AccessError):
            self.order.with_user(self.users["stranger"]).action_record_collection(1.0)

    def test_review_is_the_reviewers(self):
        """R-H12 R-E01: logged as his; nobody without the right, nor the guide."""
        project = self.create_order(is_project=True)
        for role in ("guide", "agent", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                project.with_user(self.users[role]).action_review("approved")
        supervisor = project.with_user(self.users["supervisor"])
        answer = supervisor.action_review("approved", ref="v-1")
        self.assertEqual(supervisor.action_review("approved", ref="v-1"), answer)
        self.assertEqual(answer["review_result"], "approved")
        self.assertEqual(answer["reviewed_at"], "2026-11-23 02:00:00")
        self.assertEqual(self.codes(project), ["review"])

    def test_documents_of_what_is_handed_off(self):
        """R-E02 R-H12: they stay, and stay with their order."""
        document = self.env["aftersales.order.document"].create(
            {"order_id": self.order.id, "name": "平面图", "file": b"eA=="}
        )
        other = self.create_order()
        guide = document.with_user(self.users["guide"])
        with self.assertRaises(UserError):
            guide.order_id = other
        self.batch.action_send()
        for vals in ({"name": "别的"}, {"kind": "budget"}, {"file": b"eQ=="}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                guide.write(vals)
        with self.assertRaises(UserError):
            guide.unlink()
        guide.shown_to_customer = True
