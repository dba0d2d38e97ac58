from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.plan_common import PlanCase

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestDefectiveUnits(WarrantyCase):
    """Accepted quantity, serial numbers and cards that began are the same."""

    def accept_two_of_three(self):
        order = self.deliver(("KZ-001", "KZ-002", "KZ-003"))
        good = self.env["stock.lot"].search([("name", "in", ("KZ-001", "KZ-003"))])
        acceptance = self.offer(
            order,
            accepted_qty=2,
            defective_qty=1,
            defect_note="桌脚开裂",
            lot_ids=[Command.set(good.ids)],
        )
        self.sign(acceptance)
        return order, acceptance

    def test_two_of_three(self):
        """R-A04, R-W02: two cards begin, the third with its cure."""
        order, acceptance = self.accept_two_of_three()
        waiting = self.cards(order).filtered(lambda card: not card.start_date)
        self.assertEqual(waiting.lot_id.name, "KZ-002")
        self.assertEqual(acceptance.defect_ids.lot_id, waiting.lot_id)
        with self.at("2027-03-01 02:00:00"):
            self.run_cron("aftersales_warranty.ir_cron_start_unsigned")
            self.assertFalse(waiting.start_date, "not before the defect is cured")
            acceptance.defect_ids.action_cancel(reason="客户接受现状")
            self.assertEqual(waiting.start_date, date(2027, 3, 1))
        self.assertEqual(len(self.cards(order).filtered("start_date")), 3)

    def test_goods_without_numbers(self):
        """R-A04: the defective piece begins with its cure, too."""
        order = self.sell(self.create_goods(), 10)
        acceptance = self.offer(
            order, accepted_qty=9, defective_qty=1, defect_note="椅脚松动"
        )
        self.sign(acceptance)
        with self.at("2026-11-30 02:00:00"):
            acceptance.defect_ids.action_cancel(reason="现场已修好")
            self.assertEqual(
                [(card.quantity, card.start_date) for card in self.cards(order)],
                [(9, date(2026, 11, 23)), (1, date(2026, 11, 30))],
            )

    def test_dozens(self):
        """R-W02: cards count pieces, whatever the order counts in."""
        chair = self.create_goods()
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["stock.quant"]._update_available_quantity(chair, self.stock, 24)
        order = self.create_order(
            order_line=[
                Command.create(
                    {
                        "product_id": chair.id,
                        "product_uom_qty": 2,
                        "product_uom_id": dozen.id,
                    }
                )
            ]
        )
        order.action_confirm()
        self.ship(order, 24)
        self.sign(self.offer(order))
        card = self.cards(order)
        self.assertEqual((card.quantity, card.start_date), (24, date(2026, 11, 23)))

    def test_signed_long_after_the_delivery(self):
        """R-W02: an old unit's warranty began on the promised day at the latest."""
        self.desk.warranty_excluded = True  # as before the addon was there
        order = self.deliver()
        self.desk.warranty_excluded = False
        self.assertFalse(self.cards(order))
        with self.at("2027-12-23 02:00:00"):
            self.sign(self.offer(order))
            card = self.cards(order)
            days = self.company.warranty_fallback_days
            self.assertEqual((card.start_date - date(2026, 11, 23)).days, days)


@tagged("post_install", "-at_install")
class TestPlanFollowsCards(WarrantyCase):
    """Visits "during the warranty" last as long as the cards (R-V03, R-V05)."""

    def test_plan_of_an_order(self):
        """R-V03: three years of visits every three months, then every six."""
        self.env["aftersales.visit.plan.template"].search([]).active = False
        PlanCase.create_template.__func__(
            type(self), [(3, "warranty", 0), (6, "open", 0)], start_on="acceptance"
        )
        card = self.accept()
        plan = card.order_id.visit_plan_ids
        self.assertEqual(card.end_date, date(2029, 11, 22))
        self.assertEqual(plan.phase_ids[:1].until_date, card.end_date)
        card.with_user(self.users["supervisor"]).action_extend(
            months=12, reason="质保期内多次返修"
        )
        self.assertEqual(plan.phase_ids[:1].until_date, date(2030, 11, 22))
