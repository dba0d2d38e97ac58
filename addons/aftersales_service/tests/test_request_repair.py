import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_acceptance import picture
from .test_request import RequestCase

PICTURE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
        "kgAAAABJRU5ErkJggg=="
    )
).decode()


@tagged("post_install", "-at_install")
class TestRequestRepair(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.env["stock.lot"].create(
            {"name": "KZ260001", "product_id": cls.desk.id}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = warehouse.lot_stock_id

    def on_site(self, **vals):
        request = self.register(lot_id=self.lot.id, **vals)
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="已电话指导")
        agent.action_dispatch(employee_ids=self.technician.ids)
        technician = request.with_user(self.users["technician"])
        with self.at(MONDAY + timedelta(minutes=15)):
            technician.action_leave()
            self.assertTrue(technician.is_under_way)
        with self.at(MONDAY + timedelta(minutes=20)):
            technician.action_arrive()
        return technician

    def messages_to(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids)]
        )

    # -- R-S17 -----------------------------------------------------------

    def test_misuse_is_found_and_told_before_the_repair(self):
        """R-S17: the finding, who was told, and what it means for the costs."""
        request = self.on_site()
        with self.at(MONDAY + timedelta(minutes=21)):
            with self.assertRaises(UserError):
                request.action_check(vals={"complete": True, "misuse": True})
            with self.assertRaises(UserError):
                request.action_check(vals={"misuse": True, "note": "进水"})
            with self.assertRaisesRegex(UserError, "photo"):
                request.action_check(vals={"photo": "x"})
            with self.assertRaises(UserError):
                request.action_check(
                    vals={"misuse": True, "note": "进水", "told": "王老师"}
                )
            result = request.action_check(
                vals={
                    "complete": True,
                    "misuse": True,
                    "note": "进水",
                    "told": "王老师",
                    "photos": [{"name": "进水.png", "data": picture().decode()}],
                }
            )
        self.assertEqual(result["state"], "on_site")
        self.assertRecordValues(
            request.sudo(),
            [
                {
                    "checked_at": MONDAY + timedelta(minutes=21),
                    "check_misuse": True,
                    "check_told": "王老师",
                    "cause_id": self.env.ref("aftersales_service.cause_misuse").id,
                }
            ],
        )
        with self.assertRaises(UserError):
            request.write({"check_misuse": False})

    # -- R-S12 -----------------------------------------------------------

    def test_costs_are_charged_only_where_chargeable(self):
        """R-S12, R-W09: nothing in warranty; after it parts, but neither labour nor
        travel."""
        request = self.on_site()
        self.env["aftersales.request.cost"].with_user(self.users["technician"]).create(
            [
                {"request_id": request.id, "kind": "travel", "unit_cost": 80},
                {
                    "request_id": request.id,
                    "kind": "parts",
                    "product_id": self.desk.id,
                    "quantity": 2,
                    "unit_cost": 35,
                },
            ]
        )
        self.assertEqual(request.cost_total, 150)
        for coverage, charged in (
            ("unknown", 0),
            ("in_warranty", 0),
            ("replace", 0),
            ("chargeable", 70),
            ("at_our_cost", 0),
        ):
            with self.subTest(coverage=coverage):
                request.sudo().coverage = coverage
                self.assertEqual(request.charged_total, charged)

    def test_costs_of_strangers_and_closed_requests(self):
        """R-C08: nobody else's, and none after the end."""
        request = self.on_site()
        costs = self.env["aftersales.request.cost"].with_user(self.users["technician"])
        vals = {"request_id": request.id, "unit_cost": 1}
        for role in ("stranger", "guide", "warehouse", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                costs.with_user(self.users[role]).create(vals)
        costs = costs.with_user(self.users["agent"])
        cost = costs.create(vals)
        request.sudo().state = "closed"
        for act in (
            lambda: costs.create(vals),
            lambda: cost.write({"unit_cost": 9}),
            cost.unlink,
        ):
            with self.assertRaises(UserError):
                act()

    # -- R-S13 -----------------------------------------------------------

    def test_taken_along_against_a_receipt(self):
        """R-S13: supervisor told, stock moved, receipt out, signed on return."""
        request = self.on_site()
        result = request.action_take_back(
            vals={"reason": "需返厂维修", "loan_note": "备用课桌一张"}
        )
        repair = self.env["repair.order"].browse(result["repair_id"])
        self.assertEqual(repair.receipt_number, result["receipt_number"])
        self.assertTrue(repair.receipt_number.startswith("T2026-"))
        self.assertEqual(repair.picking_id.state, "done")
        reports = self.env["ir.actions.report"].with_user(self.users["technician"])
        html, _type = reports._render_qweb_html(
            "aftersales_service.report_receipt", repair.ids
        )
        for fact in (repair.receipt_number, "KZ260001", "需返厂维修", "备用课桌一张"):
            self.assertIn(fact, html.decode())
        quant = self.env["stock.quant"]._gather(self.desk, self.stock, self.lot)
        self.assertEqual(sum(quant.mapped("quantity")), 1)
        told = request.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.users["supervisor"]
        )
        self.assertIn("需返厂维修", told.mapped("summary")[-1])
        with self.assertRaises(UserError):
            request.action_take_back(vals={"reason": "再次"})
        self.finish(request)
        stock = repair.with_user(self.users["warehouse"])
        with self.assertRaises(UserError):
            stock.write({"receipt_state": "collected"})
        usual = stock.with_context(default_receipt_number="T2026-9")
        self.assertFalse(usual.default_get(["receipt_number"]))
        agent = request.with_user(self.users["agent"])
        with self.assertRaisesRegex(UserError, repair.receipt_number):
            agent.action_close(vals={"resolution": "已修复"})
        technician = repair.with_user(self.users["technician"])
        with self.assertRaises(UserError):
            technician.action_hand_back(name="王小明", signature_base64=PICTURE)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        for bad in ({"name": ""}, {"name": "王小明", "signature_base64": "x"}):
            with self.assertRaises(UserError):
                technician.action_hand_back(**{"signature_base64": PICTURE, **bad})
        back = {"name": "王小明", "signature_base64": PICTURE, "ref": "back-1"}
        result = technician.action_hand_back(**back)
        self.assertEqual(technician.action_hand_back(**back), result)
        self.assertEqual(result["receipt_state"], "collected")
        self.env.invalidate_all()
        self.assertEqual(sum(quant.exists().mapped("quantity")), 0)
        self.assertEqual(repair.handed_back_picking_id.state, "done")
        self.assertEqual(
            agent.action_close(vals={"resolution": "已修复"})["state"], "closed"
        )

    def finish(self, request):
        with self.at(MONDAY + timedelta(minutes=50)):
            request.action_restore(cause="主板损坏", measures="更换主板")
            request.with_user(self.users["agent"]).action_send_report()

    def test_take_back_needs_a_named_unit(self):
        request = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_reply(note="好的")
        with self.assertRaises(UserError):
            agent.action_take_back(vals={"reason": "需返厂"})
        with self.assertRaises(UserError):
            agent.action_take_back(vals={})
        self.assertFalse(request.sudo().repair_ids, "nothing is half done")

    def test_who_sees_a_receipt(self):
        """R-S13: the own technician and after-sales; no stranger."""
        request = self.on_site()
        request.action_take_back(vals={"reason": "需返厂维修"})
        repair = request.sudo().repair_ids
        for role in ("technician", "agent", "supervisor", "warehouse"):
            self.assertTrue(repair.with_user(self.users[role]).receipt_number)
        for role in ("stranger", "guide", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                repair.with_user(self.users[role]).read(["receipt_number"])

    # -- R-S14, R-K02 ------------------------------------------------------

    def test_result_and_reaction_reach_the_supervisor(self):
        """R-S14: the result at once, the customer's reaction from the revisit."""
        request = self.on_site()
        self.finish(request)
        supervisor = self.users["supervisor"]
        self.assertTrue(
            self.messages_to(supervisor).filtered(lambda m: "更换主板" in m.body)
        )
        revisit = request.sudo().revisit_ids
        self.assertEqual(revisit.mode, "phone")
        with self.at(MONDAY + timedelta(days=3)):
            revisit.with_user(self.users["agent"]).action_complete(
                vals={"outcome": "很满意", "rating": "5"}
            )
        self.assertEqual(request.reaction, "5")
        self.assertTrue(
            self.messages_to(supervisor).filtered(lambda m: "很满意" in m.body)
        )

    def test_phone_solution_is_asked_about_too(self):
        """R-S14: after every repair."""
        request = self.register()
        request.with_user(self.users["agent"]).action_resolve_by_phone(
            vals={"cause": "未插电", "measures": "插上电源"}
        )
        revisit = request.sudo().revisit_ids
        self.assertRecordValues(revisit, [{"kind": "revisit", "state": "draft"}])

    def test_complete_and_signed(self):
        """R-K02: facts and signature; the rate is an average."""
        request = self.on_site()
        self.finish(request)
        agent = request.with_user(self.users["agent"])
        self.assertEqual(request.completeness, 0)
        with self.assertRaises(UserError):
            request.action_sign(name="王小明", signature_base64="")
        request.action_sign(name="王小明", signature_base64=PICTURE)
        agent.action_close(vals={"resolution": "已修复"})
        self.assertEqual(request.completeness, 100, request.missing_facts)
        self.register()
        rate = self.env["aftersales.request"]._read_group(
            [("partner_id", "=", self.partner.id)], [], ["completeness:avg"]
        )
        self.assertEqual(rate, [(50.0,)])

    # -- R-S18 -----------------------------------------------------------

    def test_parts_of_alike_repairs_are_proposed(self):
        """R-S18: those for alike symptoms first, never another product's."""
        motor, handle, other = self.env["product.product"].create(
            [{"name": name} for name in ("升降电机", "手柄", "摄像头")]
        )
        chair = self.env["product.product"].create({"name": "课椅"})
        for part, product, symptom, times in (
            (motor, self.desk, "按上升键电机不转", 1),
            (handle, self.desk, "手柄脱落", 3),
            (other, chair, "按上升键电机不转", 5),
        ):
            for _number in range(times):
                earlier = self.register(product_id=product.id, symptom=symptom)
                self.env["aftersales.request.cost"].create(
                    {
                        "request_id": earlier.id,
                        "kind": "parts",
                        "product_id": part.id,
                    }
                )
        request = self.register(symptom="升降电机不转了")
        self.assertEqual(request.suggested_part_ids.ids, (motor + handle).ids)
        loose = self.register(problem="松动", symptom="手柄脱落")
        self.assertEqual(loose.suggested_part_ids[:1], handle)
