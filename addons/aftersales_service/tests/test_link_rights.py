from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MONDAY, AftersalesCase


@tagged("post_install", "-at_install")
class TestLinks(AftersalesCase):
    """What a client points a record at, it must be able to read."""

    def setUp(self):
        super().setUp()
        self.colleague = new_test_user(
            self.env, "as_guide2", groups="sales_team.group_sale_salesman"
        )
        self.order = self.create_order(no_special_requests=True)
        self.order.action_confirm()
        self.visit = self.env["aftersales.visit"].create(
            {
                "order_id": self.order.id,
                "partner_id": self.partner.id,
                "assignment_ids": [Command.create({"employee_id": self.technician.id})],
            }
        )
        self.request = self.create_request(employee_ids=self.technician.ids)
        self.lot = self.env["stock.lot"].create(
            {"name": "KZ-900", "product_id": self.desk.id}
        )

    def create_request(self, **vals):
        return self.env["aftersales.request"].create(
            {"partner_id": self.partner.id, "problem": "不能升降", **vals}
        )

    def test_technician_opens_nothing_by_a_link(self):
        """R-K04 R-C08: neither a request nor a unit, by no field of the own visit."""
        visit = self.visit.with_user(self.users["technician"])
        other = self.create_request()
        for vals in (
            {"request_id": other.id},
            {"request_id": self.request.id},
            {"revisited_request_id": other.id},
            {"lot_ids": [Command.link(self.lot.id)]},
            {"lot_ids": [Command.set(self.lot.ids)]},
            {"lot_ids": self.lot.ids},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                visit.write(vals)

    def test_foreign_orders_are_no_source_of_goods(self):
        """R-X01: a request isn't moved to an order that the caller can't read."""
        foreign = self.create_order(user_id=self.colleague.id)
        mine = self.create_request(order_id=self.order.id)
        for user, request in (
            (self.users["guide"], mine),
            (self.users["technician"], self.request),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).write({"order_id": foreign.id})
        requests = self.env["aftersales.request"].with_user(self.users["guide"])
        vals = {"partner_id": self.partner.id, "problem": "x", "order_id": foreign.id}
        with self.assertRaises(AccessError):
            requests.create(vals)
        # the same value is no change, whoever writes it
        self.request.order_id = foreign
        technician = self.request.with_user(self.users["technician"])
        technician.write({"order_id": foreign.id, "symptom": "异响"})

    def test_rows_stay_with_their_parent(self):
        """R-C08: costs of one request don't become those of another."""
        other = self.create_request()
        cost = self.env["aftersales.request.cost"].create(
            {"request_id": self.request.id, "name": "差旅", "unit_cost": 100}
        )
        mine = cost.with_user(self.users["manager"])
        with self.assertRaisesRegex(UserError, "Make a new one|stays"):
            mine.write({"request_id": other.id})
        with self.assertRaises(UserError):
            other.with_user(self.users["manager"]).write(
                {"cost_ids": [Command.link(cost.id)]}
            )
        mine.write({"request_id": self.request.id, "unit_cost": 120})
        self.assertEqual(cost.amount, 120)

    def test_values_that_cannot_be_are_named(self):
        """R-C08: a wrong kind of value is refused in words."""
        request = self.request.with_user(self.users["agent"])
        for vals in (
            {"partner_id": "王"},
            {"partner_id": [1]},
            {"type": "gift"},
            {"type": ["fault"]},
            {"visit_ids": 5},
            {"visit_ids": [["x"]]},
            {"problem": "a\0b"},
            {"no_such_field": 1},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                request.write(vals)

    def test_one_record_is_asked_for(self):
        """R-C08: a method for one record says so when it is called for two."""
        requests = self.request | self.create_request()
        for wrong in (requests, requests.browse()):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, "one"):
                wrong.with_user(self.users["agent"]).action_view_duplicates()

    def test_dialogs_belong_to_whoever_opened_them(self):
        """R-Q01: figures and entries of others are neither read nor changed."""
        pareto = self.env["aftersales.pareto"]
        mine = pareto.with_user(self.users["agent"]).create({})
        other = mine.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            other.read(["total"])
        with self.assertRaises(AccessError):
            other.write({"type": "fault"})
        self.assertNotIn(mine.id, other.search([]).ids)
        self.assertIn(mine, mine.search([]))

    def test_shared_master_data_stays(self):
        """R-C08: with two companies, one's manager doesn't delete what serves both."""
        causes = self.env["aftersales.cause"].with_user(self.users["manager"])
        causes.create({"name": "运输", "code": "road"}).unlink()
        shared = causes.create({"name": "受潮", "code": "damp"})
        company = self.env["res.company"].create({"name": "杭州分公司"})
        with self.assertRaisesRegex(UserError, "serves every company"):
            shared.unlink()
        self.users["manager"].company_ids += company
        shared.unlink()
        self.assertFalse(shared.exists())


@tagged("post_install", "-at_install")
class TestOwners(AftersalesCase):
    def deliver(self, serial):
        lot = self.env["stock.lot"].create({"name": serial, "product_id": self.desk.id})
        stock = self.env.ref("stock.warehouse0").lot_stock_id
        self.env["stock.quant"]._update_available_quantity(
            self.desk, stock, 1, lot_id=lot
        )
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        return lot, order

    def test_a_number_is_no_key_to_a_strangers_unit(self):
        """R-S01: whoever asks, the owner is who it was delivered to."""
        lot, order = self.deliver("KZ-901")
        customer = self.users["portal"]
        requests = self.env["aftersales.request"].with_user(customer)
        self.assertFalse(lot.with_user(customer).sudo().sale_order_ids)
        with self.assertRaisesRegex(UserError, "unknown"):
            requests.sudo()._check_own_unit("KZ-901", customer.partner_id)
        requests.sudo()._check_own_unit("KZ-901", self.partner)
        self.assertEqual(lot._get_aftersales_sales(), {lot: order})

    def test_what_came_back_is_nobodys(self):
        """R-X03: a returned unit is no longer its former owner's."""
        lot, order = self.deliver("KZ-902")
        self.env["aftersales.request"].create(
            {"partner_id": self.partner.id, "order_id": order.id, "problem": "退"}
        ).action_return("不合适", [{"product_id": self.desk.id, "lot_id": lot.id}])
        back = order.picking_ids.filtered(lambda p: p.state != "done")
        back.move_ids.picked = True
        with self.at(MONDAY + timedelta(hours=1)):
            back.with_context(skip_sms=True).button_validate()
        self.assertFalse(lot._get_aftersales_owners()[lot])


@tagged("post_install", "-at_install")
class TestHandOver(AftersalesCase):
    """Work given to a colleague goes over whole (R-K04)."""

    def setUp(self):
        super().setUp()
        user = new_test_user(
            self.env,
            "as_tech2",
            groups="aftersales_service.group_aftersales_technician",
        )
        self.other = self.env["hr.employee"].create(
            {"name": "张师傅", "user_id": user.id}
        )

    def tasks(self, record, user):
        return record.activity_ids.filtered(lambda task: task.user_id == user)

    def test_confirmed_visit(self):
        """R-K04 R-H09: tasks, message, papers and promises follow the team."""
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.partner.id,
                "kind": "inspection",
                "scheduled_start": MONDAY + timedelta(days=1),
                "scheduled_stop": MONDAY + timedelta(days=1, hours=1),
            }
        )
        visit.action_assign(self.technician.ids)
        visit.action_confirm()
        mine, new = self.technician.user_id, self.other.user_id
        self.assertTrue(self.tasks(visit, mine))
        supervisor = visit.with_user(self.users["supervisor"])
        supervisor.action_assign(employee_ids=self.other.ids)
        self.assertFalse(self.tasks(visit, mine))
        self.assertTrue(self.tasks(visit, new))
        clocks = self.env["aftersales.sla.clock"]._get_current(visit)
        self.assertEqual((clocks.user_id, clocks.employee_id), (new, self.other))
        told = self.env["mail.message"].search(
            [("partner_ids", "in", mine.partner_id.ids)], order="id desc", limit=1
        )
        self.assertIn("张师傅", told.body)

    def test_dispatched_request(self):
        """R-K04: supervisors only; crew, booking, tasks and rights follow."""
        request = self.env["aftersales.request"].create(
            {
                "partner_id": self.partner.id,
                "problem": "不能升降",
                "product_id": self.desk.id,
            }
        )
        request.action_assign(self.technician.ids)
        request.action_reply("马上到")
        request.action_dispatch(self.technician.ids)
        visit = request.visit_ids
        agent = self.users["agent"]
        for record in (request, visit):
            with self.assertRaisesRegex(AccessError, "supervisor"):
                record.with_user(agent).action_assign(employee_ids=self.other.ids)
        former = self.technician.user_id
        request.with_user(self.users["supervisor"]).action_assign(self.other.ids)
        self.assertEqual(visit.assignment_ids.employee_id, self.other)
        self.assertEqual(request.employee_ids, self.other)
        self.assertEqual(request.user_id, self.other.user_id)
        self.assertFalse(self.tasks(request, former) | self.tasks(visit, former))
        with self.assertRaises(AccessError):
            request.with_user(former).action_leave()
        request.with_user(self.other.user_id).action_leave()

    def test_leave_for_oneself(self):
        """R-K03: nobody is absent on a colleague's word; short notice is refused."""
        user, mine = self.users["technician"], self.technician.resource_id
        leaves = self.env["resource.calendar.leaves"].with_user(user)
        vals = {
            "name": "事假",
            "resource_id": mine.id,
            "date_from": MONDAY + timedelta(hours=72),
            "date_to": MONDAY + timedelta(hours=80),
        }
        leave = leaves.create(vals)
        with self.assertRaisesRegex(AccessError, "oneself"):
            leave.write({"resource_id": self.other.resource_id.id})
        soon = {
            "date_from": MONDAY + timedelta(hours=29),
            "date_to": MONDAY + timedelta(hours=33),
        }
        with self.assertRaisesRegex(UserError, "ahead"):
            # as Time Off does
            leaves.sudo().create(vals | soon)


