from datetime import timedelta

from odoo.addons.aftersales_service.tests.common import MONDAY, AftersalesCase

PEOPLE = [
    {"name": f"学员{number:02d}", "phone": f"139000{number:05d}"}
    for number in range(35)
]
# 1×1 pixel
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class TrainingCase(AftersalesCase):
    """A confirmed contract that promises training; MONDAY is the day of the order."""

    def setUp(self):
        super().setUp()
        self.partner.email = "wang@example.cn"
        self.partner.lang = "en_US"
        self.company.partner_id.lang = "en_US"
        self.desk.product_tmpl_id.aftersales_training = True
        self.order = self.create_order()
        self.order.action_confirm()
        self.plan = self.order.training_plan_ids

    def commission(self):
        """Commissioning ends today; the sessions are proposed.

        :return: list of ids of the sessions
        """
        self.plan.action_commissioned()
        return self.plan.action_generate_sessions()

    def session(self, kind="operation"):
        return self.plan.event_ids.filtered(lambda e: e.aftersales_kind == kind)

    def choose(self, session, days=8, place="学校报告厅"):
        """The customer decides: so many days from MONDAY, 10:00 to 13:00 local."""
        start = MONDAY + timedelta(days=days)
        return self.plan.action_record_customer_choice(
            event_id=session.id,
            start=str(start),
            stop=str(start + timedelta(hours=3)),
            place=place,
            chosen_by="王主任",
        )

    def during(self, session):
        return self.at(session.date_begin + timedelta(hours=1))
