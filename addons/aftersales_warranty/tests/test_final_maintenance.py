from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_warranty import WarrantyCase

PLAN = "aftersales_warranty.ir_cron_plan_maintenance"
MONTH_BEFORE = "2029-10-24 02:00:00"  # 30 days before 22 November 2029


@tagged("post_install", "-at_install")
class TestFinalMaintenance(WarrantyCase):
    def plan(self, serials=("KZ-001",), criteria="升降测试\n载荷测试"):
        """Cards whose final maintenance is planned; time stays there."""
        self.desk.aftersales_criteria = criteria
        cards = self.accept(serials)
        self.enterContext(self.at(MONTH_BEFORE))
        self.run_cron(PLAN)
        return cards

    def measure(self, passed=True):
        return [
            {"name": "升降测试", "value": "650-1250 mm", "passed": True},
            {"name": "载荷测试", "value": "118 kg", "passed": passed},
        ]

    def test_the_visit_is_created_by_itself(self):
        """R-W04: 30 days before the end, once, one visit for all units."""
        self.desk.aftersales_criteria = "升降测试"
        cards = self.accept(("KZ-001", "KZ-002"))
        with self.at("2029-10-22 15:59:59"):
            self.run_cron(PLAN)
            self.assertFalse(cards.maintenance_ids)
        with self.at("2029-10-22 16:00:00"):
            for _run in range(2):
                self.run_cron(PLAN)
            rows = cards.maintenance_ids
            self.assertEqual(len(rows), 2)
            visit = rows.visit_id
            self.assertEqual((len(visit), visit.kind), (1, "maintenance"))
            self.assertEqual(visit.lot_ids, cards.lot_id)
            self.assertEqual(rows[0].line_ids.mapped("name"), ["升降测试"])
            clock = visit.sla_clock_ids.filtered(
                lambda c: c.code == "final_maintenance"
            )
            self.assertEqual(str(clock.deadline), "2029-11-22 15:59:59")
            tasks = visit.activity_ids.mapped("user_id")
            self.assertEqual(tasks, self.users["supervisor"])

    def test_days_are_those_promised_then(self):
        """R-W04 R-W01: frozen in the card; 0 promises none."""
        card = self.accept()
        card.policy_id.final_maintenance_days = 60
        self.assertEqual(card.next_maintenance_on, date(2029, 10, 23))
        card.policy_id.final_maintenance_days = 0
        none = self.accept(("KZ-002",))
        self.assertFalse(none.next_maintenance_on)

    def test_passed_with_measured_results(self):
        """R-W04: every criterion is measured; the customer gets the certificate."""
        card = self.plan()
        with self.assertRaisesRegex(UserError, "升降测试"):
            card.action_final_maintenance_result(True)
        with self.assertRaisesRegex(UserError, "载荷测试"):
            card.action_final_maintenance_result(True, results=self.measure(False))
        result = card.action_final_maintenance_result(True, results=self.measure())
        self.assertEqual((result["state"], result["extended"]), ("passed", False))
        row = card.maintenance_ids
        self.assertEqual(row.line_ids.mapped("value"), ["650-1250 mm", "118 kg"])
        mail = row.message_ids.filtered(lambda m: self.partner in m.partner_ids)
        self.assertTrue(mail.attachment_ids)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_warranty.report_maintenance", row.ids
        )
        for text in ("KZ-001", "118 kg", "载荷测试"):
            self.assertIn(text, html.decode())
        with self.assertRaises(UserError):
            card.action_final_maintenance_result(False, "again")

    def test_failed_is_repaired_and_extended_once(self):
        """R-W05: at our cost, one more year, shown again before that ends; once."""
        card = self.plan()
        with self.assertRaises(UserError):
            card.action_final_maintenance_result(False)
        result = card.action_final_maintenance_result(
            False, "载荷不足", self.measure(False)
        )
        self.assertTrue(result["extended"])
        self.assertEqual(card.end_date, date(2030, 11, 22))
        request = self.env["aftersales.request"].browse(result["request_id"])
        self.assertEqual((request.coverage, request.type), ("at_our_cost", "fault"))
        self.assertEqual(request.lot_id, card.lot_id)
        self.assertIn("118 kg", request.symptom)
        self.assertIn("2029-11-22", card.extension_ids.reason)
        self.assertEqual(card.next_maintenance_on, date(2030, 10, 23))
        with self.at("2030-10-24 02:00:00"):
            self.run_cron(PLAN)
            self.assertEqual(len(card.maintenance_ids), 2)
            again = card.action_final_maintenance_result(
                False, "载荷不足", self.measure(False)
            )
            self.assertFalse(again["extended"])
            self.assertEqual(card.end_date, date(2030, 11, 22))
            self.assertTrue(again["request_id"])
            self.run_cron(PLAN)
            self.assertEqual(len(card.maintenance_ids), 2)

    def test_goodwill_does_not_use_up_the_promise(self):
        """R-W05: only a failed maintenance does."""
        card = self.accept()
        card.with_user(self.users["supervisor"]).action_extend(6, "延保")
        self.enterContext(self.at("2030-05-01 02:00:00"))
        self.run_cron(PLAN)
        card.maintenance_ids.line_ids.result = "failed"
        result = card.action_final_maintenance_result(False, "噪音超标")
        self.assertTrue(result["extended"])

    def test_nobody_leaves_without_a_result(self):
        """R-W04: the visit ends when each unit's result is recorded."""
        card = self.plan()
        visit = card.maintenance_ids.visit_id
        visit.sudo().state = "on_site"
        visit.checklist_line_ids.done = True
        with self.assertRaisesRegex(UserError, card.name):
            visit.action_complete({})
        card.action_final_maintenance_result(True, results=self.measure())
        self.assertEqual(visit.action_complete({})["state"], "done")

    def test_what_could_not_be_done_is_planned_anew(self):
        """R-W04: a failed visit hands its units on, a cancelled one frees them."""
        card = self.plan()
        visit = card.maintenance_ids.visit_id
        visit.sudo().state = "on_site"
        following = visit.action_fail("学校停电")["next_visit_id"]
        self.assertEqual(card.maintenance_ids.visit_id.id, following)
        card.maintenance_ids.visit_id.action_cancel("改期")
        self.run_cron(PLAN)
        planned = card.maintenance_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(len(planned), 1)
        self.assertNotEqual(planned.visit_id.id, following)

    def test_a_unit_that_is_gone_needs_no_maintenance(self):
        """R-W14: void cards leave the visit, an empty visit is cancelled."""
        first, second = self.plan(("KZ-001", "KZ-002"))
        visit = first.maintenance_ids.visit_id
        supervisor = self.users["supervisor"]
        first.with_user(supervisor).action_void("报废")
        self.assertEqual(visit.state, "draft")
        second.with_user(supervisor).action_void("报废")
        self.assertEqual(visit.state, "cancelled")

    def test_who_records_the_result(self):
        """R-W04: the technician of the visit; results stay as they were measured."""
        card = self.plan()
        row = card.maintenance_ids
        technician = self.users["technician"]
        with self.assertRaises(AccessError):
            card.with_user(technician).action_final_maintenance_result(False, "x")
        row.visit_id.action_assign([self.technician.id])
        mine = row.with_user(technician)
        mine.line_ids.write({"value": "正常", "result": "passed"})
        with self.assertRaises(UserError):
            mine.write({"state": "passed"})
        self.assertEqual(mine.action_pass()["state"], "passed")
        lines = mine.line_ids
        for act in (
            lambda: lines[0].write({"value": "x"}),
            lambda: lines.create({"maintenance_id": row.id, "name": "x"}),
            lambda: mine.write({"line_ids": [(1, lines[0].id, {"value": "x"})]}),
            lambda: mine.write({"note": "x"}),
            lambda: mine.write({"done_at": "2026-01-01 00:00:00"}),
            lambda: row.unlink(),
        ):
            with self.assertRaises(UserError):
                act()

    def test_reading_is_not_recording(self):
        """R-W04: who sees the card but isn't on the visit records nothing."""
        card = self.plan()
        card.order_id.user_id = self.users["guide"]
        mine = card.with_user(self.users["guide"])
        self.assertEqual(mine.maintenance_ids.state, "planned")
        with self.assertRaises(AccessError):
            mine.action_final_maintenance_result(True, results=self.measure())
        self.assertFalse(any(card.maintenance_ids.line_ids.mapped("result")))
        card.maintenance_ids.line_ids.result = "passed"
        card.maintenance_ids.note = "载荷不足"
        for act in (mine.maintenance_ids.action_pass, mine.maintenance_ids.action_fail):
            with self.assertRaises(AccessError):
                act()

    def test_a_criterion_stays_with_its_unit(self):
        """R-E02 R-W04: a result isn't moved to another unit, measured or not."""
        first, second = self.plan(("KZ-001", "KZ-002"))
        first.action_final_maintenance_result(True, results=self.measure())
        open_row = second.maintenance_ids
        open_row.visit_id.action_assign([self.technician.id])
        lines = open_row.with_user(self.users["technician"]).line_ids
        with self.assertRaises(UserError):
            lines[0].maintenance_id = first.maintenance_ids
        measured = first.maintenance_ids.with_user(self.users["technician"]).line_ids
        with self.assertRaises(UserError):
            measured[0].maintenance_id = open_row

    def test_the_result_is_recorded_once(self):
        """R-E01 R-E03: one row for the unit, one for its demonstration; told twice the
        answer is the same."""
        card = self.plan()
        card.maintenance_ids.visit_id.action_assign([self.technician.id])
        mine = card.with_user(self.users["technician"])
        values = {"passed": False, "note": "载荷不足", "results": self.measure(False)}
        first = mine.action_final_maintenance_result(**values, ref="app-7")
        again = mine.action_final_maintenance_result(**values, ref="app-7")
        self.assertEqual(first, again)
        self.assertEqual(first["id"], card.maintenance_ids.id)
        self.assertEqual((first["state"], first["extended"]), ("failed", True))
        self.assertEqual(card.maintenance_ids.done_by_id, self.users["technician"])
        self.assertEqual(len(card.extension_ids), 1)
        acts = self.env["aftersales.act"]
        for record, code in (
            (card, "maintenance_result"),
            (card.maintenance_ids, "fail"),
        ):
            rows = acts.search(
                [("res_model", "=", record._name), ("res_id", "=", record.id)]
            )
            self.assertEqual(rows.mapped("code"), [code])

    def test_unknown_criteria_are_refused(self):
        card = self.plan()
        for results in ([{"name": "电压", "passed": True}], [{"volt": 1}], ["x"]):
            with self.subTest(results=results), self.assertRaises(UserError):
                card.action_final_maintenance_result(True, results=results)
        with self.assertRaises(UserError):
            self.accept(("KZ-002",)).action_final_maintenance_result(True)