@tagged("post_install", "-at_install")
class TestMasterData(AftersalesCase):
    def test_guide_keeps_the_address_book(self):
        """R-H01: customers are entered and mended by whoever sells to them."""
        partners = self.env["res.partner"].with_user(self.users["guide"])
        customer = partners.create({"name": "苏州实验学校", "phone": "0512 6800 0000"})
        customer.write({"street": "人民路1号", "city": "苏州市"})
        for role in ("guide", "manager"):
            key = customer.with_user(self.users[role])
            if role == "guide":
                with self.assertRaises(AccessError):
                    key.write({"is_key_customer": True})
            with self.assertRaises(AccessError):
                key.unlink()

    def test_guide_quotes_a_colleagues_customer(self):
        """R-H01: the quotation is the guide's own."""
        colleague = new_test_user(
            self.env, "as_guide2", groups="sales_team.group_sale_salesman"
        )
        self.partner.user_id = colleague
        orders = self.env["sale.order"].with_user(self.users["guide"])
        order = orders.create({"partner_id": self.partner.id})
        self.assertEqual(order.user_id, self.users["guide"])
        order.write({"note": "含安装"})

    def test_manager_sets_what_we_promise_for_a_product(self):
        """R-W01: parts and warranty, but no prices."""
        product = self.desk.product_tmpl_id.with_user(self.users["manager"])
        part = self.env["product.product"].create({"name": "螺丝"})
        product.write({"aftersales_part_ids": [Command.link(part.id)]})
        self.assertEqual(product.aftersales_part_ids, part)
        for record in (product, product.product_variant_id):
            with self.assertRaisesRegex(AccessError, "manage products"):
                record.write({"list_price": 1})
