from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_warranty import WarrantyCase

REMIND = "aftersales_warranty.ir_cron_remind"


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
class TestCardProof(WarrantyCase):
    """R-E02: a card changes by acts and by the stock, whatever a client sends."""

    def test_no_field_of_a_card_is_written(self):
        """R-E02 R-W14: terms, owner, unit and rows, one by one."""
        self.has_components(1)
        card = self.accept().with_user(self.users["manager"])
        part = card.component_ids
        forged = {
            "name": "WC-X",
            "unit_months": 120,
            "end_date": "2099-01-01",
            "start_date": "2026-01-01",
            "partner_id": self.users["agent"].partner_id.id,
            "product_id": self.motor.id,
            "lot_id": False,
            "quantity": 9,
            "is_void": True,
            "public_token": "x",
            "component_ids": [(1, part.id, {"months": 120})],
            "extension_ids": [(0, 0, {"months": 12, "reason": "x"})],
            "event_ids": [(5,)],
        }
        for name, value in forged.items():
            with self.subTest(name=name), self.assertRaises(UserError):
                card.write({name: value})

    def test_the_context_gives_no_terms(self):
        """R-E02: keys of the caller don't reach the card that a delivery makes."""
        cards = self.cards_model.with_context(
            default_is_void=True, default_start_date="2026-01-01", default_quantity=50
        )
        got = cards.default_get(["is_void", "start_date", "quantity"])
        self.assertEqual((got.get("is_void"), got.get("start_date")), (None, None))
        self.assertEqual(got["quantity"], 1)

    def test_each_act_happens_once_and_is_a_row(self):
        """R-E01 R-E03: the same reference again answers the same and adds nothing."""
        card = self.accept()
        mine = card.with_user(self.users["supervisor"])
        first = mine.action_extend(12, "延保", ref="rpc-1")
        self.assertEqual(mine.action_extend(12, "延保", ref="rpc-1"), first)
        self.assertEqual(card.extension_ids.mapped("months"), [12])
        with self.assertRaises(UserError):
            mine.action_extend(24, "延保", ref="rpc-1")
        rows = self.env["aftersales.act"].search(
            [("res_model", "=", card._name), ("res_id", "=", card.id)]
        )
        self.assertEqual(rows.mapped("code"), ["extend"])
        self.assertEqual(rows.user_id, self.users["supervisor"].id)

    def test_a_draft_is_not_extended(self):
        """R-W05: the refusal names the state and those that would do."""
        card = self.cards(self.deliver())
        mine = card.with_user(self.users["supervisor"])
        with self.assertRaisesRegex(UserError, card.name):
            mine.action_extend(12, "延保")
        mine.action_void("报废")
        for act, args in (
            (mine.action_void, ("x",)),
            (mine.action_transfer, (self.users["agent"].partner_id.id, "x")),
        ):
            with self.assertRaises(UserError):
                act(*args)


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
            (card.component_ids.id, "x", None),
            (card.component_ids.id, 10**12, None),
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
