from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import AftersalesCase

SIGNED_BEFORE = "2020-01-01 00:00:00"


class TestGuard(AftersalesCase):
    """R-E02: a client writes only what is declared writable, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["aftersales.request"].with_user(cls.users["agent"])

    def report(self, **vals):
        return self.requests.create(
            {"problem": "桌面不升降", "partner_id": self.partner.id, **vals}
        )

    def test_context_defaults_do_not_reach_acts(self):
        """R-E02: a request made under keys of the context is new all the same."""
        keys = {
            "default_state": "closed",
            "default_closed_at": SIGNED_BEFORE,
            "default_coverage": "in_warranty",
            "default_symptom": "异响",
        }
        request = self.requests.with_context(**keys).create(
            {"problem": "不升降", "partner_id": self.partner.id}
        )
        self.assertEqual(request.state, "new")
        self.assertFalse(request.closed_at)
        self.assertEqual(request.coverage, "unknown")
        self.assertEqual(request.symptom, "异响")

    def test_system_under_keys_of_the_caller(self):
        """R-E02: what an act makes for a caller ignores the caller's keys, too."""
        system = self.requests.sudo().with_context(default_state="closed")
        self.assertEqual(system.create({"problem": "不升降"}).state, "new")

    def test_personal_defaults_do_not_reach_acts(self):
        """R-E02: nobody makes a habit of closed requests."""
        self.env["ir.default"].with_user(self.users["agent"]).set(
            "aftersales.request", "state", "closed", user_id=True
        )
        self.assertEqual(self.report().state, "new")

    def test_values_of_acts_are_refused(self):
        """R-E02: in create, write and nested rows."""
        for vals in (
            {"state": "closed"},
            {"replied_at": SIGNED_BEFORE},
            {"employee_ids": [Command.set(self.technician.ids)]},
            {"coverage": "in_warranty"},
            {"cost_total": 999},
            {"name": "伪造"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.report(**vals)
        request = self.report()
        for vals in ({"state": "closed"}, {"is_repeat": True}, {"completeness": 100}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                request.write(vals)
        with self.assertRaises(UserError):
            self.partner.with_user(self.users["agent"]).write({"phone": "1"})
            request.partner_id.write(
                {"aftersales_request_ids": [Command.update(request.id, {"name": "x"})]}
            ) if "aftersales_request_ids" in self.partner._fields else request.write(
                {"name": "x"}
            )

    def test_what_is_the_same_changes_nothing(self):
        """R-E02: forms and programs may write back what they read."""
        request = self.report()
        request.write({"state": "new", "symptom": "异响", "severity": "general"})
        self.assertEqual(request.symptom, "异响")
        with self.assertRaises(UserError):
            request.write({"severity": "major"})

    def test_given_once(self):
        """R-E02: a report's own time and reference stay."""
        request = self.report(client_ref="A-1", reported_at="2026-11-23 01:00:00")
        for vals in ({"client_ref": "A-2"}, {"reported_at": SIGNED_BEFORE}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                request.write(vals)

    def test_rows_stay_with_their_record(self):
        """R-E02, R-C08: no cost is moved into a closed request, or out of it."""
        supervisor = self.users["supervisor"]
        closed, other = self.report(type="inquiry"), self.report()
        cost = self.env["aftersales.request.cost"].with_user(supervisor)
        kept = cost.create({"request_id": closed.id, "unit_cost": 540})
        moved = cost.create({"request_id": other.id, "unit_cost": 999})
        closed.action_close({"resolution": "已答复"})
        for row, request in ((moved, closed), (kept, other)):
            with self.subTest(row=row), self.assertRaises(UserError):
                row.request_id = request
        with self.assertRaises(UserError):
            cost.create({"request_id": closed.id})
        with self.assertRaises(UserError):
            kept.unlink()
        with self.assertRaises(UserError):
            closed.write({"cost_ids": [Command.update(kept.id, {"unit_cost": 1})]})
        self.assertEqual(closed.sudo().cost_total, 540)

    def test_copies_begin_anew(self):
        """R-E02: a copy carries no result of an act."""
        request = self.report()
        request.action_reply("请重启控制器")
        copied = request.copy()
        self.assertEqual(copied.state, "new")
        self.assertFalse(copied.replied_at)
        self.assertNotEqual(copied.name, request.name)

    def test_import_is_a_client(self):
        """R-E02: a file loads no closed request."""
        result = self.requests.load(
            ["problem", "state"], [["不升降", "Closed"], ["异响", "New"]]
        )
        self.assertTrue(result["messages"])
        self.assertFalse(result["ids"])

    def test_the_form_is_saved(self):
        """R-E02: nothing that the form sends is refused."""
        with Form(self.requests) as form:
            form.problem = "桌腿不平"
            form.partner_id = self.partner
            form.product_id = self.desk
        request = form.record
        with Form(request) as form:
            form.symptom = "晃动"
        self.assertEqual(request.symptom, "晃动")
        self.assertTrue(request.name)
