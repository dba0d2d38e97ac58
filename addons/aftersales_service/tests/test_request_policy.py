from odoo.fields import Command
from odoo.tests import tagged

from .test_request import RequestCase


@tagged("post_install", "-at_install")
class TestPolicyLimits(RequestCase):
    """A policy is for some requests only: what limits it is data, and explained."""

    def test_what_a_policy_may_be_limited_by(self):
        """R-S03 R-S08: kind, severity, emergency, coverage, team, goods, customer."""
        office = self.env["product.category"].create({"name": "办公家具"})
        desks = self.env["product.category"].create(
            {"name": "课桌", "parent_id": office.id}
        )
        self.desk.categ_id = desks
        self.partner.category_id = self.env["res.partner.category"].create(
            {"name": "重点客户"}
        )
        team = self.env["aftersales.team"].create({"name": "夜班"})
        fits = {
            "type": ([("type", "=", "inquiry")], {"type": "inquiry"}),
            "severity": ([("severity", "=", "major")], {"severity": "major"}),
            "emergency": ([("emergency", "=", True)], {"emergency": True}),
            "coverage": ([("warranty_coverage", "=", "unknown")], {}),
            "team": ([("team_id", "=", team.id)], {"team_id": team.id}),
            "category": ([("product_id.categ_id", "child_of", office.id)], {}),
            "tag": ([("partner_id.category_id.name", "=", "重点客户")], {}),
        }
        misses = {
            "coverage": [("warranty_coverage", "=", "in_warranty")],
            "category": [("product_id.categ_id", "child_of", [999999])],
            "tag": [("partner_id.category_id.name", "=", "别的")],
        }
        for number, (code, (domain, vals)) in enumerate(fits.items()):
            with self.subTest(limit=code):
                policy = self.create_policy(code, domain, number)
                if code in misses:
                    self.create_policy(code, misses[code], 0)
                clock = self.clocks(self.register(**vals))[code]
                self.assertEqual(clock.policy_id, policy)
                self.assertEqual(clock.matched_domain, policy.domain)
                if vals:
                    self.assertNotIn(code, self.clocks(self.register()))

    def test_first_policy_wins_whatever_the_order_of_entry(self):
        """R-S03: by sequence, then by age; never by chance."""
        last = self.create_policy("x", [], 3)
        first = self.create_policy("x", [], 2)
        self.create_policy("x", [], 2)
        self.assertEqual(self.clocks(self.register())["x"].policy_id, first)
        last.sequence = 1
        self.assertEqual(self.clocks(self.register())["x"].policy_id, last)

    def create_policy(self, code, domain, sequence):
        target = {
            "code": code,
            "name": code,
            "start_event": "reported",
            "stop_event": "replied",
            "limit_value": 9,
        }
        return self.env["aftersales.sla.policy"].create(
            {
                "name": code,
                "subject": "aftersales.request",
                "domain": repr(domain),
                "sequence": sequence,
                "target_ids": [Command.create(target)],
            }
        )
