import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import MONDAY
from .test_handoff import HandoffCase

DRAWING = base64.b64encode("平面图 1:50".encode())


class ProjectCase(HandoffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.adviser = new_test_user(
            cls.env, login="as_adviser", groups="sales_team.group_sale_salesman"
        )

    def project(self, documents=("drawing", "purchasing_plan", "budget"), **vals):
        order = self.confirm(
            is_project=True, technical_adviser_id=self.adviser.id, **vals
        )
        for kind in documents:
            self.env["aftersales.order.document"].create(
                {"order_id": order.id, "kind": kind, "name": kind, "file": DRAWING}
            )
        return order.with_context(lang="en_US")

    def review(self, order, role="supervisor", **vals):
        return order.with_user(self.users[role]).action_review(**vals)


@tagged("post_install", "-at_install")
class TestProjectReview(ProjectCase):
    def test_ordinary_orders_need_no_review(self):
        self.assertEqual(self.confirm().aftersales_check_handoff(), [])

    def test_what_a_project_needs(self):
        """R-H12: adviser, drawing, plan and budget, and an approved review."""
        order = self.project(documents=("budget",))
        order.technical_adviser_id = False
        self.assertEqual(
            order.aftersales_check_handoff(),
            ["Technical adviser", "Drawing", "Purchasing plan", "Contract review"],
        )
        self.assertEqual(order.aftersales_state, "incomplete")

    def test_approved_project_is_complete(self):
        """R-H12: who, when and with which result is kept."""
        order = self.project()
        result = self.review(order, result="approved", note="可行")
        self.assertEqual(
            result,
            {
                "id": order.id,
                "state": "sale",
                "aftersales_state": "pending",
                "reviewed_at": "2026-11-23 02:00:00",
                "review_result": "approved",
            },
        )
        self.assertEqual(order.reviewed_by_id, self.users["supervisor"])
        self.hand_over()
        self.assertEqual(order.aftersales_state, "handed_off")

    def test_the_adviser_reviews(self):
        """R-H12: the technical adviser of the order, and of no other."""
        order = self.project()
        self.assertTrue(order.with_user(self.adviser).read(["name"]))
        wizard = self.env["aftersales.review.wizard"].with_user(self.adviser)
        wizard.create({"order_id": order.id, "result": "approved"}).action_save()
        self.assertEqual(order.review_result, "approved")
        other = self.project()
        other.technical_adviser_id = False
        with self.assertRaises(AccessError):
            other.with_user(self.adviser).action_review(result="approved")
        with self.assertRaises(AccessError):
            other.with_user(self.adviser).read(["name"])

    def test_changes_go_back_to_the_guide(self):
        """R-H12: with a note, as a task, until the review approves."""
        order = self.project()
        with self.assertRaises(UserError):
            self.review(order, result="changes", note=" ")
        self.review(order, result="changes", note="消防通道不足1.2米")
        self.assertIn(
            "Contract review asks for changes: 消防通道不足1.2米",
            order.aftersales_check_handoff(),
        )
        self.assertEqual(order.activity_ids.user_id, self.users["guide"])
        self.assertIn("消防通道", order.activity_ids.note)
        self.review(order, result="approved")
        self.assertFalse(order.activity_ids)
        self.assertEqual(order.aftersales_state, "pending")

    def test_changed_lines_make_the_review_outdated(self):
        """R-H12: quantity, price, product or a new line; not the delivery address."""
        changes = (
            {"product_uom_qty": 3},
            {"price_unit": 999},
            {"discount": 5},
        )
        for vals in changes:
            with self.subTest(vals=vals):
                order = self.project()
                self.review(order, result="approved")
                order.order_line.write(vals)
                self.assertTrue(order.is_review_outdated)
                self.assertEqual(order.aftersales_state, "incomplete")
                self.review(order, result="approved")
                self.assertEqual(order.aftersales_state, "pending")
        order.order_line = [Command.create({"product_id": self.desk.id})]
        self.assertTrue(order.is_review_outdated)

    def test_other_changes_leave_the_review(self):
        order = self.project()
        self.review(order, result="approved")
        order.write({"special_requests": "上午送货", "no_special_requests": False})
        order.order_line.name = "升降课桌（蓝色）"
        self.assertFalse(order.is_review_outdated)
        self.assertEqual(order.aftersales_state, "pending")

    def test_who_may_not_review(self):
        """R-H12: not the guide who wrote it, not even as a supervisor."""
        order = self.project()
        for role in ("guide", "agent", "warehouse", "technician", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.review(order, role, result="approved")
        order.user_id = self.users["supervisor"]
        with self.assertRaises(AccessError):
            self.review(order, result="approved")
        order.user_id = order.technical_adviser_id
        with self.assertRaises(AccessError):
            order.with_user(self.adviser).action_review(result="approved")

    def test_wrong_reviews_are_refused(self):
        order = self.project()
        for result in ("ok", "", None):
            with self.subTest(result=result), self.assertRaises(UserError):
                self.review(order, result=result)
        with self.assertRaises(UserError):
            self.review(self.confirm(), result="approved")
        order._mark_handed_off(MONDAY)
        with self.assertRaises(UserError):
            self.review(order, result="approved")

    def test_review_can_not_be_written(self):
        """R-H12: no program approves a contract but through the review."""
        order = self.project().with_user(self.users["guide"])
        with self.assertRaises(UserError):
            order.write({"review_result": "approved"})
        with self.assertRaises(UserError):
            order.create({"partner_id": self.partner.id, "review_result": "approved"})
        order.write({"client_order_ref": "学校改造"})


@tagged("post_install", "-at_install")
class TestProjectDocuments(ProjectCase):
    def test_own_documents_only(self):
        """R-H12: guides keep the documents of their own orders."""
        document = self.project().document_ids
        guide = document.with_user(self.users["guide"])
        guide.write({"name": "平面图（第二版）", "shown_to_customer": True})
        document.with_user(self.users["agent"]).read(["name", "file"])
        other = new_test_user(
            self.env, login="as_other", groups="sales_team.group_sale_salesman"
        )
        for user in (other, *map(self.users.get, ("stranger", "technician"))):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                document.with_user(user).read(["name"])

    def test_customer_reads_what_is_shown(self):
        """R-H12: through the portal's record rules."""
        document = self.project().document_ids
        customer = self.users["portal"]
        customer.partner_id.parent_id = self.partner
        with self.assertRaises(AccessError):
            document.with_user(customer).read(["name"])
        document.shown_to_customer = True
        self.assertTrue(document.with_user(customer).read(["name"]))
        with self.assertRaises(AccessError):
            document.with_user(customer).write({"name": "x"})

    def test_changed_after_the_hand_off(self):
        """R-H12: what changed after the hand-off is reviewed again."""
        order = self.project()
        self.review(order, result="approved")
        order._mark_handed_off(MONDAY)
        with self.assertRaises(UserError):
            self.review(order, result="approved")
        order.order_line.product_uom_qty = 5
        self.assertTrue(order.is_review_outdated)
        self.review(order, result="approved")
        self.assertFalse(order.is_review_outdated)

    def test_documents_of_a_handed_off_order_stay(self):
        order = self.project()
        order._mark_handed_off(MONDAY)
        documents = order.document_ids.with_user(self.users["guide"])
        with self.assertRaises(UserError):
            documents.unlink()


@tagged("post_install", "-at_install")
class TestOrderPortal(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.school = cls.env["res.partner"].create({"name": "上海市第三中学"})
        cls.user = new_test_user(cls.env, login="teacher", groups="base.group_portal")
        cls.user.partner_id.parent_id = cls.school
        cls.other = new_test_user(cls.env, login="other", groups="base.group_portal")
        desk = cls.env["product.product"].create({"name": "课桌", "type": "consu"})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.school.id,
                "order_line": [Command.create({"product_id": desk.id})],
                "document_ids": [
                    Command.create(
                        {
                            "name": name,
                            "filename": f"{name}.txt",
                            "file": DRAWING,
                            "shown_to_customer": shown,
                        }
                    )
                    for name, shown in (("平面图", True), ("预算", False))
                ],
            }
        )
        cls.order.action_confirm()
        cls.order.action_report_progress(text="木料已到，开始生产")
        cls.shown, cls.hidden = cls.order.document_ids
        cls.path = f"/my/orders/{cls.order.id}"

    def test_stage_progress_and_documents(self):
        """R-H10 R-H12: the customer sees the stage, the progress, the drawings."""
        self.authenticate("teacher", "teacher")
        page = self.url_open(self.path).text
        self.assertIn("aftersales_stages", page)
        self.assertIn("木料已到，开始生产", page)
        self.assertIn("平面图", page)
        self.assertNotIn("预算", page)
        file = self.url_open(f"{self.path}/documents/{self.shown.id}")
        self.assertEqual(file.content, base64.b64decode(DRAWING))

    def test_link_without_login(self):
        """R-H12: the order's token opens its shown documents and nothing else."""
        token = self.order._portal_ensure_token()
        url = f"{self.path}/documents/%s?access_token=%s"
        file = self.url_open(url % (self.shown.id, token))
        self.assertEqual(file.content, base64.b64decode(DRAWING))
        hidden = self.url_open(url % (self.hidden.id, token))
        self.assertEqual(hidden.status_code, 404)
        wrong = self.url_open(url % (self.shown.id, "wrong"))
        self.assertNotEqual(wrong.content, base64.b64decode(DRAWING))

    def test_strangers_see_nothing(self):
        """R-H10 R-H12: another customer gets neither page nor file."""
        self.authenticate("other", "other")
        self.assertNotIn("木料已到", self.url_open(self.path).text)
        file = self.url_open(f"{self.path}/documents/{self.shown.id}")
        self.assertNotEqual(file.content, base64.b64decode(DRAWING))
