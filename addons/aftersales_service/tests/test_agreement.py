from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AftersalesCase
from .test_visit import CALL, START, STOP


class AgreementCase(AftersalesCase):
    """A project with two engineers, two agents, a safety supervisor, a liaison."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.create_order(is_project=True)
        cls.order.action_confirm()
        roles = cls.env["aftersales.agreement.role"].search([])
        names = ("工程师甲", "工程师乙", "客服甲", "客服乙", "安全员", "联络人", "替补")
        cls.people = cls.env["hr.employee"].create([{"name": name} for name in names])
        wanted = [role for role in roles for _number in range(role.required_number)]
        cls.agreement = cls.env["aftersales.agreement"].create(
            {
                "order_id": cls.order.id,
                "headcount": 35,
                "member_ids": [
                    Command.create({"role_id": role.id, "employee_id": person.id})
                    for role, person in zip(wanted, cls.people, strict=False)
                ],
            }
        )
        cls.safety, cls.spare = cls.people[4], cls.people[6]

    def as_role(self, record, role):
        return record.with_user(self.users[role])

    def activate(self):
        self.as_role(self.agreement, "supervisor").action_activate()
        return self.agreement

    def visit(self, kind, people, **vals):
        visit = self.env["aftersales.visit"].create(
            {
                "kind": kind,
                "partner_id": self.partner.id,
                "order_id": self.order.id,
                "scheduled_start": START,
                "scheduled_stop": STOP,
                **vals,
            }
        )
        visit.action_assign(employee_ids=people.ids)
        return visit


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCase):
    def test_everybody_is_named(self):
        """R-V05: two engineers, two agents, safety supervisor, liaison; as data."""
        self.assertFalse(self.agreement.missing)
        self.agreement.member_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "× 1"):
            self.agreement.action_activate()
        role = self.env.ref("aftersales_service.agreement_role_engineer")
        role.required_number = 1
        self.agreement.invalidate_recordset()
        self.activate()
        self.assertEqual(self.agreement.state, "active")

    def test_bad_input(self):
        model = self.env["aftersales.agreement"]
        other = self.create_order()
        with self.assertRaises(ValidationError):
            model.create({"order_id": other.id})
        with self.assertRaises(ValidationError):
            self.agreement.write({"date_start": "2027-01-02", "date_end": "2027-01-01"})
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            model.create({"order_id": self.order.id})
        branch = self.env["res.company"].create({"name": "分公司"})
        stranger = self.env["hr.employee"].create(
            {"name": "外人", "company_id": branch.id}
        )
        with self.assertRaises(ValidationError):
            self.agreement.member_ids[0].employee_id = stranger

    def test_terms_in_force_stay(self):
        """R-M03: neither terms nor people are changed by hand."""
        self.activate()
        agreement = self.as_role(self.agreement, "manager")
        for vals in ({"headcount": 1}, {"state": "draft"}, {"date_end": "2030-01-01"}):
            with self.subTest(vals), self.assertRaises(UserError):
                agreement.write(vals)
        member = agreement.member_ids[0]
        for act in (
            lambda: member.write({"employee_id": self.spare.id}),
            member.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            agreement.unlink()

    def test_replacement_needs_approval(self):
        """R-M03: asked for with a reason, approved by a manager, files a liability."""
        agreement, member = self.activate(), self.agreement.member_ids[0]
        agent = self.as_role(agreement, "agent")
        for bad in (
            (member.id, self.spare.id, " "),
            (0, self.spare.id, "离职"),
            (member.id, member.employee_id.id, "离职"),
        ):
            with self.subTest(bad), self.assertRaises(UserError):
                agent.action_request_replacement(*bad)
        result = agent.action_request_replacement(member.id, self.spare.id, "离职")
        replacement = agreement.replacement_ids
        self.assertEqual(result["replacement_id"], replacement.id)
        self.assertIn(self.users["manager"], agreement.activity_ids.user_id)
        self.assertFalse(member.end_date, "not before it is approved")
        with self.assertRaises(AccessError):
            self.as_role(replacement, "supervisor").action_approve()
        self.as_role(replacement, "manager").action_approve()
        self.assertTrue(member.end_date)
        self.assertEqual(member.replaced_by_id.employee_id, self.spare)
        self.assertRecordValues(
            replacement.liability_id,
            [
                {
                    "clause": "R-M03",
                    "order_id": self.order.id,
                    "responsible_employee_id": member.employee_id.id,
                    "state": "draft",
                }
            ],
        )
        self.assertFalse(agreement.missing)
        with self.assertRaises(UserError):
            self.as_role(replacement, "manager").action_approve()

    def test_replacement_refused(self):
        """R-M03: the named person stays."""
        agreement, member = self.activate(), self.agreement.member_ids[0]
        agreement.action_request_replacement(member.id, self.spare.id, "换人")
        replacement = self.as_role(agreement.replacement_ids, "manager")
        with self.assertRaises(UserError):
            replacement.action_refuse(reason="")
        replacement.action_refuse(reason="合同约定不得更换")
        self.assertFalse(member.end_date)
        self.assertFalse(agreement.liability_ids)

    def test_breach_of_site_discipline(self):
        """R-M01: 1 % of the contract price, from the liability rule."""
        agreement = self.as_role(self.activate(), "supervisor")
        result = agreement.action_file_breach("工地吸烟", self.people[0].id)
        liability = self.env["aftersales.liability"].browse(result["liability_id"])
        self.assertAlmostEqual(liability.amount, self.order.amount_total / 100, 2)
        self.assertEqual(liability.clause, "R-M01")
        self.assertEqual(liability.responsible_employee_id, self.people[0])
        with self.assertRaises(UserError):
            agreement.action_file_breach(" ")
        with self.assertRaises(AccessError):
            self.as_role(agreement, "agent").action_file_breach("工地吸烟")
        self.env["aftersales.liability.rule"].create(
            {"clause": "R-M01", "kind": "percent", "value": 2}
        )
        result = agreement.action_file_breach("未戴安全帽")
        own = liability.browse(result["liability_id"])
        self.assertAlmostEqual(
            own.amount, self.order.amount_total / 50, 2, "the company's own rule first"
        )

    def test_delay_of_the_works(self):
        """R-M02: at our cost, with its amount."""
        agreement = self.as_role(self.activate(), "supervisor")
        for amount in (0, -5, None, "5"):
            with self.subTest(amount), self.assertRaises(UserError):
                agreement.action_file_delay("材料晚到", amount)
        result = agreement.action_file_delay("材料晚到", 3000)
        liability = self.env["aftersales.liability"].browse(result["liability_id"])
        self.assertEqual((liability.amount, liability.clause), (3000, "R-M02"))
        self.assertEqual(agreement.liability_count, 1)

    def test_cancelled_contract(self):
        self.activate()
        self.order._action_cancel()
        self.assertEqual(self.agreement.state, "ended")
        self.assertTrue(self.agreement.end_reason)

    def test_access(self):
        """Supervisors write agreements; guides and named technicians read theirs."""
        agreement = self.activate()
        self.assertTrue(self.as_role(agreement, "guide").name)
        for role in ("technician", "stranger", "portal", "warehouse"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(agreement, role).read(["name"])
        vals = {"order_id": self.create_order(is_project=True).id}
        with self.assertRaises(AccessError):
            self.as_role(agreement, "agent").create(vals)
        self.as_role(agreement, "supervisor").create(vals)
        with self.assertRaises(AccessError):
            self.as_role(agreement.member_ids[0].role_id, "supervisor").write(
                {"required_number": 0}
            )


@tagged("post_install", "-at_install")
class TestProjectVisits(AgreementCase):
    def test_survey_needs_the_named_people(self):
        """R-V05: both engineers and both agents come, if it is in force."""
        four = self.people[:4]
        visit = self.visit("survey", four)
        with self.assertRaises(UserError):
            visit.action_confirm()
        self.activate()
        visit.action_assign(employee_ids=four[:3].ids)
        with self.assertRaisesRegex(UserError, four[3].name):
            visit.action_confirm()
        visit.action_assign(employee_ids=four.ids)
        visit.action_confirm()
        self.assertEqual(visit.state, "confirmed")

    def test_replaced_people_are_needed_no_more(self):
        """R-V05 R-M03: who followed comes instead."""
        agreement, member = self.activate(), self.agreement.member_ids[0]
        agreement.action_request_replacement(member.id, self.spare.id, "离职")
        agreement.replacement_ids.action_approve()
        visit = self.visit("survey", self.people[1:4] + self.spare)
        visit.action_confirm()
        self.assertEqual(visit.state, "confirmed")

    def test_assign_named(self):
        """R-V05 R-M04: one click brings the people of the agreement."""
        self.activate()
        visit = self.visit("survey", self.spare)
        visit.action_assign_named()
        self.assertEqual(visit.assignment_ids.employee_id, self.people[:5])
        safety = visit.assignment_ids.filtered(lambda a: a.role == "safety")
        self.assertEqual(safety.employee_id, self.safety)

    def ready(self, visit):
        visit.action_confirm()
        visit.action_record_call(vals=CALL)
        return visit

    def test_no_works_without_the_safety_supervisor(self):
        """R-M04: project works don't start without; other orders do."""
        visit = self.ready(self.visit("installation", self.people[0]))
        with self.assertRaisesRegex(UserError, visit.name):
            visit.action_depart()
        for bad in (0, self.people[0].id):
            with self.subTest(bad), self.assertRaises(UserError):
                visit.action_name_safety(bad)
        visit.action_name_safety(self.safety.id)
        visit.action_depart()
        self.assertEqual(visit.state, "en_route")
        common = self.create_order()
        other = self.visit("installation", self.spare, order_id=common.id)
        self.ready(other).action_depart()
        self.assertEqual(other.state, "en_route")

    def test_the_one_whom_the_agreement_names(self):
        """R-M04 R-M03: no other safety supervisor than the named one."""
        self.activate()
        visit = self.visit("installation", self.people[0])
        with self.assertRaisesRegex(UserError, self.safety.name):
            visit.action_name_safety(self.spare.id)
        visit.action_assign(employee_ids=(self.safety + self.people[0]).ids)
        self.assertEqual(visit.lead_employee_id, self.people[0])
        self.ready(visit).action_depart()
        self.assertEqual(visit.state, "en_route")
