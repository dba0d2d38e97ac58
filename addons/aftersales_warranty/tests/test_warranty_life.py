from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_warranty import WarrantyCase

FALLBACK = "aftersales_warranty.ir_cron_start_unsigned"
REMIND = "aftersales_warranty.ir_cron_remind"


@tagged("post_install", "-at_install")
class TestPolicyChoice(WarrantyCase):
    def test_contract_before_product_before_category(self):
        """R-W01: two policies are shipped; the nearest choice counts."""
        five = self.env.ref("aftersales_warranty.warranty_policy_5")
        general = self.env.ref("aftersales_warranty.warranty_policy_3_5")
        parent = self.env["product.category"].create({"name": "家具"})
        child = parent.create({"name": "课桌", "parent_id": parent.id})
        by_category = five.copy({"name": "家具", "categ_ids": [(6, 0, parent.ids)]})
        by_product = five.copy({"name": "课桌"})
        policies = self.env["aftersales.warranty.policy"]

        def chosen():
            return policies._get_for_products(self.desk, self.company)[self.desk]

        self.assertEqual(chosen(), general)
        self.desk.categ_id = child
        self.assertEqual(chosen(), by_category)
        self.desk.warranty_policy_id = by_product
        self.assertEqual(chosen(), by_product)
        by_product.active = False
        self.assertEqual(chosen(), by_category)
        order = self.deliver()
        self.assertEqual(self.cards(order).policy_id, by_category)
        contract = self.create_order(warranty_policy_id=five.id)
        self.env["stock.quant"]._update_available_quantity(
            self.desk,
            self.stock,
            1,
            lot_id=self.env["stock.lot"].create(
                {"name": "KZ-9", "product_id": self.desk.id}
            ),
        )
        contract.action_confirm()
        self.ship(contract, 1)
        card = self.cards(contract)
        self.assertEqual((card.policy_id, card.unit_months), (five, 60))

    def test_absurd_terms_are_refused(self):
        policy = self.env.ref("aftersales_warranty.warranty_policy_5")
        for vals in (
            {"unit_months": 0},
            {"unit_months": -3},
            {"unit_months": 99999},
            {"extension_months": 0},
            {"final_maintenance_days": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                policy.write(vals)
                policy.flush_recordset()

    def test_components_from_the_bill_of_materials(self):
        """R-W02: where manufacturing is installed; only those marked as key."""
        bolt = self.env["product.product"].create({"name": "螺丝"})
        self.motor.warranty_key_component = True

        class Line:
            def __init__(self, product, quantity):
                self.product_id, self.product_qty = product, quantity

        class Bom:
            product_qty = 2
            bom_line_ids = (Line(self.motor, 3), Line(bolt, 40))

        class Boms:
            def sudo(self):
                return self

            def _bom_find(self, products, company_id):
                return dict.fromkeys(products, Bom())

        env = type(self.env)
        original = env.__getitem__
        with (
            patch.object(env, "__contains__", lambda env, name: True),
            patch.object(
                env,
                "__getitem__",
                lambda env, name: Boms() if name == "mrp.bom" else original(env, name),
            ),
        ):
            found = self.desk._get_key_components(self.company)
        self.assertEqual(found[self.desk], [(self.motor, 2)])


@tagged("post_install", "-at_install")
class TestDeliveredGoods(WarrantyCase):
    def test_one_card_grows_with_the_deliveries(self):
        """R-W02: untracked goods: one card for each order line, with quantity."""
        chair = self.create_goods()
        chair.warranty_component_ids = [
            (0, 0, {"product_id": self.motor.id, "quantity": 2})
        ]
        order = self.sell(chair, 10, delivered=4)
        card = self.cards(order)
        self.assertEqual((card.quantity, card.component_ids.quantity), (4, 8))
        with self.at("2026-11-25 02:00:00"):
            self.ship(order, 6)
            self.assertEqual((card.quantity, card.component_ids.quantity), (10, 20))
            self.assertEqual(self.cards(order), card)
            self.assertEqual(card.delivered_on, date(2026, 11, 25))

    def test_partial_acceptance_starts_only_its_units(self):
        """R-A04 R-W02: four chairs accepted, six still waiting; serials likewise."""
        chair = self.create_goods()
        order = self.sell(chair, 10, delivered=4)
        self.sign(self.offer(order))
        self.ship(order, 6)
        started, waiting = self.cards(order)
        self.assertEqual(
            [(c.quantity, c.state) for c in started + waiting],
            [(4, "active"), (6, "draft")],
        )
        acceptance = self.offer(order)
        acceptance.line_ids.write({"accepted_qty": 5, "defective_qty": 1})
        with self.at("2026-11-24 02:00:00"):
            self.sign(acceptance)
            self.assertEqual(
                [(c.quantity, c.start_date) for c in self.cards(order)],
                [(4, date(2026, 11, 23)), (5, date(2026, 11, 24)), (1, False)],
            )

    def test_acceptance_of_one_delivery_leaves_the_other(self):
        """R-A04: units of a later delivery go on waiting."""
        order = self.deliver(("KZ-001",), quantity=2)
        acceptance = self.offer(order)
        lot = self.env["stock.lot"].create(
            {"name": "KZ-002", "product_id": self.desk.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, 1, lot_id=lot
        )
        order.picking_ids.action_assign()
        self.ship(order, 1)
        self.sign(acceptance)
        self.assertEqual(self.cards(order).mapped("state"), ["active", "draft"])

    def test_goods_with_lots_have_a_card_for_each(self):
        """R-W02: the same lot may go to several customers."""
        chair = self.create_goods(tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L-1", "product_id": chair.id})
        first = self.sell(chair, 5, lots=lot)
        second = self.sell(chair, 3, lots=lot)
        self.assertEqual(self.cards(first).mapped("quantity"), [5])
        self.assertEqual(self.cards(second).mapped("quantity"), [3])
        self.assertEqual(self.cards(second).lot_id, lot)

    def test_a_cancelled_delivery_makes_no_card(self):
        order = self.sell(self.create_goods(), 2, delivered=0)
        order.picking_ids.action_cancel()
        self.assertFalse(self.cards(order))

    def test_returned_units_end_their_card(self):
        """R-W14: with the return the card ends; its history says so."""
        card = self.accept()
        self.give_back(card.order_id)
        self.assertEqual((card.state, card.void_reason), ("void", "Returned"))
        self.assertEqual(self.kinds(card), ["activated", "returned"])

    def test_returned_goods_shrink_their_card(self):
        """R-W14: some come back: the rest stays covered."""
        order = self.sell(self.create_goods(), 10)
        self.sign(self.offer(order))
        card = self.cards(order)
        self.give_back(order, 3)
        self.assertEqual((card.quantity, card.state), (7, "active"))
        self.assertIn("quantity", self.kinds(card))
        self.give_back(order, 7)
        self.assertEqual(card.state, "void")

    def test_a_unit_taken_along_for_repair_keeps_its_card(self):
        """R-S13 R-W14: it only passes through our stock."""
        card = self.accept()
        request = self.env["aftersales.request"].create(
            {"lot_id": card.lot_id.id, "problem": "不能升降"}
        )
        request.action_assign([self.technician.id])
        request.action_take_back({"reason": "需拆机检测"})
        self.assertEqual(card.state, "active")
        self.assertTrue(request.repair_ids.under_warranty)


@tagged("post_install", "-at_install")
class TestStart(WarrantyCase):
    def test_nobody_signs(self):
        """R-W02: it starts on the promised day after the delivery, and says why."""
        self.company.warranty_fallback_days = 15
        card = self.cards(self.deliver())
        self.has_components(1)
        for moment, state in (
            ("2026-12-07 15:59:59", "draft"),
            ("2026-12-07 16:00:00", "active"),  # 8 December in Shanghai
            ("2026-12-20 02:00:00", "active"),
        ):
            with self.subTest(moment=moment), self.at(moment):
                self.run_cron(FALLBACK)
                self.assertEqual(card.state, state)
        self.assertEqual(card.start_date, date(2026, 12, 8))
        self.assertEqual(card.start_source, "fallback")
        self.assertIn("15", card.start_reason)
        self.assertEqual(self.kinds(card), ["activated"])

    def test_a_late_run_starts_on_the_promised_day(self):
        """R-W02: the term is the same however late the scheduler is."""
        card = self.cards(self.deliver())
        with self.at("2027-06-01 02:00:00"):
            self.run_cron(FALLBACK)
            self.assertEqual(card.start_date, date(2026, 12, 8))

    def test_rejected_goods_go_on_waiting(self):
        """R-A03 R-W02: what the customer rejected doesn't start by itself."""
        order = self.deliver()
        self.sign(self.offer(order), result="rejected", remarks="桌面划伤")
        card = self.cards(order)
        with self.at("2026-12-09 02:00:00"):
            self.run_cron(FALLBACK)
            self.assertEqual(card.state, "draft")
            self.assertEqual(card.fallback_on, date(2026, 12, 24))

    def test_companies_in_different_time_zones(self):
        """R-W13: each company's cards follow its own calendar, however one asks."""
        abroad = self.env["res.company"].create(
            {"name": "Branch", "aftersales_tz": "America/New_York"}
        )
        here = self.accept()
        there = here.copy(
            {
                "lot_id": False,
                "is_serial": False,
                "company_id": abroad.id,
                "start_date": here.start_date,
            }
        )
        both = here + there
        with self.at("2029-11-22 20:00:00"):  # 23 November in Shanghai
            self.assertEqual(both.mapped("state"), ["expired", "expiring"])
            for state, card in (("expired", here), ("expiring", there)):
                domain = [("id", "in", both.ids), ("state", "=", state)]
                self.assertEqual(self.cards_model.search(domain), card)
            groups = self.cards_model._read_group(
                [("id", "in", both.ids)], ["state"], ["id:recordset"]
            )
            self.assertEqual(dict(groups), {"expired": here, "expiring": there})


@tagged("post_install", "-at_install")
class TestReminder(WarrantyCase):
    def test_customer_is_told_once_thirty_days_ahead(self):
        """R-W13: one mail for all units that end that day, one task for the guide."""
        cards = self.accept(("KZ-001", "KZ-002"))
        with self.at("2029-10-22 15:59:59"):
            self.run_cron(REMIND)
            self.assertFalse(cards.activity_ids)
        with self.at("2029-10-22 16:00:00"):
            for _run in range(2):
                self.run_cron(REMIND)
            self.assertEqual(cards.activity_ids.user_id, self.users["guide"])
            self.assertEqual(len(cards.activity_ids), 1)
            mails = cards.message_ids.filtered(lambda m: self.partner in m.partner_ids)
            self.assertEqual(len(mails), 1)
            for serial in ("KZ-001", "KZ-002"):
                self.assertIn(serial, mails.body)
            for card in cards:
                self.assertEqual(self.kinds(card).count("reminded"), 1)

    def test_an_extended_term_is_reminded_of_again(self):
        """R-W13: once for each end."""
        card = self.accept()
        with self.at("2029-11-01 02:00:00"):
            self.run_cron(REMIND)
            card.with_user(self.users["supervisor"]).action_extend(12, "延保")
        with self.at("2030-11-01 02:00:00"):
            self.run_cron(REMIND)
            self.assertEqual(self.kinds(card).count("reminded"), 2)

    def test_nobody_is_told_of_what_has_ended(self):
        card = self.accept()
        with self.at("2031-01-01 02:00:00"):
            self.run_cron(REMIND)
            self.assertFalse(card.activity_ids)
            self.assertFalse(card.next_reminder_on)


@tagged("post_install", "-at_install")
class TestActs(WarrantyCase):
    def test_transfer_to_another_owner(self):
        """R-W14: history keeps both; the former owner's link ends, the code stays."""
        card = self.accept()
        school = self.env["res.partner"].create({"name": "第三中学"})
        old, code = card._portal_ensure_token(), card.public_token
        agent = card.with_user(self.users["agent"])
        self.assertEqual(
            agent.action_transfer(school.id, "转让给学校")["partner"], "第三中学"
        )
        self.assertEqual(card.partner_id, school)
        self.assertNotEqual(card.access_token, old)
        self.assertEqual(card.public_token, code)
        event = card.event_ids.filtered(lambda e: e.kind == "transferred")
        self.assertEqual(event.user_id, self.users["agent"])
        for text in ("王小明", "第三中学", "转让给学校"):
            self.assertIn(text, event.reason)
        for partner_id, reason in ((school.id, "x"), (0, "x"), (99999999, "x")):
            with self.subTest(partner=partner_id), self.assertRaises(UserError):
                agent.action_transfer(partner_id, reason)
        with self.assertRaises(UserError):
            agent.action_transfer(self.partner.id, " ")

    def test_who_may_act(self):
        """R-W14: technicians read; users transfer; supervisors void and extend."""
        card = self.accept()
        for role, act, args in (
            ("technician", "action_transfer", (self.users["agent"].partner_id.id, "x")),
            ("agent", "action_void", ("x",)),
            ("agent", "action_extend", (12, "x")),
            ("stranger", "action_void", ("x",)),
        ):
            with self.subTest(role=role, act=act), self.assertRaises(AccessError):
                getattr(card.with_user(self.users[role]), act)(*args)
        for months in (0, -1, 121, "12"):
            with self.subTest(months=months), self.assertRaises(UserError):
                card.with_user(self.users["supervisor"]).action_extend(months, "x")

    def test_history_is_never_changed(self):
        """R-W14: not even by the system."""
        card = self.accept()
        event = card.event_ids
        for act in (lambda: event.write({"reason": "x"}), event.unlink):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            self.env["aftersales.warranty.event"].with_user(
                self.users["manager"]
            ).create({"card_id": card.id, "kind": "void", "reason": "x"})

    def test_acts_work_on_five_hundred(self):
        """R-W14: history of a batch costs a constant number of queries."""
        one = self.accept(("B-0",))
        many = self.accept([f"B-{n}" for n in range(1, 101)])
        school = self.env["res.partner"].create({"name": "第三中学"})

        def count(cards):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cards.action_transfer(school.id, "转让")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(one)
        first = count(self.accept(("B-X",)))
        self.assertLessEqual(count(many) - first, 30)

    def test_an_extension_chain_counts_from_the_start(self):
        """R-W05: months are added to the start, never to the last end."""
        with self.at("2024-02-29 02:00:00"):
            card = self.cards(self.deliver())
            card.sudo()._activate(date(2024, 2, 29))
            supervisor = card.with_user(self.users["supervisor"])
            for months, end in ((12, date(2028, 2, 28)), (1, date(2028, 3, 28))):
                supervisor.action_extend(months, "延保")
                self.assertEqual(card.end_date, end)


@tagged("post_install", "-at_install")
class TestComponents(WarrantyCase):
    def test_replaced_twice_each_time_anew(self):
        """R-W03: the chain of numbers stays; each new part has its full term."""
        self.has_components(1)
        card = self.accept()
        first = card.component_ids
        agent = card.with_user(self.users["agent"])
        with self.at("2028-02-29 02:00:00"):
            second = agent.replace_component(first.id, self.motor.id, "M-2")
            self.assertEqual(second["end_date"], "2033-02-28")
        with self.at("2030-05-31 02:00:00"):
            third = agent.replace_component(second["id"], self.motor.id, "M-3")
            self.assertEqual(third["end_date"], "2035-05-30")
            chain = first.replaced_by_id + first.replaced_by_id.replaced_by_id
            self.assertEqual(chain.mapped("lot_name"), ["M-2", "M-3"])
            answer = card.get_coverage(product_id=self.motor.id)
            self.assertEqual(answer["until"], "2035-05-30")
            self.assertEqual(card.get_coverage()["decision"], "chargeable")
            self.assertEqual(self.kinds(card).count("component_replaced"), 2)

    def test_one_of_many_chairs(self):
        """R-W03: of goods without numbers one piece is taken out."""
        chair = self.create_goods()
        chair.warranty_component_ids = [(0, 0, {"product_id": self.motor.id})]
        order = self.sell(chair, 10)
        self.sign(self.offer(order))
        card = self.cards(order)
        row = card.component_ids
        with self.at("2027-01-04 02:00:00"):
            card.replace_component(row.id, self.motor.id)
            rows = card.component_ids.sorted("id")
            self.assertEqual(sum(rows.mapped("quantity")), 11)
            closed = rows.filtered("closed_on")
            self.assertEqual((closed.quantity, row.quantity), (1, 9))

    def test_bad_replacements_leave_nothing(self):
        """R-W03: names what is wrong; the card stays as it was."""
        self.has_components(1)
        card, other = self.accept(("KZ-001",)), self.accept(("KZ-002",))
        for component, product, day in (
            (other.component_ids.id, self.motor.id, None),
            (card.component_ids.id, 0, None),
            (card.component_ids.id, self.motor.id, "2026-11-24"),
            (card.component_ids.id, self.motor.id, "2026-11-22"),
            (card.component_ids.id, self.motor.id, "31/12/2026"),
            (0, self.motor.id, None),
        ):
            with self.subTest(day=day), self.assertRaises(UserError):
                card.replace_component(component, product, on_date=day)
        self.assertEqual(len(card.component_ids), 1)
        card.with_user(self.users["supervisor"]).action_void("整机更换")
        with self.assertRaises(UserError):
            card.replace_component(card.component_ids.id, self.motor.id)


@tagged("post_install", "-at_install")
class TestUnitExchange(WarrantyCase):
    def exchange(self, term):
        self.has_components(1)
        self.env.ref("aftersales_warranty.warranty_policy_3_5").exchange_term = term
        old = self.accept(("KZ-001",))
        lot = self.env["stock.lot"].create(
            {"name": "KZ-NEW", "product_id": self.desk.id}
        )
        new = self.cards_model._exchange(old.lot_id, lot, date(2027, 3, 1), "更换整机")
        return old, new

    def test_the_rest_of_the_term(self):
        """R-W14: by policy the new unit takes over the rest."""
        old, new = self.exchange("remaining")
        self.assertEqual((old.state, old.replaced_by_id), ("void", new))
        self.assertEqual(new.end_date, old.end_date)
        self.assertEqual(new.component_ids.end_date, date(2031, 11, 22))
        self.assertEqual(self.kinds(old)[-1], "exchanged")
        self.assertEqual(self.kinds(new)[-1], "exchanged")

    def test_a_full_new_term(self):
        """R-W14: or a full new one, as it was promised at the delivery."""
        old, new = self.exchange("full")
        self.assertEqual(new.start_date, date(2027, 3, 1))
        self.assertEqual(new.end_date, date(2030, 2, 28))
        self.assertEqual(new.partner_id, old.partner_id)
        again = self.cards_model._exchange(
            old.lot_id, new.lot_id, date(2027, 3, 2), "again"
        )
        self.assertEqual(again, new, "told twice it is done once")
