"""What was signed keeps its own copy of what it states (R-E06)."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_acceptance import AcceptanceCase


@tagged("post_install", "-at_install")
class TestAcceptanceCopy(AcceptanceCase):
    def setUp(self):
        super().setUp()
        self.desk.aftersales_criteria = "承重 50 kg"
        self.order = self.deliver(("KZ-001", "KZ-002"))
        self.acceptance = self.offer(self.order)

    def clients(self):
        return (
            self.users["agent"],
            self.users["manager"],
            self.env.ref("base.user_admin"),
        )

    def print_out(self):
        self.env.invalidate_all()
        name = "aftersales_service.report_acceptance"
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            name, self.acceptance.ids
        )
        return page.decode()

    def change_everything(self):
        """Whatever the document was made of is called otherwise, or another."""
        lots = self.acceptance.line_ids.lot_ids
        for lot in lots.with_user(self.users["warehouse"]):
            lot.name = f"{lot.name}-X"
        self.desk.write({"name": "别的桌子", "default_code": "BD-1"})
        self.desk.uom_id.name = "箱"
        self.partner.write({"name": "王大明", "lang": "en_US"})
        other = self.partner.create({"name": "别人", "email": "other@example.cn"})
        self.order.write({"partner_id": other.id, "name": "S-OTHER"})
        self.order.delivery_contact_phone = "021 5555 0000"
        self.env.flush_all()
        self.env.invalidate_all()
        return other

    def test_later_changes_change_nothing(self):
        """R-E06: seal, paper, names and numbers stay as they were signed."""
        self.sign(self.acceptance)
        before = self.print_out()
        other = self.change_everything()
        self.assertTrue(self.acceptance.is_intact)
        self.assertEqual(self.print_out(), before)
        agent = self.acceptance.with_user(self.users["agent"])
        self.assertEqual(agent.customer_name, "王小明")
        self.assertEqual(agent.partner_id, self.partner)
        self.assertEqual(agent.line_ids.lot_names, "KZ-001, KZ-002")
        self.assertIn("升降课桌", agent.line_ids.product_name)
        portal = self.users["portal"]
        portal.partner_id.parent_id = other
        mine = self.env["aftersales.acceptance"].with_user(portal).search([])
        self.assertFalse(mine, "what somebody else signed isn't the new customer's")

    def test_unsigned_follows(self):
        """R-E06: until the signature the document is about what is true today."""
        other = self.change_everything()
        self.assertEqual(self.acceptance.partner_id, other)
        self.assertEqual(self.acceptance.customer_name, "别人")
        self.assertEqual(self.acceptance.line_ids.lot_names, "KZ-001-X, KZ-002-X")

    def test_merged_customer_breaks_no_seal(self):
        """R-E06: the customer's record is merged into another."""
        self.sign(self.acceptance)
        other = self.partner.create({"name": "王小明（老客户）"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.partner | other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(self.acceptance.partner_id, other)
        self.assertTrue(self.acceptance.is_intact)
        self.assertEqual(self.acceptance.customer_name, "王小明")

    def test_statement_is_under_the_seal(self):
        """R-E06: the copy is as sealed as the rest, and so is which units they are."""
        self.sign(self.acceptance)
        self.assertTrue(self.acceptance.is_intact)
        for statement in (
            "UPDATE aftersales_acceptance SET statement = jsonb_set("
            "statement, '{customer}', '\"x\"') WHERE id = %s",
            "UPDATE aftersales_acceptance_line SET statement = jsonb_set("
            "statement, '{serials}', '[]') WHERE acceptance_id = %s",
            "UPDATE aftersales_acceptance SET statement = NULL WHERE id = %s",
            "DELETE FROM aftersales_acceptance_line_delivered_rel"
            " WHERE aftersales_acceptance_line_id IN (SELECT id FROM"
            " aftersales_acceptance_line WHERE acceptance_id = %s)",
        ):
            self.env.flush_all()
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(statement, [self.acceptance.id])
                self.assertTrue(self.env.cr.rowcount)
                self.env.invalidate_all()
                self.assertFalse(self.acceptance.is_intact)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_taken_over_documents_keep_their_seal(self):
        """R-E06: what was signed before it had a copy gets one at the upgrade."""
        self.sign(self.acceptance)
        self.acceptance.statement = False
        self.acceptance.line_ids.statement = False
        self.acceptance.content_hash = self.acceptance._get_seal(stated=False)
        self.acceptance._keep_statement()
        self.change_everything()
        self.assertTrue(self.acceptance.is_intact)

    def test_signers_stay(self):
        """R-E06 R-A02: nobody adds, changes, moves or removes a signature."""
        self.acceptance.action_add_signature("赵科长", "使用部门", self.signature)
        other = self.offer(self.deliver(("KZ-003",)))
        self.sign(self.acceptance)
        row = self.acceptance.signature_ids
        vals = {"name": "孙工", "role": "监理", "signature": self.signature}
        new = vals | {"acceptance_id": self.acceptance.id, "user_id": self.env.uid}
        for user in (*self.clients(), self.users["technician"], self.users["portal"]):
            mine, document = row.with_user(user), self.acceptance.with_user(user)
            commands = (
                [Command.create(vals)],
                [Command.update(row.id, {"role": "x"})],
                [Command.delete(row.id)],
                [Command.clear()],
            )
            for act in (
                lambda m=mine: m.write({"name": "别人"}),
                lambda m=mine: m.write({"acceptance_id": other.id}),
                lambda m=mine: m.write({"signature": False}),
                lambda m=mine: m.unlink(),
                lambda m=mine: m.create(new),
                *(
                    lambda d=document, c=c: d.write({"signature_ids": c})
                    for c in commands
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    act()
        self.env.invalidate_all()
        self.assertEqual(row.mapped("name"), ["赵科长"])
        self.assertTrue(self.acceptance.is_intact)

    def test_keys_of_the_context_sign_nothing(self):
        """R-E02: defaults of the caller don't reach what only acts record."""
        forged = {
            "default_state": "accepted",
            "default_signed_by": "王主任",
            "default_signed_on": MONDAY,
            "default_statement": {"customer": "x"},
        }
        model = self.env["aftersales.acceptance"].with_user(self.users["agent"])
        made = model.with_context(**forged).create({"order_id": self.order.id})
        self.assertEqual(made.state, "draft")
        self.assertFalse(made.signed_by or made.signed_on or made.statement)

    def test_facts_of_the_delivery_stay(self):
        """R-E02: what was ordered and delivered isn't the inspector's to say."""
        self.acceptance.action_reopen(reason="再看一次")
        other = self.order.copy()
        for user in self.clients():
            document = self.acceptance.with_user(user)
            for record, vals in (
                (document.line_ids, {"delivered_qty": 9}),
                (document.line_ids, {"product_id": self.desk.copy().id}),
                (document, {"order_id": other.id}),
                (document, {"partner_id": other.partner_id.copy().id}),
                (document, {"name": "YS-1"}),
            ):
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    record.write(vals)
            document.line_ids.write({"accepted_qty": 1, "defective_qty": 1})

    def test_acts_are_logged_once(self):
        """R-E01 R-E03: a retried signature is the same; each act is a row."""
        agent = self.acceptance.with_user(self.users["agent"])
        first = self.sign(agent, ref="sign-1")
        with self.at(MONDAY + timedelta(hours=1)):
            self.assertEqual(self.sign(agent, ref="sign-1"), first)
        with self.assertRaises(UserError):
            self.sign(agent, name="别人", ref="sign-1")
        acts = self.env["aftersales.act"].search(
            [
                ("res_model", "=", "aftersales.acceptance"),
                ("res_id", "=", self.acceptance.id),
            ],
            order="id",
        )
        self.assertEqual(acts.mapped("code"), ["self_inspect", "offer", "sign"])

    def test_one_acceptance_for_one_reference(self):
        """R-E03: the guide's retried call answers with the same acceptance."""
        order = self.deliver(("KZ-009",)).with_user(self.users["guide"])
        first = order.action_create_acceptance(ref="a-1")
        self.assertEqual(order.action_create_acceptance(ref="a-1"), first)
        with self.assertRaises(UserError):
            order.action_create_acceptance(ref="a-2")
        with self.assertRaises(AccessError):
            order.with_user(self.users["stranger"]).action_create_acceptance()

    def test_signed_papers_are_not_waived(self):
        """R-A05: the list of papers stays as it was signed."""
        self.desk.aftersales_documents = "合格证"
        acceptance = self.offer(self.deliver(("KZ-010",)))
        paper = acceptance.document_line_ids
        paper.handed_over = True
        self.sign(acceptance)
        supervisor = paper.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, acceptance.name):
            supervisor.action_waive("随后补寄")
        with self.assertRaises(UserError):
            supervisor.handed_over = False
