from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.aftersales_service.tests.test_acceptance import picture

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestRequestCoverage(WarrantyCase):
    def report(self, card, **vals):
        return self.env["aftersales.request"].create(
            {"lot_id": card.lot_id.id, "problem": "不能升降", **vals}
        )

    def cause(self, code):
        return self.env.ref(f"aftersales_service.cause_{code}")

    def test_decided_on_the_local_day_of_the_report(self):
        """R-W08: a fault on the last day is covered, whenever it is looked at."""
        card = self.accept()
        with self.at("2029-11-22 15:59:00"):
            request = self.report(card)
        with self.at("2029-12-24 02:00:00"):
            request.symptom = "异响"
            request._set_coverage()
            self.assertEqual(request.coverage, "in_warranty")
            self.assertEqual(str(request.coverage_until), "2029-11-22")
            self.assertEqual(self.report(card).coverage, "chargeable")

    def test_misuse_needs_its_evidence(self):
        """R-W08 R-S17: a cause alone proves nothing; the finding does."""
        card = self.accept()
        request = self.report(card)
        request.cause_id = self.cause("misuse")
        self.assertEqual(request.coverage, "in_warranty")
        request.action_assign([self.technician.id])
        request.action_check(
            {
                "complete": True,
                "misuse": True,
                "note": "进水",
                "told": "王老师",
                "photos": [{"name": "进水.png", "data": picture().decode()}],
            }
        )
        self.assertEqual(request.coverage, "chargeable")
        self.assertEqual(request.coverage_price_basis, "cost")

    def test_repair_and_promises_follow_the_decision(self):
        """R-S11 R-S12: under_warranty and the same-day promise change with it."""
        card = self.accept()
        request = self.report(card)
        request.action_assign([self.technician.id])
        request.action_reply("电话指导未恢复")
        request.action_take_back({"reason": "需拆机检测"})
        clock = request.sla_clock_ids.filtered(lambda c: c.code == "same_day")
        self.assertEqual(clock.state, "running")
        request.action_check(
            {
                "complete": True,
                "misuse": True,
                "note": "进水",
                "told": "王老师",
                "photos": [{"name": "进水.png", "data": picture().decode()}],
            }
        )
        self.assertFalse(request.repair_ids.under_warranty)
        self.assertEqual(clock.state, "cancelled")
        supervisor = request.with_user(self.users["supervisor"])
        supervisor.action_override_coverage("in_warranty", "老客户")
        self.assertTrue(request.repair_ids.under_warranty)
        self.assertEqual(request.charged_total, 0)
        running = request.sla_clock_ids.filtered(
            lambda c: c.code == "same_day" and c.state == "running"
        )
        self.assertEqual(str(running.deadline), "2026-11-23 15:59:59")

    def test_nobody_reports_what_only_a_supervisor_decides(self):
        """R-W08: neither who pays, nor who decided so, comes with the report."""
        vals = {"partner_id": self.partner.id, "problem": "不能升降"}
        for role in ("guide", "agent"):
            requests = self.env["aftersales.request"].with_user(self.users[role])
            for name, value in (
                ("override_coverage", "replace"),
                ("override_reason", "老客户"),
                ("override_by_id", self.users["supervisor"].id),
            ):
                with self.subTest(role=role, name=name), self.assertRaises(UserError):
                    requests.create(vals | {name: value})
                request = requests.create(vals)
                with self.assertRaises(UserError):
                    request.write({name: value})

    def test_the_card_names_the_owner(self):
        """R-W12: a unit that was sold on is its new owner's, also for the portal."""
        card = self.accept()
        buyer = self.env["res.partner"].create({"name": "苏州二手教具店"})
        requests = self.env["aftersales.request"]
        with self.assertRaises(UserError):
            requests._check_own_unit(card.lot_id.name, buyer)
        supervisor = card.with_user(self.users["supervisor"])
        supervisor.action_transfer(partner_id=buyer.id, reason="转让")
        requests._check_own_unit(card.lot_id.name, buyer)
        with self.assertRaises(UserError):
            requests._check_own_unit(card.lot_id.name, self.partner)

    def test_a_supervisor_overrides_with_a_reason(self):
        """R-W08: nobody else, never without why; logged, and taken back alike."""
        request = self.report(self.accept())
        for role in ("agent", "guide"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                request.with_user(self.users[role]).action_override_coverage(
                    "replace", "x"
                )
        supervisor = request.with_user(self.users["supervisor"])
        for coverage, reason in (("replace", " "), ("free", "x"), ("at_our_cost", "x")):
            with self.subTest(coverage=coverage), self.assertRaises(UserError):
                supervisor.action_override_coverage(coverage, reason)
        supervisor.action_override_coverage("replace", "展示样机")
        self.assertEqual(request.coverage, "replace")
        self.assertIn("展示样机", request.coverage_reason)
        self.assertTrue(request.message_ids.filtered(lambda m: "展示样机" in m.body))
        supervisor.action_override_coverage(False, "按保修卡")
        self.assertEqual(request.coverage, "in_warranty")
        with self.assertRaises(UserError):
            supervisor.write({"override_coverage": "chargeable"})

    def test_what_a_broken_promise_cost_stays_ours(self):
        """R-S10 R-W08: no override takes it back."""
        request = self.report(self.accept())
        request.sudo().write({"coverage": "at_our_cost", "coverage_reason": "迟到"})
        with self.assertRaises(UserError):
            request.with_user(self.users["supervisor"]).action_override_coverage(
                "chargeable", "x"
            )

    def test_unrepairable_is_replaced(self):
        """R-W10: the technician says it can't be repaired."""
        request = self.report(self.accept())
        request.action_assign([self.technician.id])
        technician = request.with_user(self.users["technician"])
        self.assertEqual(
            technician.action_mark_unrepairable("主板烧毁")["coverage"], "replace"
        )
        self.assertEqual(request.coverage_clause, "R-W10")

    def test_a_component_is_covered_longer(self):
        """R-W01: naming the faulty component decides by its term."""
        self.has_components(1)
        card = self.accept()
        with self.at("2030-03-01 02:00:00"):
            request = self.report(card)
            self.assertEqual(request.coverage, "chargeable")
            request.faulty_component_id = self.motor
            self.assertEqual(request.coverage, "in_warranty")

    def test_goods_without_numbers_are_found_by_order(self):
        """R-W02 R-W08: order and product name the card."""
        chair = self.create_goods()
        order = self.sell(chair, 10)
        self.sign(self.offer(order))
        request = self.env["aftersales.request"].create(
            {"order_id": order.id, "product_id": chair.id, "problem": "椅腿断裂"}
        )
        self.assertEqual(request.warranty_card_id, self.cards(order))
        self.assertEqual(request.coverage, "in_warranty")

    def test_repairs_of_the_workshop_follow_the_card(self):
        """R-W08: a repair order of a covered unit is under warranty."""
        card = self.accept()
        vals = {"product_id": self.desk.id, "lot_id": card.lot_id.id}
        repairs = self.env["repair.order"]
        self.assertTrue(repairs.create(vals).under_warranty)
        said = repairs.create(vals | {"under_warranty": False})
        self.assertFalse(said.under_warranty)
        with self.at("2031-01-01 02:00:00"):
            self.assertFalse(repairs.create(vals).under_warranty)

    def test_a_thousand_requests_cost_no_more_queries(self):
        """R-W08: coverage of many in one call."""
        cards = self.accept([f"Q-{n}" for n in range(30)])
        requests = self.env["aftersales.request"].create(
            [{"lot_id": card.lot_id.id, "problem": "异响"} for card in cards]
        )

        def count(group):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(group._get_warranty_answers()), len(group))
            return self.cr.sql_log_count - before

        self.assertEqual(count(requests), count(requests[:2]))

    def test_many_serials_in_one_call(self):
        """R-W08: for other programs; cards that one may not see aren't answered."""
        cards = self.accept(("KZ-001", "KZ-002"))
        found = self.cards_model.with_user(self.users["agent"]).get_coverages(
            ["KZ-001", "KZ-002", "NO-SUCH"], on_date="2029-11-23"
        )
        self.assertEqual(sorted(found), ["KZ-001", "KZ-002"])
        self.assertEqual(found["KZ-001"]["decision"], "chargeable")
        spelt = self.cards_model.get_coverages(["kz 001", "kz-001 "])
        self.assertEqual(list(spelt), ["kz-001 "], "answered as it was asked")
        technician = self.cards_model.with_user(self.users["technician"])
        self.assertEqual(technician.get_coverages(["KZ-001"]), {})
        self.assertTrue(cards)

    def test_what_is_no_question_is_refused(self):
        """R-W08: a wrong argument is named, not answered with nothing."""
        card = self.accept()
        for serials in (None, "KZ-001", 5):
            with self.subTest(serials=serials), self.assertRaises(UserError):
                self.cards_model.get_coverages(serials)
        for product in ("x", -1, 10**12):
            with self.subTest(product=product), self.assertRaises(UserError):
                card.get_coverage(product_id=product)
        for partner in (None, "x", -1, True, 10**12):
            with self.subTest(partner=partner), self.assertRaises(UserError):
                card.action_transfer(partner, "转让")
        self.assertEqual(card.partner_id, self.partner)


