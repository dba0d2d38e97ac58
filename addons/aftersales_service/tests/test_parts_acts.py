from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .parts_common import PartsCase


@tagged("post_install", "-at_install")
class TestPartActs(PartsCase):
    """What a part says is recorded by acts, once each, by whoever may (R-P03)."""

    def lines_of(self, role, **context):
        lines = self.as_(role, self.env["aftersales.part.line"])
        return lines.with_context(**context)

    def test_context_approves_nothing(self):
        """R-P03: neither context keys nor personal defaults approve a part."""
        self.env["ir.default"].set(
            "aftersales.part.line",
            "decision",
            "approved",
            user_id=self.users["technician"].id,
        )
        line = self.lines_of(
            "technician", default_decision="approved", default_state="issued"
        ).create({"request_id": self.request.id, "product_id": self.lens.id})
        self.assertEqual((line.decision, line.state), ("requested", "requested"))

    def test_decided_part_stays(self):
        """R-P03: what was approved isn't changed; a finished part not at all."""
        self.stock(self.lens, 1)
        line = self.create_line()
        agent = self.as_("agent", line)
        agent.write({"quantity": 2, "reason": "两只"})
        agent.write({"quantity": 1})
        self.as_("supervisor", line).action_approve()
        for vals in ({"quantity": 2}, {"product_id": self.screw.id}, {"kind": "gift"}):
            with self.assertRaises(UserError):
                agent.write(vals)
        agent.write({"replaced_lot_name": "旧件-1"})
        agent.action_reserve()
        self.as_("warehouse", line).action_issue()
        agent.action_use()
        for vals in ({"replaced_lot_name": "旧件-2"}, {"used_qty": 0}):
            with self.assertRaises(UserError):
                agent.write(vals)

    def test_part_stays_with_its_request(self):
        """R-C08: no part moves to a request, and a closed one gets none."""
        closed = self.create_request()
        closed.action_cancel("重复登记")
        line = self.as_("agent", self.create_line())
        for request in (closed, self.create_request()):
            with self.assertRaises(UserError):
                line.write({"request_id": request.id})
        with self.assertRaises(UserError):
            self.lines_of("agent", default_request_id=closed.id).create(
                {"product_id": self.lens.id}
            )

    def test_each_act_by_its_own_role(self):
        """R-P03: approval by supervisors, issue and receipt by the store."""
        self.stock(self.lens, 2)
        line = self.create_line()
        for role in ("technician", "agent", "warehouse"):
            with self.assertRaises(AccessError):
                self.as_(role, line).action_approve()
        self.assertIn("approve", self.as_("supervisor", line).possible_acts.split())
        self.as_("supervisor", line).action_approve()
        self.as_("warehouse", line).action_reserve()
        for role in ("technician", "agent"):
            with self.assertRaises(AccessError):
                self.as_(role, line).action_issue()
            self.assertNotIn("issue", self.as_(role, line).possible_acts.split())
        self.assertIn("issue", self.as_("warehouse", line).possible_acts.split())
        self.as_("warehouse", line).action_issue()
        self.as_("technician", line).action_use()
        with self.assertRaises(AccessError):
            self.as_("technician", line).action_collect()

    def test_retried_acts(self):
        """R-E03: the same call with the same reference fits one part, not two."""
        self.stock(self.lens, 2)
        line = self.issue(quantity=2)
        technician = self.as_("technician", line)
        first = technician.action_use(quantity=1, ref="tel-1")
        self.assertEqual(technician.action_use(quantity=1, ref="tel-1"), first)
        self.assertEqual(line.used_qty, 1)
        self.charge()
        self.create_line(self.lens)
        agent = self.as_("agent", self.request)
        first = agent.action_quote_parts(ref="quote-1")
        self.assertEqual(agent.action_quote_parts(ref="quote-1"), first)

    def test_acts_are_rows(self):
        """R-E01: who approved and who issued is in the log."""
        self.stock(self.lens, 1)
        line = self.issue()
        rows = self.env["aftersales.act"].search(
            [("res_model", "=", line._name), ("res_id", "=", line.id)], order="id"
        )
        self.assertEqual(
            [(row.code, row.user_id) for row in rows],
            [
                ("approve", self.users["supervisor"].id),
                ("reserve", self.users["agent"].id),
                ("issue", self.users["warehouse"].id),
            ],
        )

    def test_quotation_of_several_requests(self):
        """R-W09: each request gets its own quotation."""
        other = self.create_request()
        self.charge()
        self.charge(other)
        self.create_line()
        self.create_line(request_id=other.id)
        self.as_("agent", self.request | other).action_quote_parts(send=False)
        self.assertEqual(len(self.request.charge_order_ids), 1)
        self.assertEqual(len(other.charge_order_ids), 1)

    def test_gift_of_a_transfer_is_signed_once(self):
        """R-P08: a repeated signature with its reference is the same one."""
        self.stock(self.thermos, 1)
        line = self.create_line(self.thermos, kind="gift")
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        self.warehouse.aftersales_store_manager_id = self.users["warehouse"]
        picking = self.as_("warehouse", line.move_ids.picking_id)
        first = picking.action_authorize_gift("store_manager", ref="gift-1")
        again = picking.action_authorize_gift("store_manager", ref="gift-1")
        self.assertEqual(again, first)
        self.assertEqual(len(line.gift_authorization_ids), 1)
