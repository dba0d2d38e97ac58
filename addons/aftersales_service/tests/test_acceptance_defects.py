from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import MONDAY
from .test_acceptance import AcceptanceCase


@tagged("post_install", "-at_install")
class TestAcceptanceDefects(AcceptanceCase):
    def defective(self, **vals):
        order = self.deliver(("KZ-001", "KZ-002"))
        good = self.env["stock.lot"].search([("name", "=", "KZ-001")])
        return self.offer(
            order,
            **{
                "accepted_qty": 1,
                "defective_qty": 1,
                "defect_note": "桌面划伤",
                "appearance_ok": False,
                "lot_ids": [Command.set(good.ids)],
                **vals,
            },
        )

    def cured(self, resolution):
        """What closes a defect: its cause and who answers for it, too (R-X04)."""
        department = self.env["hr.department"].create({"name": "生产部"})
        return {
            "resolution": resolution,
            "cause_id": self.env.ref("aftersales_service.cause_structure").id,
            "responsible_department_id": department.id,
        }

    def test_defects_become_requests_at_our_cost(self):
        """R-A03: one request for each defective line, and another inspection."""
        acceptance = self.defective()
        self.sign(acceptance, result="accepted_with_remarks", remarks="请尽快更换")
        request = acceptance.defect_ids
        self.assertRecordValues(
            request,
            [
                {
                    "type": "exchange",
                    "coverage": "at_our_cost",
                    "order_id": acceptance.order_id.id,
                    "product_id": self.desk.id,
                    "phone": "+86 138 1234 5678",
                    "state": "new",
                }
            ],
        )
        self.assertIn("桌面划伤", request.problem)
        visit = acceptance.reinspection_ids
        self.assertEqual((visit.kind, visit.state), ("inspection", "draft"))
        self.assertEqual(visit.activity_ids.user_id, self.users["supervisor"])
        self.assertEqual(acceptance.open_defect_count, 1)

    def test_last_cured_defect_completes(self):
        """R-A03 R-A04: accepted when signed, complete when the last defect is cured."""
        acceptance = self.defective()
        self.sign(acceptance, result="accepted_with_remarks", remarks="更换")
        seal = acceptance.content_hash
        self.assertEqual(acceptance.order_id.accepted_on, MONDAY)
        self.assertFalse(acceptance.completed_on)
        later = MONDAY + timedelta(days=2)
        with self.at(later):
            request = acceptance.defect_ids.with_user(self.users["agent"])
            request.action_close(vals=self.cured("已更换桌面"))
            self.assertEqual(acceptance.completed_on, later)
        self.assertEqual(acceptance.content_hash, seal)
        self.assertTrue(acceptance.is_intact)
        with self.assertRaises(UserError):
            acceptance.with_user(self.users["manager"]).completed_on = MONDAY

    def test_flawless_is_complete_at_once(self):
        """R-A03: without defects nothing more is to be done."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        self.assertEqual(acceptance.completed_on, MONDAY)
        self.assertFalse(acceptance.defect_ids + acceptance.defect_ids)

    def test_rejected_is_offered_again(self):
        """R-A03: when cured, the guide offers the same deliveries again."""
        acceptance = self.defective()
        order = acceptance.order_id
        self.sign(acceptance, result="rejected", remarks="全部返工")
        self.assertFalse(order.accepted_on)
        acceptance.defect_ids.action_close(vals=self.cured("已返工"))
        activity = order.activity_ids.filtered(
            lambda a: a.user_id == self.users["guide"]
        )
        self.assertTrue(activity)
        again = self.offer(order)
        self.assertEqual(again.picking_ids, acceptance.picking_ids)
        self.sign(again)
        self.assertEqual(order.aftersales_state, "accepted")

    def test_rejected_without_a_line(self):
        """R-A03: remarks on the whole are a defect, too."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance, result="rejected", remarks="安装位置不对")
        self.assertEqual(acceptance.defect_ids.problem, "安装位置不对")
        self.assertEqual(acceptance.defect_ids.type, "fault")

    def test_criteria_of_the_product(self):
        """R-A01: what the product must fulfil besides; a failed one is a defect."""
        self.desk.aftersales_criteria = "升降平稳\n噪音低于50分贝"
        acceptance = self.env["aftersales.acceptance"].browse(
            self.deliver().action_create_acceptance()
        )
        acceptance.line_ids.action_all_right()
        smooth, quiet = acceptance.line_ids.criterion_ids
        quiet.with_user(self.users["agent"]).passed = False
        acceptance.line_ids.defect_note = "噪音大"
        acceptance.action_self_inspect()
        acceptance.action_offer()
        with self.assertRaises(UserError):
            self.sign(acceptance, result="accepted")
        self.sign(acceptance, result="accepted_with_remarks", remarks="噪音大")
        self.assertIn("噪音低于50分贝", acceptance.defect_ids.problem)
        with self.assertRaises(UserError):
            smooth.with_user(self.users["manager"]).passed = False
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_acceptance", acceptance.ids
        )
        self.assertIn("噪音低于50分贝", html.decode())
        self.assertTrue(acceptance.is_intact)

    def test_imported_goods_bring_both_manuals(self):
        """R-A05: Chinese and English, unless they are listed already."""
        self.desk.write({"aftersales_imported": True, "aftersales_documents": "合格证"})
        self.company.partner_id.lang = "zh_CN"
        acceptance = self.env["aftersales.acceptance"].browse(
            self.deliver().action_create_acceptance()
        )
        names = acceptance.document_line_ids.mapped("name")
        self.assertEqual(names, ["合格证", "中文说明书", "英文说明书"])

    def test_supervisor_waives_on_the_screen(self):
        """R-A05: with a reason, by the same dialog as other exceptions."""
        self.desk.aftersales_documents = "合格证"
        acceptance = self.offer(self.deliver())
        document = acceptance.document_line_ids
        dialog = self.env["aftersales.reason.wizard"].with_user(
            self.users["supervisor"]
        )
        dialog.create(
            {
                "act": "waive_document",
                "record_id": document.id,
                "reason": "随后补寄",
            }
        ).action_save()
        self.assertEqual(document.waived_by_id, self.users["supervisor"])

    def test_several_signers(self):
        """R-A02: user department and supervision sign, too, under the same seal."""
        acceptance = self.offer(self.deliver())
        technician = acceptance.with_user(self.users["agent"])
        result = technician.action_add_signature(
            name="赵科长", role="使用部门", signature_base64=self.signature
        )
        self.assertEqual(result["signers"], ["赵科长"])
        for wrong in (
            {"name": " ", "role": "监理"},
            {"name": "钱工", "role": ""},
            {"name": "赵科长", "role": "使用部门"},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                technician.action_add_signature(
                    **wrong, signature_base64=self.signature
                )
        with self.assertRaises(UserError):
            technician.action_add_signature("孙工", "监理", "not a picture")
        self.sign(acceptance)
        self.assertTrue(acceptance.is_intact)
        for user in (self.users["manager"], self.env.ref("base.user_admin")):
            signer = acceptance.signature_ids.with_user(user)
            with self.assertRaises(UserError):
                signer.name = "别人"
            with self.assertRaises(UserError):
                signer.unlink()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_acceptance", acceptance.ids
        )
        self.assertIn("赵科长", html.decode())
        self.env.flush_all()
        self.cr.execute("UPDATE aftersales_acceptance_signature SET name = '别人'")
        self.env.invalidate_all()
        self.assertFalse(acceptance.is_intact)

    def test_changed_document_is_not_signed(self):
        """R-A02: what was shown is what is signed."""
        acceptance = self.offer(self.deliver())
        shown = acceptance.document_digest
        acceptance.line_ids.write({"appearance_ok": False, "defect_note": "划痕"})
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, acceptance.name):
            self.sign(acceptance, result=None, document_digest=shown)
        self.sign(acceptance, document_digest=acceptance.document_digest, remarks="x")

    def test_offered_is_changed_only_when_taken_back(self):
        """R-A02: only documents are still ticked, anything else means offering anew."""
        self.desk.aftersales_documents = "合格证"
        acceptance = self.offer(self.deliver())
        agent = acceptance.with_user(self.users["agent"])
        agent.document_line_ids.handed_over = True
        for record, vals in (
            (agent.line_ids, {"ordered_qty": 5}),
            (agent.line_ids, {"defect_note": "划痕"}),
            (agent.line_ids, {"accepted_qty": 0}),
            (agent.line_ids, {"appearance_ok": False}),
            (agent.line_ids, {"lot_ids": [Command.clear()]}),
            (agent.document_line_ids, {"name": "别的"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.write(vals)
        with self.assertRaises(UserError):
            agent.document_line_ids.unlink()
        agent.action_add_signature("赵科长", "使用部门", self.signature)
        token = acceptance.access_token
        with self.assertRaises(UserError):
            agent.action_reopen(reason=" ")
        agent.action_reopen(reason="数量有误")
        self.assertEqual(acceptance.state, "draft")
        self.assertFalse(acceptance.signature_ids)
        agent.line_ids.defect_note = False
        acceptance.action_self_inspect()
        acceptance.action_offer()
        self.assertNotEqual(acceptance.access_token, token)

    def test_cancelled_order_has_nothing_to_sign(self):
        """R-A02: unsigned acceptances end with their order; signed ones stay."""
        order = self.deliver()
        acceptance = self.offer(order)
        order._action_cancel()
        self.assertEqual(acceptance.state, "cancelled")
        with self.assertRaises(UserError):
            self.sign(acceptance)
        other = self.deliver(("KZ-009",))
        signed = self.offer(other)
        self.sign(signed)
        other._action_cancel()
        self.assertEqual(signed.state, "accepted")

    def test_signature_files_are_sealed(self):
        """R-A02: nobody changes a signature through its file."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "aftersales.acceptance"),
                ("res_id", "=", acceptance.id),
                ("res_field", "=", "signature"),
            ]
        )
        self.assertTrue(files)
        for user in (self.users["manager"], self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                files.with_user(user).write({"raw": b"another"})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                files.with_user(user).unlink()
        self.assertTrue(acceptance.is_intact)

    def test_five_hundred_lines(self):
        """R-A01: a large order is accepted with few queries."""
        self.desk.tracking = "none"
        self.env["stock.quant"]._update_available_quantity(self.desk, self.stock, 500)
        order = self.create_order(lines=500)
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        self.env.flush_all()
        before = self.cr.sql_log_count
        acceptance = self.offer(order)
        self.sign(acceptance)
        self.env.flush_all()
        self.assertEqual(len(acceptance.line_ids), 500)
        # 5 acts, with the log of each
        self.assertLess(self.cr.sql_log_count - before, 230)


@tagged("post_install", "-at_install")
class TestCollection(AcceptanceCase):
    def setUp(self):
        super().setUp()
        self.order = self.deliver()
        self.cash = self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company.id)], limit=1
        ) or self.env["account.journal"].create(
            {"name": "现金", "type": "cash", "code": "XJ1"}
        )

    def collect(self, role="guide", **kwargs):
        order = self.order.with_user(self.users[role])
        return order.action_record_collection(**{"amount": 100, **kwargs})

    def test_recorded_for_the_accountant(self):
        """R-H11: without an invoice a draft waits; the balance is less at once."""
        owed = self.order.aftersales_balance
        result = self.collect(note="收据 0012")
        self.assertAlmostEqual(result["balance_due"], owed - 100)
        payment = self.env["account.payment"].browse(result["payment_id"])
        self.assertRecordValues(
            payment,
            [{"state": "draft", "amount": 100, "aftersales_order_id": self.order.id}],
        )
        self.assertIn(self.order.name, payment.memo)
        self.assertIn("收据 0012", self.order.message_ids[0].body)

    def test_once_for_one_reference(self):
        """R-H11: a retried call isn't counted twice."""
        first = self.collect(client_ref="pos-1")
        self.assertEqual(self.collect(client_ref="pos-1"), first)

    def test_never_more_than_is_owed(self):
        """R-H11: neither too much nor nothing, nor by unknown means."""
        owed = self.order.aftersales_balance
        for wrong in (
            {"amount": owed + 1},
            {"amount": 0},
            {"amount": -5},
            {"amount": "all"},
            {"method": "shells"},
            {"paid_by": ["cash"]},
            {"method": "cash", "paid_by": "bank"},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.collect(**wrong)
        self.collect(amount=owed)
        with self.assertRaises(UserError):
            self.collect(amount=1)

    def test_who_collects(self):
        """R-H11: after-sales, the guide and the team that is sent; nobody else."""
        with self.assertRaises(AccessError):
            self.collect("technician")
        visit = self.env["aftersales.visit"].create(
            {"partner_id": self.partner.id, "order_id": self.order.id}
        )
        visit.action_assign(employee_ids=self.technician.ids)
        self.collect("technician")
        self.collect("agent")
        for role in ("stranger", "warehouse", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.collect(role)

    def test_pays_the_invoice(self):
        """R-H11: an open invoice is paid, by Odoo's own way, whoever collects."""
        self.env["account.chart.template"].try_loading(
            "generic_coa", self.company, install_demo=False
        )
        order = self.deliver(("KZ-777",))
        invoice = order._create_invoices()
        invoice.action_post()
        visit = self.env["aftersales.visit"].create(
            {"partner_id": self.partner.id, "order_id": order.id}
        )
        visit.action_assign(employee_ids=self.technician.ids)
        left = order.aftersales_balance
        for role in ("technician", "agent", "guide"):
            self.env.invalidate_all()
            collected = order.with_user(self.users[role]).action_record_collection(
                amount=200, paid_by="bank", client_ref=f"pos-{role}"
            )
            left -= 200
            self.assertAlmostEqual(collected["balance_due"], left)
        self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - 600)


@tagged("post_install", "-at_install")
class TestAcceptanceLink(HttpCase, AcceptanceCase):
    def sign_by_link(self, acceptance, token, digest=None):
        url = f"/my/acceptances/{acceptance.id}/sign?access_token={token}"
        answer = self.make_jsonrpc_request(
            url + f"&digest={digest or acceptance.document_digest}",
            {"name": "王主任", "signature": self.signature.decode()},
        )
        self.env.invalidate_all()
        return answer

    def test_links(self):
        """R-A02: only its own link signs, only what was shown, only in time."""
        acceptance = self.offer(self.deliver())
        other = self.offer(self.deliver(("KZ-002",)))
        token = acceptance.access_token
        for wrong in (other.access_token, "guess"):
            with self.subTest(token=wrong):
                self.assertIn("error", self.sign_by_link(acceptance, wrong))
        self.assertIn("error", self.sign_by_link(acceptance, token, "old"))
        self.assertEqual(acceptance.state, "offered")
        page = self.url_open(acceptance.get_portal_url()).text
        self.assertIn(acceptance.document_digest, page)
        self.assertNotIn("error", self.sign_by_link(acceptance, token))
        self.assertEqual(acceptance.state, "accepted")

    def test_expired_link(self):
        """R-A02: after its last day the link shows, but doesn't sign."""
        acceptance = self.offer(self.deliver())
        self.assertEqual(
            acceptance.offer_valid_until, fields.Date.to_date("2026-12-07")
        )
        acceptance.offer_valid_until = "2026-11-22"
        answer = self.sign_by_link(acceptance, acceptance.access_token)
        self.assertIn("error", answer)
        self.assertEqual(acceptance.state, "offered")
        page = self.url_open(acceptance.get_portal_url()).text
        self.assertNotIn("o_portal_sign_submit", page)
