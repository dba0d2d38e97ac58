from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.sql_db import BaseCursor
from odoo.tests import TransactionCase, new_test_user

# Monday, 10:00 in Shanghai
MONDAY = datetime(2026, 11, 23, 2, 0, 0)

ROLES = {
    "technician": "aftersales_service.group_aftersales_technician",
    "agent": "aftersales_service.group_aftersales_user",
    "supervisor": "aftersales_service.group_aftersales_supervisor",
    "manager": "aftersales_service.group_aftersales_manager",
    "guide": "sales_team.group_sale_salesman",
    "warehouse": "stock.group_stock_user",
    "stranger": "base.group_user",
    "portal": "base.group_portal",
}


class AftersalesCase(TransactionCase):
    """A Chinese dealer with one user for each role; time stands still at MONDAY.

    ``self.at(moment)`` moves both clocks (Python's and the cursor's).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.write(
            {
                "name": "上海华育办公家具有限公司",
                "aftersales_tz": "Asia/Shanghai",
            }
        )
        cls.users = {
            role: new_test_user(
                cls.env, login=f"as_{role}", groups=group, tz="Asia/Shanghai"
            )
            for role, group in ROLES.items()
        }
        cls.company.aftersales_supervisor_id = cls.users["supervisor"]
        cls.company.aftersales_manager_id = cls.users["manager"]
        cls.technician = cls.env["hr.employee"].create(
            {"name": "李师傅", "user_id": cls.users["technician"].id}
        )
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "王小明",
                "phone": "+86 138 1234 5678",
                "email": "wang@example.cn",
                "street": "南京西路1266号",
                "city": "上海市",
                "zip": "200040",
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        cls.desk = cls.env["product.product"].create(
            {
                "name": "升降课桌",
                "default_code": "KZ-120",
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "list_price": 1280.0,
            }
        )

    def setUp(self):
        super().setUp()
        self.enterContext(self.at(MONDAY))

    @contextmanager
    def at(self, moment):
        """Freeze Python's clock and the database cursor's at a naive UTC moment."""
        moment = fields.Datetime.to_datetime(moment)
        with (
            freeze_time(moment, tick=False),
            patch.object(BaseCursor, "now", lambda cursor: moment),
        ):
            yield
        self.env.invalidate_all()

    def run_cron(self, xmlid):
        """Run a scheduled action as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def create_order(cls, lines=1, quantity=1, **vals):
        """A quotation of the guide, complete enough to be handed off."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "user_id": cls.users["guide"].id,
                "commitment_date": "2026-11-30 02:00:00",
                "order_line": [
                    fields.Command.create(
                        {"product_id": cls.desk.id, "product_uom_qty": quantity}
                    )
                    for _ in range(lines)
                ],
                **vals,
            }
        )
