from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_request import RequestCase

TOLD = {
    "contact_name": "孙八",
    "phone": "13700007001",
    "address": "南京西路1266号",
    "problem": "课桌不能升降",
}
NOTHING = {
    "phone": (" ", "unknown", "未知", "-", "110", False),
    "address": (" ", "-", "…", "\u200b", False),
    "problem": (" ", "?", "\n", False),
    "contact_name": (" ", False),
}


@tagged("post_install", "-at_install")
class TestNeeded(RequestCase):
    def setUp(self):
        super().setUp()
        self.requests = self.env["aftersales.request"].with_user(self.users["agent"])

    def test_whatever_the_client(self):
        """R-S01: by program, import and form, each fact is demanded by name."""
        for name, values in NOTHING.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    vals = TOLD | {name: value}
                    with self.assertRaises(UserError):
                        self.requests.create(vals)
                    with self.assertRaises(UserError):
                        self.requests.register(vals=vals)
        loaded = self.requests.load(list(TOLD), [[*TOLD.values()][:1] + [""] * 3])
        self.assertFalse(loaded["ids"])
        with self.assertRaises(UserError), Form(self.requests) as form:
            form.problem = "课桌不能升降"
            form.contact_name = "孙八"

    def test_nothing_is_emptied_later(self):
        """R-S01: what is known stays known."""
        request = self.requests.create(TOLD)
        for name, values in NOTHING.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRaises(UserError):
                    request.write({name: value})
        request.write({"phone": "021-62180000", "address": "黄河路1号"})

    def test_mail_without_phone_can_be_completed_bit_by_bit(self):
        """R-S01: what isn't known yet is no reason to refuse what is."""
        request = self.requests.sudo().create({"problem": "x", "contact_name": "孙八"})
        request = request.with_user(self.users["agent"])
        request.write({"phone": "13700007001", "address": False})
        self.assertFalse(request.address)

    def test_unknown_product(self):
        """R-S01: registered at once, its clocks run; asked for before dispatch."""
        request = self.requests.browse(self.requests.register(vals=TOLD))
        self.assertEqual(
            set(self.clocks(request)), {"reply", "assign", "dispatch", "arrive"}
        )
        request.action_reply(note="马上来")
        request = request.with_context(lang="en_US")
        with self.assertRaisesRegex(UserError, "Product"):
            request.action_dispatch(employee_ids=self.technician.ids)
        self.assertFalse(request.visit_ids)
        request.product_id = self.desk
        request.action_dispatch(employee_ids=self.technician.ids)

    def test_unknown_caller_becomes_a_customer(self):
        """R-S01: our own company is nobody's customer."""
        vals = TOLD | {"product_id": self.desk.id}
        request = self.requests.browse(self.requests.register(vals=vals))
        self.assertFalse(request.partner_id)
        request.action_reply(note="马上来")
        request.action_dispatch(employee_ids=self.technician.ids)
        customer = request.visit_ids.partner_id
        self.assertNotEqual(customer, self.company.partner_id)
        self.assertRecordValues(customer, [{"name": "孙八", "phone": "13700007001"}])
        self.assertEqual(request.partner_id, customer)
        again = self.requests.browse(self.requests.register(vals=vals))
        self.assertEqual(again.partner_id, customer)
