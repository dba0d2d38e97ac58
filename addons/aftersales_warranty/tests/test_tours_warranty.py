from odoo import fields
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.test_tours_order import OrderCase


@tagged("post_install", "-at_install")
class TestWarrantyTours(OrderCase):
    """The card at the screen: of the desk that asks, of the holder of the unit."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.order.action_confirm()
        self.order.picking_ids.move_ids.picked = True
        self.order.picking_ids.with_context(skip_sms=True).button_validate()
        self.card = self.env["aftersales.warranty.card"].search(
            [("order_id", "=", self.order.id)]
        )
        self.card._activate(fields.Date.today())

    def test_agent_sees_why_it_is_covered(self):
        """R-W08 R-W12: badge, explanation and card of a reported unit."""
        requests = self.env["aftersales.request"].with_context(lang="zh_CN")
        request = requests.create(
            {"lot_id": self.card.lot_id.id, "problem": "桌面不能升降"}
        )
        self.env.flush_all()
        self.start_tour(
            f"/odoo/action-aftersales_service.request_action/{request.id}",
            "aftersales_warranty_why",
            login="tour_clerk",
        )

    def test_anybody_reports_behind_the_code(self):
        """R-W12 R-S01: the register has the unit, its customer and who reported."""
        self.env.flush_all()
        self.start_tour(
            f"/warranty/{self.card.public_token}", "aftersales_warranty_public"
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            self.card.request_ids,
            [
                {
                    "channel": "web",
                    "partner_id": self.customer.id,
                    "lot_id": self.card.lot_id.id,
                    "contact_name": "李老师",
                    "problem": "桌面不能升降",
                    "coverage": "in_warranty",
                }
            ],
        )