@tagged("post_install", "-at_install")
class TestCardAccess(WarrantyCase):
    def test_technicians_read_cards_of_their_own_work(self):
        """R-W12: of requests and visits they are sent to, no others."""
        own, foreign = self.accept(("KZ-001", "KZ-002"))
        technician = self.cards_model.with_user(self.users["technician"])
        self.assertFalse(technician.search([]))
        with self.assertRaises(AccessError):
            own.with_user(self.users["technician"]).get_coverage()
        request = self.env["aftersales.request"].create(
            {"lot_id": own.lot_id.id, "problem": "不能升降"}
        )
        request.action_assign([self.technician.id])
        self.assertEqual(technician.search([]), own)
        self.assertEqual(technician.find(serial="KZ-001")[0]["id"], own.id)
        self.assertTrue(
            own.with_user(self.users["technician"]).event_ids.mapped("kind")
        )
        visit = self.env["aftersales.visit"].create(
            {
                "kind": "maintenance",
                "partner_id": self.partner.id,
                "lot_ids": [(6, 0, foreign.lot_id.ids)],
            }
        )
        visit.action_assign([self.technician.id])
        self.assertEqual(technician.search([]), own + foreign)

    def test_each_role_sees_its_own(self):
        """R-W12: the customer's company, the guide's orders, nobody else's."""
        card = self.accept()
        portal = self.users["portal"]
        foreign = new_test_user(self.env, "foreign", groups="base.group_portal")
        self.assertFalse(self.cards_model.with_user(foreign).search([]))
        mine = self.cards_model.with_user(portal)
        portal.partner_id.parent_id = self.partner
        self.assertEqual(mine.search([]), card)
        with self.assertRaises(AccessError):
            card.with_user(portal).event_ids.mapped("kind")
        guide = self.cards_model.with_user(self.users["guide"])
        self.assertEqual(guide.search([]), card)
        card.order_id.user_id = False
        self.assertFalse(guide.search([]))
        for role in ("stranger", "warehouse"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.cards_model.with_user(self.users[role]).search([])

    def test_smart_buttons(self):
        """R-W12: from the order, the customer, the unit and the request."""
        card = self.accept()
        request = self.env["aftersales.request"].create(
            {"lot_id": card.lot_id.id, "problem": "不能升降"}
        )
        for record in (card.order_id, card.partner_id, card.lot_id):
            self.assertEqual(record.warranty_card_count, 1)
            domain = record.action_view_warranty_cards()["domain"]
            self.assertEqual(self.cards_model.search(domain), card)
        self.assertEqual(card.request_count, 1)
        self.assertEqual(request.action_view_warranty_card()["res_id"], card.id)
        stranger = card.partner_id.with_user(self.users["stranger"])
        with self.assertRaises(AccessError):
            stranger.mapped("warranty_card_count")
