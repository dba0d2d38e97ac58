"""What a hostile client tries on acceptances before and after the signature."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..controllers.acceptance_portal import AcceptancePortal
from .common import MONDAY
from .test_acceptance import AcceptanceCase, picture


@tagged("post_install", "-at_install")
class TestAcceptanceForgery(AcceptanceCase):
    def everybody(self):
        return (
            self.users["technician"],
            self.users["agent"],
            self.users["manager"],
            self.env.ref("base.user_admin"),
        )

    def test_no_acceptance_is_born_signed(self):
        """R-A02: a client can't create what only a signature may record."""
        order = self.deliver()
        for user in (self.users["agent"], self.env.ref("base.user_admin")):
            for vals in (
                {"state": "accepted"},
                {"signed_by": "王主任"},
                {"signed_on": MONDAY},
                {"content_hash": "0" * 64},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    self.env["aftersales.acceptance"].with_user(user).create(
                        {"order_id": order.id, **vals}
                    )

    def test_a_waiver_is_the_supervisors_act(self):
        """R-A05: nobody waives a document by writing the field."""
        self.desk.aftersales_documents = "合格证"
        acceptance = self.offer(self.deliver())
        acceptance.visit_id = self.env["aftersales.visit"].create(
            {"partner_id": self.partner.id, "order_id": acceptance.order_id.id}
        )
        acceptance.visit_id.action_assign(employee_ids=self.technician.ids)
        for user in self.everybody():
            document = acceptance.document_line_ids.with_user(user)
            for vals in (
                {"waived_reason": "so"},
                {"waived_by_id": self.users["supervisor"].id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    document.write(vals)
        draft = self.env["aftersales.acceptance"].create(
            {"order_id": acceptance.order_id.id}
        )
        with self.assertRaises(UserError):
            self.env["aftersales.acceptance.document"].with_user(
                self.users["agent"]
            ).create(
                {"acceptance_id": draft.id, "name": "说明书", "waived_reason": "so"}
            )

    def test_nothing_is_moved_onto_what_is_signed(self):
        """R-A02: rows of another acceptance don't wander into a signed one."""
        self.desk.aftersales_documents = "合格证"
        self.desk.aftersales_criteria = "承重 50 kg"
        signed = self.offer(self.deliver())
        signed.document_line_ids.handed_over = True
        self.sign(signed)
        order = self.deliver(("KZ-002",))
        draft = signed.browse(order.action_create_acceptance())
        line = signed.line_ids
        for user in (self.users["agent"], self.env.ref("base.user_admin")):
            for record, vals in (
                (draft.line_ids, {"acceptance_id": signed.id}),
                (draft.document_line_ids, {"acceptance_id": signed.id}),
                (draft.line_ids.criterion_ids, {"line_id": line.id}),
                (draft, {"line_ids": [Command.link(line.id)]}),
                (order, {"acceptance_ids": [Command.link(signed.id)]}),
            ):
                with (
                    self.subTest(user=user.login, record=record),
                    self.assertRaises(UserError),
                ):
                    record.with_user(user).write(vals)
        self.assertTrue(signed.is_intact)

    def test_seal_covers_all_that_was_signed(self):
        """R-A02: result, serials, documents, signers, picture: each change shows."""
        self.desk.aftersales_documents = "合格证"
        self.desk.aftersales_criteria = "承重 50 kg"
        acceptance = self.offer(self.deliver())
        acceptance.document_line_ids.handed_over = True
        acceptance.action_add_signature("赵科长", "使用部门", self.signature)
        self.sign(acceptance, result="accepted_with_remarks", remarks="一处划痕")
        lot = self.env["stock.lot"].create(
            {"name": "KZ-777", "product_id": self.desk.id}
        )
        self.assertTrue(acceptance.is_intact)
        line, ident = acceptance.line_ids.id, acceptance.id
        for statement, args in (
            (
                "UPDATE aftersales_acceptance SET state = 'accepted' WHERE id=%s",
                [ident],
            ),
            ("UPDATE aftersales_acceptance SET signed_by = 'x' WHERE id=%s", [ident]),
            ("UPDATE aftersales_acceptance SET remarks = '' WHERE id=%s", [ident]),
            (
                "UPDATE aftersales_acceptance SET accepted_on = now() WHERE id=%s",
                [ident],
            ),
            (
                "UPDATE aftersales_acceptance_line_stock_lot_rel SET stock_lot_id=%s"
                " WHERE aftersales_acceptance_line_id=%s",
                [lot.id, line],
            ),
            (
                "DELETE FROM aftersales_acceptance_line_stock_lot_rel"
                " WHERE aftersales_acceptance_line_id=%s",
                [line],
            ),
            (
                "UPDATE aftersales_acceptance_document SET handed_over = false"
                " WHERE acceptance_id=%s",
                [ident],
            ),
            (
                "UPDATE aftersales_acceptance_criterion SET passed = false"
                " WHERE acceptance_id=%s",
                [ident],
            ),
            (
                "UPDATE aftersales_acceptance_signature SET role = 'x'"
                " WHERE acceptance_id=%s",
                [ident],
            ),
            (
                "DELETE FROM ir_attachment WHERE res_field = 'signature'"
                " AND res_model = 'aftersales.acceptance' AND res_id=%s",
                [ident],
            ),
        ):
            with self.subTest(statement=statement):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    self.env.cr.execute(statement, args)
                    self.assertTrue(self.env.cr.rowcount)
                    self.env.invalidate_all()
                    self.assertFalse(acceptance.is_intact)
                    savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(acceptance.is_intact)

    def test_seals_of_older_versions_hold(self):
        """R-A02: what was signed before the seal knew the result stays intact."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_acceptance SET content_hash = %s WHERE id = %s",
            [acceptance._get_seal(stated=False, result=False), acceptance.id],
        )
        self.env.invalidate_all()
        self.assertTrue(acceptance.is_intact)

    def test_broken_seal_is_shown_on_the_certificate(self):
        """R-A02: the paper says that it no longer matches."""
        acceptance = self.offer(self.deliver())
        self.sign(acceptance)
        report = self.env["ir.actions.report"]
        name = "aftersales_service.action_report_acceptance"

        def read():
            page, _kind = report._render_qweb_html(name, acceptance.ids)
            return page.decode()

        self.assertIn(acceptance.content_hash[:16], read())
        whole = read()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_acceptance_line SET accepted_qty = 9"
            " WHERE acceptance_id = %s",
            [acceptance.id],
        )
        self.env.invalidate_all()
        self.assertIn("o_aftersales_broken", read())
        self.assertNotIn("o_aftersales_broken", whole)

    def test_signature_is_not_slipped_in(self):
        """R-A02: no file becomes a signature, for any client."""
        acceptance = self.offer(self.deliver())
        for user in self.everybody()[1:]:
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["ir.attachment"].with_user(user).create(
                    {
                        "name": "signature",
                        "res_model": "aftersales.acceptance",
                        "res_id": acceptance.id,
                        "res_field": "signature",
                        "datas": picture(),
                    }
                )


@tagged("post_install", "-at_install")
class TestLinkForgery(HttpCase, AcceptanceCase):
    def test_link_signs_only_what_was_shown(self):
        """R-A02: who leaves the fingerprint out doesn't get around it."""
        acceptance = self.offer(self.deliver())
        answer = self.make_jsonrpc_request(
            f"/my/acceptances/{acceptance.id}/sign"
            f"?access_token={acceptance.access_token}",
            {"name": "王主任", "signature": self.signature.decode()},
        )
        self.env.invalidate_all()
        self.assertIn("error", answer)
        self.assertEqual(acceptance.state, "offered")

    def test_customer_remarks_and_rejects_by_link(self):
        """R-A03: the link isn't for accepting only; what is said goes along."""
        acceptance = self.offer(self.deliver())
        page = self.url_open(
            acceptance.get_portal_url(
                query_string="&result=rejected&remarks=%E6%A1%8C%E9%9D%A2%E5%BC%80%E8%A3%82"
            )
        ).text
        self.assertIn("桌面开裂", page)
        self.assertIn("result=rejected", page)
        url = AcceptancePortal()._get_sign_url(
            acceptance, {"result": "rejected", "remarks": "桌面开裂", "role": "主任"}
        )
        answer = self.make_jsonrpc_request(
            url, {"name": "王主任", "signature": self.signature.decode()}
        )
        self.env.invalidate_all()
        self.assertNotIn("error", answer)
        self.assertEqual(
            (acceptance.state, acceptance.remarks), ("rejected", "桌面开裂")
        )
        self.assertEqual(acceptance.signer_role, "主任")
        self.assertTrue(acceptance.defect_ids)

    def test_made_up_results_are_refused(self):
        """R-A02: the link can't invent a result."""
        acceptance = self.offer(self.deliver())
        url = AcceptancePortal()._get_sign_url(acceptance, {"result": "paid"})
        answer = self.make_jsonrpc_request(
            url, {"name": "王主任", "signature": self.signature.decode()}
        )
        self.env.invalidate_all()
        self.assertIn("error", answer)
        self.assertEqual(acceptance.state, "offered")
