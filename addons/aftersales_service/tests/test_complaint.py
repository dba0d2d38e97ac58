from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .test_request import RequestCase


class ComplaintCase(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department = cls.env["hr.department"].create({"name": "物流部"})
        cls.cause = cls.env.ref("aftersales_service.cause_careless")
        cls.worker = cls.env["hr.employee"].create(
            {"name": "赵工", "department_id": cls.department.id}
        )

    def complain(self, role="agent", **vals):
        vals = {"type": "complaint", "problem": "送货工态度差"} | vals
        return self.register(role, **vals)

    def read_views(self, record, role=None, user=None):
        """Read all that list and form show, as the web client does."""
        record = record.with_user(user or self.users[role])
        for kind in ("list", "form"):
            arch = etree.fromstring(record.get_view(view_type=kind)["arch"])
            names = set(arch.xpath("//field[not(ancestor::field)]/@name"))
            self.env.invalidate_all()
            record.web_read({name: {} for name in names | {"display_name"}})

    def agree(self, request, role="agent", **vals):
        measures = self.env["aftersales.measure"].with_user(self.users[role])
        return measures.create(
            {
                "name": "上门致歉",
                "request_id": request.id,
                "employee_id": self.technician.id,
                "due_at": MONDAY + timedelta(days=2),
                **vals,
            }
        )

    def close(self, request, role="agent", **vals):
        return request.with_user(self.users[role]).action_close(
            vals={
                "resolution": "已道歉",
                "quality_class": "service",
                "cause_id": self.cause.id,
                "cause_note": "未培训",
                "responsible_department_id": self.department.id,
                "customer_confirmed": True,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestCause(ComplaintCase):
    def test_tree(self):
        """R-C04: a cause lies with what its parent lies with; the codes stay."""
        causes = self.env["aftersales.cause"]
        root = causes.create({"name": "承运商", "code": "carrier", "kind": "transport"})
        leaf = causes.create({"name": "叉车", "code": "forklift", "parent_id": root.id})
        self.assertEqual(leaf.kind, "transport")
        self.assertEqual(leaf.display_name, "承运商 / 叉车")
        root.kind = "supplier"
        self.assertEqual(leaf.kind, "supplier")
        for parent in (leaf, root):
            with self.assertRaises(UserError):
                root.parent_id = parent
                self.env.flush_all()
        misuse = self.env.ref("aftersales_service.cause_misuse")
        self.assertEqual((misuse.code, misuse.kind), ("misuse", "customer"))
        self.assertIn(leaf, causes.search([("id", "child_of", root.id)]))

    def test_who_changes_the_tree(self):
        cause = self.cause
        for role in ("agent", "technician", "stranger"):
            self.assertTrue(cause.with_user(self.users[role]).name)
            with self.assertRaises(AccessError):
                cause.with_user(self.users[role]).name = "x"
        cause.with_user(self.users["manager"]).name = "粗心"


@tagged("post_install", "-at_install")
class TestResponsible(ComplaintCase):
    def party(self, request, role="agent", **vals):
        parties = self.env["aftersales.responsible"].with_user(self.users[role])
        return parties.create({"request_id": request.id, **vals})

    def test_shares(self):
        """R-C05: several answer, each for a share; the largest stands first."""
        request = self.complain()
        self.party(request, employee_id=self.technician.id, share=30)
        self.party(request, employee_id=self.worker.id, share=60)
        self.assertEqual(request.responsible_employee_id, self.worker)
        self.assertEqual(request.responsible_department_id, self.department)
        with self.assertRaises(ValidationError):
            self.party(request, department_id=self.department.id, share=11)
        for share in (0, -5, 101):
            with (
                self.subTest(share=share),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.party(request, employee_id=self.technician.id, share=share)
        with self.assertRaises(ValidationError):
            self.party(request, share=1)

    def test_named_alone_answers_for_all(self):
        """R-C05: the one field of the request and the rows say the same."""
        request = self.complain()
        request.write(
            {
                "responsible_department_id": self.department.id,
                "responsible_employee_id": self.technician.id,
            }
        )
        self.assertRecordValues(
            request.responsible_ids,
            [
                {
                    "department_id": self.department.id,
                    "employee_id": self.technician.id,
                    "share": 100,
                }
            ],
        )
        request.responsible_employee_id = self.worker
        self.assertEqual(request.responsible_ids.employee_id, self.worker)
        request.write(
            {"responsible_employee_id": False, "responsible_department_id": False}
        )
        self.assertFalse(request.responsible_ids)

    def test_people_who_left_or_are_foreign(self):
        """R-C05: who is archived or works elsewhere can't be named."""
        request = self.complain()
        self.worker.active = False
        with self.assertRaises(ValidationError):
            self.party(request, employee_id=self.worker.id)
        company = self.env["res.company"].create({"name": "北京分公司"})
        foreign = self.env["hr.employee"].create(
            {"name": "钱工", "company_id": company.id}
        )
        with self.assertRaises(UserError):
            self.party(request, employee_id=foreign.id)

    def test_closed_stays(self):
        """R-C08: who answered is proof with the rest."""
        request = self.complain(type="inquiry")
        row = self.party(request, employee_id=self.worker.id)
        request.action_close(vals={"resolution": "已答复"})
        manager = row.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.share = 10
        with self.assertRaises(UserError):
            manager.unlink()
        with self.assertRaises(UserError):
            self.party(request, "manager", employee_id=self.worker.id, share=1)

    def test_who_sees_them(self):
        request = self.complain()
        row = self.party(request, employee_id=self.worker.id)
        model = self.env["aftersales.responsible"]
        for role in ("technician", "guide"):
            self.assertFalse(model.with_user(self.users[role]).search([]))
        request.with_user(self.users["agent"]).action_assign(
            employee_ids=self.technician.ids
        )
        self.assertEqual(model.with_user(self.users["technician"]).search([]), row)
        for role in ("stranger", "portal", "warehouse"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).search([])


@tagged("post_install", "-at_install")
class TestRepeat(ComplaintCase):
    def test_same_product_and_cause_again(self):
        """R-C04: linked to the one before, the supervisor told, once."""
        first = self.complain(reported_at=MONDAY - timedelta(days=30))
        second = self.complain()
        for request in (first, second):
            request.sudo().cause_id = self.cause
        self.assertEqual(second.repeat_of_id, first)
        self.assertTrue(second.is_repeat)
        self.assertFalse(first.is_repeat)
        todo = second.sudo().activity_ids
        self.assertEqual(todo.user_id, self.users["supervisor"])
        second.sudo().write({"cause_id": self.cause.id})
        self.assertEqual(len(second.sudo().activity_ids), 1)
        second.sudo().cause_id = self.env.ref("aftersales_service.cause_late")
        self.assertFalse(second.is_repeat)

    def test_days_are_the_companys(self):
        """R-C04: N days as data; 0 finds none."""
        first = self.complain(reported_at=MONDAY - timedelta(days=91))
        first.sudo().cause_id = self.cause
        second = self.complain()
        second.sudo().cause_id = self.cause
        self.assertFalse(second.is_repeat)
        for days, found in ((91, True), (0, False)):
            self.company.aftersales_repeat_days = days
            second.sudo().write({"cause_id": self.cause.id})
            self.assertEqual(second.is_repeat, found)
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.company.aftersales_repeat_days = -1
            self.env.flush_all()

    def test_other_companies_and_kinds_dont_count(self):
        """R-C04: faults, cancelled ones and other companies' are no repeats."""
        company = self.env["res.company"].create({"name": "北京分公司"})
        requests = self.env["aftersales.request"]
        vals = {
            "type": "complaint",
            "problem": "x",
            "product_id": self.desk.id,
            "cause_id": self.cause.id,
        }
        requests.create(vals | {"company_id": company.id})
        requests.create(vals | {"type": "fault"})
        requests.create(vals).action_cancel(reason="重复登记")
        found = requests.create(vals)
        self.assertFalse(found.is_repeat)

    def test_hundred_at_once(self):
        """R-C04: constant queries, however many complaints come at once."""
        requests = self.env["aftersales.request"]
        vals = {
            "type": "complaint",
            "problem": "x",
            "product_id": self.desk.id,
            "cause_id": self.cause.id,
        }

        def count(number):
            found = requests.create([dict(vals) for _ in range(number)])
            found.repeat_of_id = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.registry_silent():
                found._detect_repeats()
                self.env.flush_all()
            return found, self.cr.sql_log_count - before

        _few, queries = count(10)
        many, more = count(100)
        self.assertEqual(len(many.filtered("repeat_of_id")), 100)
        self.assertEqual(many[50].repeat_of_id, many[49])
        self.assertLessEqual(more, queries + 2)

    def registry_silent(self):
        """Only the detection is counted, not the supervisor's tasks."""
        requests = type(self.env["aftersales.request"])
        return patch.object(requests, "_tell_repeats", lambda records: None)

    def test_media_escalates(self):
        """R-C04: what is in the media lies before supervisor and manager at once."""
        request = self.complain(channel="media")
        people = self.users["supervisor"] | self.users["manager"]
        self.assertEqual(request.sudo().activity_ids.user_id, people)
        later = self.complain()
        later.channel = "media"
        later.channel = "media"
        self.assertEqual(len(later.sudo().activity_ids), 2)


@tagged("post_install", "-at_install")
class TestRegion(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["aftersales.region"].create(
            {"name": "华东", "code": "hd", "sequence": 1, "cities": "上海\n苏州市"}
        )

    def test_from_city_state_and_team(self):
        """R-C09: city before state, else the sales team; contacts follow."""
        south = self.env.ref("aftersales_service.region_south")
        guangdong = self.env.ref("base.state_cn_GD")
        team = self.env["crm.team"].create({"name": "海外"})
        abroad = self.env["aftersales.region"].create(
            {
                "name": "海外",
                "code": "abroad",
                "sales_team_ids": [Command.set(team.ids)],
            }
        )
        partners = self.env["res.partner"].create(
            [
                {"name": "甲", "city": "苏州市", "state_id": guangdong.id},
                {"name": "乙", "city": "深圳市", "state_id": guangdong.id},
                {"name": "丙"},
            ]
        )
        self.assertEqual(partners.mapped("aftersales_region_id"), self.region + south)
        contact = self.env["res.partner"].create(
            {"name": "丁", "parent_id": partners[1].id, "type": "contact"}
        )
        self.assertEqual(contact.aftersales_region_id, south)
        order = self.create_order(partner_id=partners[2].id, team_id=team.id)
        request = self.complain(
            partner_id=partners[2].id,
            order_id=order.id,
            phone="13912345678",
            address="x",
        )
        self.assertEqual(request.region_id, abroad)

    def test_request_keeps_the_region_of_its_day(self):
        """R-C09: what was reported stays where it was; analysis counts by it."""
        request = self.complain()
        self.assertEqual(request.region_id, self.region)
        self.region.cities = "苏州市"
        self.assertNotEqual(self.partner.aftersales_region_id, self.region)
        self.assertEqual(request.region_id, self.region)
        groups = self.env["aftersales.request"]._read_group(
            [("id", "=", request.id)], ["region_id", "cause_kind"], ["__count"]
        )
        self.assertEqual(groups, [(self.region, False, 1)])

    def test_only_managers_change_regions(self):
        for role in ("agent", "supervisor", "guide"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.region.with_user(self.users[role]).cities = "x"
        self.region.with_user(self.users["manager"]).cities = "杭州市"
