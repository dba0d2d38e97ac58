from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .test_care_feedback import CareCase

CRON = "aftersales_service.ir_cron_appraise"
DECEMBER = "2026-12-01 02:00:00"


class AppraisalCase(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_measures_required = False
        cls.department = cls.env["hr.department"].create({"name": "售后部"})
        cls.technician.department_id = cls.department
        cls.model = cls.env["aftersales.appraisal"].with_user(cls.users["supervisor"])

    def appraise(self, month="2026-11", **options):
        with self.at(DECEMBER):
            appraisals = self.model.browse(self.model.appraise(month=month, **options))
        return {a.employee_id or a.department_id: a for a in appraisals}

    def complain(self, **vals):
        """A complaint for which the technician answers, closed."""
        request = self.register(type="complaint", **vals)
        with self.at(MONDAY + timedelta(hours=1)):
            request.with_user(self.users["agent"]).action_close(
                vals={
                    "resolution": "已道歉",
                    "quality_class": "service",
                    "cause_note": "态度不好",
                    "cause_id": self.env["aftersales.cause"].search([], limit=1).id,
                    "responsible_department_id": self.department.id,
                    "responsible_employee_id": self.technician.id,
                    "customer_confirmed": True,
                }
            )
        return request

    def line(self, appraisal, code):
        return appraisal.line_ids.filtered(lambda line: line.code == code)


@tagged("post_install", "-at_install")
class TestAppraisal(AppraisalCase):
    def test_every_number_opens_its_records(self):
        """R-K01 R-C05 R-D14: ratings, promises, complaints, with what they count."""
        request, repair, call = self.repaired()
        self.call(call, csat=4)
        complaint = self.complain()
        appraisal = self.appraise()[self.technician]
        csat = self.line(appraisal, "csat")
        self.assertEqual((csat.count, csat.score), (1, 80))
        self.assertEqual(csat.record_ids, repair.feedback_ids.ids)
        case = self.line(appraisal, "complaint")
        self.assertEqual((case.count, case.score), (1, 80))
        action = case.action_open_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, complaint)
        promises = self.line(appraisal, "promises")
        clocks = self.env["aftersales.sla.clock"].browse(promises.record_ids)
        with self.at(DECEMBER):
            self.assertLessEqual(set(clocks.mapped("state")), {"met", "breached"})
            kept = len(clocks.filtered(lambda c: c.state == "met"))
        self.assertAlmostEqual(promises.score, 100 * kept / len(clocks), 1)
        self.assertEqual(clocks.employee_id, self.technician)
        self.assertIn("arrive", clocks.mapped("code"), "the agent's request, his way")
        with self.assertRaises(UserError):
            self.line(appraisal, "return").action_open_records()
        self.assertTrue(request)

    def test_technician_without_login(self):
        """R-K01: promises of visits and repairs, and ratings, reach who was sent."""
        request, repair, call = self.repaired()
        self.call(call, csat=4)
        self.technician.user_id = False
        result = self.appraise()
        promises = self.line(result[self.technician], "promises")
        clocks = self.env["aftersales.sla.clock"].browse(promises.record_ids)
        self.assertEqual(set(clocks.mapped("res_model")), {request._name, repair._name})
        self.assertEqual(self.line(result[self.technician], "csat").count, 1)
        self.assertEqual(self.line(result[self.technician], "completeness").count, 0)

    def test_shares_of_a_complaint_count(self):
        """R-C05: who answers for a part of it loses a part of the points."""
        other = self.env["hr.employee"].create(
            {"name": "赵师傅", "department_id": self.department.id}
        )
        request = self.register(type="complaint")
        self.env["aftersales.responsible"].create(
            [
                {"request_id": request.id, "employee_id": who.id, "share": share}
                for who, share in ((self.technician, 60), (other, 40))
            ]
        )
        request.sudo().write({"state": "closed", "closed_at": MONDAY})
        result = self.appraise()
        scores = {
            who: self.line(result[who], "complaint").score
            for who in (self.technician, other, self.department)
        }
        self.assertAlmostEqual(scores[self.technician], 100 - 0.6 * 20, 3)
        self.assertAlmostEqual(scores[other], 100 - 0.4 * 20, 3)
        self.assertAlmostEqual(scores[self.department], 80, 3)

    def test_score_is_the_weighted_mean(self):
        """R-K01: weights are data; what has no records is left out."""
        weights = self.env["aftersales.appraisal.weight"].search([])
        weights.active = False
        weights.flush_recordset()
        weights.create(
            [
                {"code": "csat", "weight": 60},
                {"code": "complaint", "weight": 40, "deduction": 50},
                {"code": "completeness", "weight": 100},
            ]
        )
        _request, _repair, call = self.repaired()
        self.call(call, csat=5)
        self.complain()
        appraisal = self.appraise()[self.technician]
        self.assertFalse(self.line(appraisal, "completeness").is_counted)
        self.assertAlmostEqual(appraisal.score, (60 * 100 + 40 * 50) / 100, 3)

    def test_completeness_counts(self):
        """R-K02: share of the closed records that were complete."""
        request = self.register(type="inquiry")
        agent = request.with_user(self.users["agent"])
        self.env["hr.employee"].create(
            {"name": "客服小张", "user_id": self.users["agent"].id}
        )
        with self.at(MONDAY + timedelta(minutes=1)):
            agent.action_reply(note="已答复")
            agent.action_close(vals={"resolution": "已解答"})
        employee = self.users["agent"].employee_id
        line = self.line(self.appraise()[employee], "completeness")
        self.assertEqual((line.score, line.record_ids), (100, request.ids))

    def test_returns_and_breaches_count(self):
        """R-K01 R-M05: cases of the person; waived liabilities don't count."""
        liabilities = self.env["aftersales.liability"].create(
            [
                {
                    "res_model": "hr.employee",
                    "res_id": self.technician.id,
                    "cause": cause,
                    "responsible_employee_id": self.technician.id,
                }
                for cause in ("迟到", "损坏地板")
            ]
        )
        liabilities[0].with_user(self.users["manager"]).action_waive(reason="不可抗力")
        back = self.register(type="return")
        back.sudo().write(
            {
                "state": "closed",
                "closed_at": MONDAY,
                "responsible_employee_id": self.technician.id,
            }
        )
        appraisal = self.appraise()[self.technician]
        breach = self.line(appraisal, "liability")
        self.assertEqual((breach.count, breach.score), (1, 80))
        self.assertEqual(self.line(appraisal, "return").record_ids, back.ids)

    def test_department_has_all_of_its_people(self):
        """R-K01 R-C05: each record once; what names only the department, too."""
        _request, _repair, call = self.repaired()
        self.call(call, csat=5)
        self.complain()
        other = self.register(type="complaint")
        other.sudo().write(
            {
                "state": "closed",
                "closed_at": MONDAY,
                "responsible_department_id": self.department.id,
            }
        )
        result = self.appraise()
        self.assertEqual(self.line(result[self.department], "complaint").count, 2)
        self.assertEqual(self.line(result[self.technician], "complaint").count, 1)
        self.assertEqual(self.line(result[self.department], "csat").count, 1)

    def test_month_is_the_companys(self):
        """R-K01: from local midnight to local midnight."""
        vals = {"partner_id": self.partner.id, "employee_id": self.technician.id}
        feedback = self.env["aftersales.feedback"].create(
            [
                vals | {"csat": "5", "answered_at": at}
                for at in ("2026-10-31 15:59:59", "2026-10-31 16:00:00")
            ]
        )
        october = self.line(self.appraise("2026-10")[self.technician], "csat")
        november = self.line(self.appraise("2026-11")[self.technician], "csat")
        self.assertEqual(october.record_ids, feedback[0].ids)
        self.assertEqual(november.record_ids, feedback[1].ids)

    def test_nothing_recorded(self):
        """R-K01: no score, and no division by zero."""
        appraisal = self.appraise("2026-01")[self.technician]
        self.assertRecordValues(appraisal, [{"score": 0, "has_data": False}])
        self.assertFalse(any(appraisal.line_ids.mapped("is_counted")))
        self.env["aftersales.appraisal.weight"].search([]).weight = 0
        self.complain()
        self.assertEqual(self.appraise()[self.technician].score, 0)

    def test_bad_months_and_people(self):
        """R-K01: future, no month, foreign and unknown employees; stale data."""
        company = self.env["res.company"].create({"name": "杭州分公司"})
        foreign = self.env["hr.employee"].create(
            {"name": "外地师傅", "company_id": company.id}
        )
        for vals in (
            {"month": "2027-01"},
            {"month": "2026-13"},
            {"month": "soon"},
            {"month": None},
            {"month": "2026-11", "employee_ids": foreign.ids},
            {"month": "2026-11", "employee_ids": [99999999]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.appraise(**vals)
        with self.assertRaises(AccessError):
            self.model.with_user(self.users["agent"]).appraise(month="2026-11")

    def test_archived_people_keep_their_month(self):
        """R-K01: what they did counts, afterwards they are not appraised."""
        self.complain()
        self.technician.active = False
        self.assertIn(self.technician, self.appraise())
        self.assertNotIn(self.technician, self.appraise("2026-10"))


@tagged("post_install", "-at_install")
class TestClosedMonth(AppraisalCase):
    def test_frozen_for_everybody(self):
        """R-K01: neither clients nor the system change a closed month."""
        complaint = self.complain()
        appraisal = self.appraise()[self.technician]
        with self.assertRaises(UserError):
            appraisal.action_close()  # November isn't over
        with self.at(DECEMBER):
            appraisal.action_close()
            score = appraisal.score
            for act in (
                lambda: appraisal.sudo().write({"score": 100}),
                lambda: appraisal.sudo().line_ids[0].write({"score": 100}),
                lambda: appraisal.sudo().line_ids[0].unlink(),
                lambda: appraisal.sudo().unlink(),
                lambda: appraisal.action_recompute(),
                lambda: appraisal.action_close(),
                lambda: appraisal.sudo().write({"state": "draft"}),
            ):
                with self.assertRaises(UserError):
                    act()
        later = self.complain()
        self.env["aftersales.appraisal.weight"].search([]).weight = 1
        self.appraise()
        line = self.line(appraisal, "complaint")
        self.assertEqual((line.record_ids, appraisal.score), (complaint.ids, score))
        self.assertTrue(later)

    def test_a_repeated_count_is_one(self):
        """R-E01 R-E03: a count is repeated by its reference; closing is in the log."""
        first = self.appraise(ref="m-1")[self.technician]
        self.complain()
        self.appraise(ref="m-1")
        self.assertFalse(self.line(first, "complaint").count)
        with self.at(DECEMBER):
            first.action_close()
        row = self.env["aftersales.act"].search(
            [("res_model", "=", first._name), ("code", "=", "close")]
        )
        self.assertEqual(
            (row.res_id, row.user_id), (first.id, self.users["supervisor"].id)
        )

    def test_open_month_is_counted_again(self):
        """R-K01: until it is closed the numbers follow; the rows stay the same."""
        first = self.appraise()[self.technician]
        self.complain()
        self.assertEqual(self.appraise()[self.technician], first)
        self.assertEqual(self.line(first, "complaint").count, 1)
        self.complain()
        with self.at(DECEMBER):
            first.action_recompute()
        self.assertEqual(self.line(first, "complaint").count, 2)

    def test_who_sees_which(self):
        """R-K01: an employee the own, supervisors all, clients change nothing."""
        other = self.env["hr.employee"].create({"name": "赵师傅"})
        with self.at(DECEMBER):
            self.model.appraise(month="2026-11", employee_ids=[other.id])
        own = self.appraise()[self.technician]
        model = self.env["aftersales.appraisal"]
        seen = model.with_user(self.users["technician"]).search([])
        self.assertEqual(seen, own)
        self.assertEqual(seen.line_ids, own.line_ids)
        self.assertFalse(model.with_user(self.users["stranger"]).search([]))
        self.assertGreater(len(self.model.search([])), 2)
        with self.assertRaises(AccessError):
            model.with_user(self.users["portal"]).search([])
        for role in ("technician", "supervisor", "manager"):
            mine = own.with_user(self.users[role])
            for act in (
                lambda mine=mine: mine.write({"score": 100}),
                lambda mine=mine: mine.line_ids[:1].write({"score": 100}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.create({"month": "2026-11-01"}),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            own.with_user(self.users["technician"]).action_close()
        weight = self.env["aftersales.appraisal.weight"].search([], limit=1)
        with self.assertRaises(AccessError):
            weight.with_user(self.users["supervisor"]).weight = 99
        weight.with_user(self.users["manager"]).weight = 99

    @mute_logger("odoo.sql_db")
    def test_weights_are_checked(self):
        """R-K01: no negative weight, no case without points, one row each."""
        weights = self.env["aftersales.appraisal.weight"]
        for error, vals in (
            (CheckViolation, {"code": "csat", "weight": -1}),
            (ValidationError, {"code": "complaint", "weight": 1}),
        ):
            vals["company_id"] = self.company.id
            with self.subTest(vals=vals), self.assertRaises(error):
                weights.create(vals)
        with self.assertRaises(UniqueViolation):
            weights.create({"code": "csat", "weight": 1})
        own = weights.create(
            {"code": "csat", "weight": 7, "company_id": self.company.id}
        )
        rows = weights._get_weights(self.company)
        self.assertIn(own, rows)
        self.assertEqual(rows.mapped("code").count("csat"), 1)

    def test_first_of_the_month(self):
        """R-K01: last month once, whatever was counted before; in batches."""
        self.complain()
        with self.at(DECEMBER):
            self.run_cron(CRON)
        domain = [("month", "=", "2026-11-01"), ("company_id", "=", self.company.id)]
        model = self.env["aftersales.appraisal"]
        first = model.search(domain)
        self.assertIn(self.technician, first.employee_id)
        self.assertIn(self.department, first.department_id)
        mine = first.filtered(lambda a: a.employee_id == self.technician)
        self.assertEqual(self.line(mine, "complaint").count, 1)
        with self.at("2026-12-02 02:00:00"):
            self.run_cron(CRON)
        self.assertEqual(model.search(domain), first)

    def test_queries_dont_grow_with_people(self):
        """R-K01: the database groups; nothing is asked for each employee."""

        def count(people):
            employees = self.env["hr.employee"].create(
                [{"name": f"师傅{number}"} for number in range(people)]
            )
            self.env["aftersales.feedback"].create(
                [
                    {
                        "partner_id": self.partner.id,
                        "employee_id": employee.id,
                        "csat": "5",
                    }
                    for employee in employees
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.at(DECEMBER):
                ids = self.model.appraise(month="2026-11")
                self.env.flush_all()
                queries = self.env.cr.sql_log_count - before
            appraised = self.model.browse(ids).employee_id
            self.assertLessEqual(employees, appraised)
            return queries

        count(1)
        few = count(1)  # rows are inserted and deleted by the hundred
        self.assertLessEqual(count(100), few + 20)

    def test_wizard(self):
        """R-K01: counts the month asked for; exports it."""
        with self.at(DECEMBER):
            wizard = self.env["aftersales.appraisal.wizard"]
            wizard = wizard.with_user(self.users["supervisor"]).create({})
            self.assertEqual(str(wizard.month), "2026-11-01")
            action = wizard.action_appraise()
            found = self.model.search(action["domain"])
            self.assertIn(self.technician, found.employee_id)
            self.assertIn("2026-11", wizard.action_export()["url"])


@tagged("post_install", "-at_install")
class TestAppraisalExport(HttpCase):
    def test_download(self):
        """R-K01: with the rights of the reader; text stays text."""
        group = "aftersales_service.group_aftersales_supervisor"
        boss = new_test_user(self.env, login="boss", groups=group)
        plain = new_test_user(self.env, login="plain", groups="base.group_user")
        employees = self.env["hr.employee"].create(
            [{"name": "=1+1", "user_id": plain.id}, {"name": "赵师傅"}]
        )
        model = self.env["aftersales.appraisal"].with_user(boss)
        month = f"{model._get_month(self.env.company, -1):%Y-%m}"
        model.appraise(month=month, employee_ids=employees.ids)
        url = f"/aftersales/appraisal/xlsx?month={month}"
        names = {}
        for login in ("boss", "plain"):
            self.authenticate(login, login)
            book = load_workbook(BytesIO(self.url_open(url).content))
            cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
            names[login] = {cell.value for cell in cells}
            self.assertEqual({cell.data_type for cell in cells}, {"s"})
        self.assertLessEqual({"=1+1", "赵师傅"}, names["boss"])
        self.assertEqual(names["plain"], {"=1+1"})
        self.assertEqual(self.url_open(f"{url[:-7]}2999-01").status_code, 403)
