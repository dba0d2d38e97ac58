from odoo.exceptions import AccessError
from odoo.tests import tagged

from .sla_common import SlaCase


@tagged("post_install", "-at_install")
class TestSlaAccess(SlaCase):
    def test_nobody_writes_the_ledger(self):
        """R-C08 R-Q03: clocks are proof; no client changes or deletes them."""
        clock = self.start()
        for role, user in self.users.items():
            as_user = clock.with_user(user)
            with self.subTest(role=role):
                for act in (
                    lambda c: c.write({"recorded_state": "met"}),
                    lambda c: c.copy(),
                    lambda c: c.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        act(as_user)

    def test_who_sees_which_promise(self):
        """R-S15: after-sales sees all, others what is theirs, strangers nothing."""
        order = self.create_order()
        clock = self.start(order_id=order.id)
        domain = [("id", "=", clock.id)]
        seen = {
            role: bool(clock.with_user(user).search(domain))
            for role, user in self.users.items()
            if role != "portal"
        }
        self.assertEqual(
            seen,
            {
                "technician": False,
                "agent": True,
                "supervisor": True,
                "manager": True,
                "guide": True,
                "warehouse": False,
                "stranger": False,
            },
        )
        with self.assertRaises(AccessError):
            clock.with_user(self.users["portal"]).search(domain)

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "北京分公司"})
        clock = self.start()
        agent = self.users["agent"]
        agent.write({"company_ids": other.ids, "company_id": other.id})
        self.assertFalse(clock.with_user(agent).search([("id", "=", clock.id)]))

    def test_only_managers_change_policies(self):
        self.policy.with_user(self.users["manager"]).sequence = 7
        for role in ("technician", "agent", "supervisor", "guide", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.policy.with_user(self.users[role]).sequence = 8
