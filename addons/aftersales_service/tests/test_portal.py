from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .test_acceptance import picture


@tagged("post_install", "-at_install")
class TestPortal(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.school = cls.env["res.partner"].create(
            {
                "name": "上海市第三中学",
                "phone": "021 6218 0000",
                "street": "南京西路1266号",
                "city": "上海市",
            }
        )
        cls.user = new_test_user(cls.env, login="teacher", groups="base.group_portal")
        cls.user.partner_id.parent_id = cls.school
        cls.other = new_test_user(cls.env, login="other", groups="base.group_portal")
        cls.request_record = cls.env["aftersales.request"].create(
            {"type": "inquiry", "partner_id": cls.school.id, "problem": "头枕可更换吗"}
        )
        cls.path = f"/my/requests/{cls.request_record.id}"

    def test_customer_sees_own_requests_only(self):
        """R-S01: lists and pages show the customer's own records."""
        self.authenticate("teacher", "teacher")
        self.assertIn("头枕可更换吗", self.url_open("/my/requests").text)
        self.assertIn("头枕可更换吗", self.url_open(self.path).text)
        self.authenticate("other", "other")
        self.assertNotIn("头枕可更换吗", self.url_open("/my/requests").text)
        self.assertNotIn("头枕可更换吗", self.url_open(self.path).text)

    def test_token_opens_one_request(self):
        """R-S01: a link works without login, a wrong one doesn't."""
        token = self.request_record._portal_ensure_token()
        page = self.url_open(f"{self.path}?access_token={token}")
        self.assertIn("头枕可更换吗", page.text)
        wrong = self.url_open(f"{self.path}?access_token=wrong")
        self.assertNotIn("头枕可更换吗", wrong.text)

    def test_customer_reports_in_the_portal(self):
        """R-S01 R-C06: what is missing is said above the form."""
        self.authenticate("teacher", "teacher")
        post = {"csrf_token": Request.csrf_token(self), "problem": "门锁坏了"}
        self.url_open("/my/requests/new", data=post)
        found = self.env["aftersales.request"].search([("problem", "=", "门锁坏了")])
        self.assertEqual((found.partner_id, found.channel), (self.school, "web"))
        refused = self.url_open("/my/requests/new", data=post | {"problem": " "})
        self.assertIn("alert-danger", refused.text)

    def test_home_counts_own_records(self):
        self.authenticate("teacher", "teacher")
        counters = ["aftersales_request_count", "acceptance_count"]
        values = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(values["aftersales_request_count"], 1)
        self.assertEqual(values["acceptance_count"], 0)


@tagged("post_install", "-at_install")
class TestPortalSignature(HttpCase):
    def test_customer_signs_by_link(self):
        """R-A02: without login; the second signature is refused, not shown as ours."""
        product = self.env["product.product"].create({"name": "课桌", "type": "consu"})
        customer = self.env["res.partner"].create({"name": "上海市第三中学"})
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        acceptance = self.env["aftersales.acceptance"].browse(
            order.action_create_acceptance()
        )
        acceptance.line_ids.action_all_right()
        acceptance.action_self_inspect()
        acceptance.action_offer()
        token = acceptance._portal_ensure_token()
        url = (
            f"/my/acceptances/{acceptance.id}/sign?access_token={token}"
            f"&digest={acceptance.document_digest}"
        )
        vals = {"name": "王主任", "signature": picture().decode()}
        wrong = self.make_jsonrpc_request(url.replace(token, "x"), vals)
        self.assertIn("error", wrong)
        result = self.make_jsonrpc_request(url, vals)
        self.assertTrue(result.get("force_refresh"), result)
        self.assertEqual(acceptance.state, "accepted")
        page = self.url_open(f"/my/acceptances/{acceptance.id}?access_token={token}")
        self.assertIn("alert-success", page.text)
        self.assertIn("error", self.make_jsonrpc_request(url, vals))
