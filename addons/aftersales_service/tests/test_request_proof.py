from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .test_request import CRON, RequestCase
from .test_request_repair import PICTURE

EVERYTHING = (
    "base.group_system,aftersales_service.group_aftersales_manager,"
    "stock.group_stock_manager,sales_team.group_sale_manager,hr.group_hr_manager"
)


@tagged("post_install", "-at_install")
class TestProof(RequestCase):
    """An administrator with every right, over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, login="as_admin", groups=EVERYTHING)

    @mute_logger("odoo.sql_db")
    def refused(self, act, *args):
        """Not done, for whatever reason; nothing stays half done."""
        try:
            with self.env.cr.savepoint():
                act(*args)
                self.env.flush_all()
        except (UserError, IntegrityError):  # a missing right is a UserError, too
            self.env.invalidate_all()
        else:
            self.fail(f"{act} was done")

    def test_facts_of_a_request_are_not_written(self):
        """R-C08 R-S09: number, company, and what was reported to the customer."""
        request = self.register()
        admin = request.with_user(self.admin)
        other = self.env["res.company"].create({"name": "别的公司"})
        self.admin.company_ids += other
        for vals in (
            {"name": "R-1"},
            {"company_id": other.id},
            {"reported_at": MONDAY - timedelta(hours=1)},
            {"replied_at": MONDAY},
            {"coverage": "in_warranty"},
        ):
            with self.subTest(vals=vals):
                self.refused(admin.write, vals)
        self.repair(request)
        admin.write({"measures": "重新插紧并固定"})
        with self.at(MONDAY + timedelta(minutes=50)):
            request.with_user(self.users["agent"]).action_send_report()
        for vals in ({"cause_note": "别的"}, {"measures": "别的"}, {"problem": "别的"}):
            with self.subTest(vals=vals):
                self.refused(admin.write, vals)
        self.assertEqual(request.measures, "重新插紧并固定")

    def test_nobody_deletes(self):
        """R-C08: neither the record, nor what it rests on, nor its ledger."""
        lot = self.env["stock.lot"].create(
            {"name": "KZ260080", "product_id": self.desk.id}
        )
        order = self.create_order()
        request = self.register(lot_id=lot.id, order_id=order.id)
        with self.at(MONDAY + timedelta(minutes=4)):
            self.run_cron(CRON)
        clocks = request.sudo().sla_clock_ids
        order.action_cancel()
        for record in (
            request,
            clocks[:1],
            clocks.escalation_ids[:1],
            request.sudo().liability_ids,
            order,
            lot,
            self.partner,
        ):
            with self.subTest(record=record):
                self.refused(record.with_user(self.admin).unlink)
                self.refused(record.sudo().unlink)
        self.assertEqual(request.partner_id, self.partner)

    def test_the_ledger_is_written_by_the_engine_only(self):
        """R-Q03: even where somebody gave himself the rights."""
        request = self.register()
        model = self.env["ir.model"]._get("aftersales.sla.clock")
        models = model + self.env["ir.model"]._get("aftersales.sla.pause")
        self.env["ir.model.access"].create(
            [
                {
                    "name": "all",
                    "model_id": one.id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
                for one in models
            ]
        )
        clock = self.clocks(request)["reply"].with_user(self.admin)
        self.refused(clock.write, {"deadline": "2027-01-01 00:00:00"})
        self.refused(clock.copy)
        self.refused(
            clock.env["aftersales.sla.pause"].create,
            {
                "clock_id": clock.id,
                "started_at": MONDAY,
                "reason": "x",
                "user_id": self.admin.id,
            },
        )

    def test_receipts_are_collected_by_signature_only(self):
        """R-S13: no client says so, and the signature is no loose file."""
        lot = self.env["stock.lot"].create(
            {"name": "KZ260081", "product_id": self.desk.id}
        )
        request = self.register(lot_id=lot.id)
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="好")
        agent.action_take_back(vals={"reason": "送修"})
        repair = request.sudo().repair_ids
        admin = repair.with_user(self.admin)
        for vals in (
            {"receipt_state": "collected"},
            {"receipt_number": False},
            {"aftersales_request_id": False},
            {"handed_back_to": "某人"},
        ):
            with self.subTest(vals=vals):
                self.refused(admin.write, vals)
        self.refused(
            request.with_user(self.admin).write, {"repair_ids": [Command.clear()]}
        )
        self.refused(
            admin.create,
            {
                "product_id": self.desk.id,
                "picking_type_id": repair.picking_type_id.id,
                "receipt_number": "T-1",
            },
        )
        repair.action_repair_cancel()
        self.refused(admin.unlink)
        self.refused(repair.unlink)
        repair.action_hand_back(name="王小明", signature_base64=PICTURE)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "repair.order"), ("res_id", "=", repair.id)]
            + [("res_field", "=", "handed_back_signature")]
        )
        self.assertTrue(files)
        self.refused(files.with_user(self.admin).unlink)
        self.refused(
            files.with_user(self.admin).create,
            {
                "name": "x",
                "res_model": "aftersales.request",
                "res_id": request.id,
                "res_field": "signature",
                "datas": PICTURE,
            },
        )

    def test_one_receipt_is_out_at_a_time(self):
        """R-S13: two people take it along at once; the database says no."""
        lot = self.env["stock.lot"].create(
            {"name": "KZ260082", "product_id": self.desk.id}
        )
        request = self.register(lot_id=lot.id)
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="好")
        agent.action_take_back(vals={"reason": "送修"})
        # the other one doesn't see the first receipt yet
        self.patch(type(request), "_check_receipts", lambda request: None)
        self.refused(agent.action_take_back, {"reason": "再次"})

    def test_liabilities_are_decided_by_acts(self):
        """R-M05: no supervisor files a waived one, or moves one to another breach."""
        request = self.register()
        with self.at(MONDAY + timedelta(minutes=4)):
            self.run_cron(CRON)
        liability = request.sudo().liability_ids
        supervisor = liability.with_user(self.users["supervisor"])
        order = self.create_order()
        for vals in (
            {"clock_id": False},
            {"res_id": 1},
            {"name": "L-1"},
            {"waive_reason": "x"},
            {"cause": "别的"},
            {"clause": "R-X"},
        ):
            with self.subTest(vals=vals):
                self.refused(supervisor.write, vals)
        for vals in ({"state": "settled"}, {"waive_reason": "x"}, {"name": "L-1"}):
            with self.subTest(vals=vals):
                vals = {"order_id": order.id, "cause": "迟到", **vals}
                self.refused(supervisor.create, vals)
        supervisor.write({"amount": 80})
        self.assertEqual(liability.amount, 80)

    def test_facts_of_a_contract_are_not_written(self):
        """R-H01 R-H06 R-A04: stages follow acts, for an administrator, too."""
        order = self.create_order()
        order.with_user(self.admin).action_confirm()
        batch = self.env["aftersales.handoff.batch"].create({"date": "2026-11-23"})
        for vals in (
            {"confirmed_at": "2026-11-01 00:00:00"},
            {"handed_off_at": MONDAY},
            {"factory_ordered_at": MONDAY},
            {"goods_ready_at": MONDAY},
            {"contacted_at": MONDAY},
            {"agreed_start": MONDAY},
            {"scheduled_at": MONDAY},
            {"accepted_on": MONDAY},
            {"handoff_batch_id": batch.id, "handed_off_at": MONDAY},
        ):
            with self.subTest(vals=vals):
                self.refused(order.with_user(self.admin).write, vals)
        order.with_user(self.admin).write({"client_order_ref": "PO-1"})
