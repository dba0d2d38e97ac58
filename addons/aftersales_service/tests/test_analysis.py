from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.analysis.sla_clock import REGION
from .common import MONDAY
from .test_request import RequestCase

CRON = "aftersales_service.ir_cron_quality"
DECEMBER = "2026-12-01 02:00:00"


class AnalysisCase(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.causes = cls.env["aftersales.cause"].create(
            [{"name": name, "code": f"t_{name}"} for name in ("电机", "线路", "误用")]
        )
        cls.supplier = cls.env["res.partner"].create({"name": "苏州电机厂"})
        cls.desk.seller_ids = [Command.create({"partner_id": cls.supplier.id})]
        cls.today = [("date", ">=", MONDAY)]

    def fault(self, cause, count=1, **vals):
        requests = self.env["aftersales.request"]
        for _number in range(count):
            requests |= self.register(**vals)
        requests.sudo().write({"cause_id": cause.id})
        return requests

    def close(self, count=1, role="agent", **vals):
        """Closed inquiries."""
        requests = self.env["aftersales.request"]
        for number in range(count):
            request = self.register(type="inquiry", problem=f"问题{number}", **vals)
            requests |= request
        mine = requests.with_user(self.users[role])
        mine.action_reply(note="已答复")
        mine.action_close(vals={"resolution": "已解答"})
        return requests


@tagged("post_install", "-at_install")
class TestPareto(AnalysisCase):
    def test_most_first_with_cumulative_shares(self):
        """R-Q01: the vital few are marked; nothing outside the filter counts."""
        for cause, count in zip(self.causes, (6, 3, 1), strict=True):
            self.fault(cause, count)
        self.register(type="inquiry", problem="不算")
        cancelled = self.fault(self.causes[2])
        cancelled.sudo().action_cancel(reason="误报")
        rows = self.env["aftersales.fault.analysis"]._get_pareto("cause_id", self.today)
        found = [
            (r["name"], r["count"], r["share"], r["cumulative"], r["grade"])
            for r in rows
        ]
        self.assertEqual(
            found,
            [
                ("电机", 6, 60.0, 60.0, "A"),
                ("线路", 3, 30.0, 90.0, "A"),
                ("误用", 1, 10.0, 100.0, "B"),
            ],
        )

    def test_by_product_supplier_and_region(self):
        """R-Q01 R-C09: regional problems are found; the unknown has a name."""
        shanghai = self.env["aftersales.region"].create(
            {"name": "浦东", "code": "t_pudong", "cities": "测试市"}
        )
        self.partner.city = "测试市"
        self.fault(self.causes[0], 2)
        other = self.env["res.partner"].create({"name": "无地区客户"})
        self.fault(
            self.causes[0], partner_id=other.id, phone="13900001111", address="路"
        )
        analysis = self.env["aftersales.fault.analysis"]
        for dimension, record, count in (
            ("product_id", self.desk, 3),
            ("supplier_id", self.supplier, 3),
            ("categ_id", self.desk.categ_id, 3),
            ("region_id", shanghai, 2),
        ):
            with self.subTest(dimension=dimension):
                row = analysis._get_pareto(dimension, self.today)[0]
                self.assertEqual((row["value"], row["count"]), (record.id, count))
        unknown = analysis._get_pareto("region_id", self.today)[1]
        self.assertEqual((unknown["value"], unknown["count"]), (False, 1))
        self.assertTrue(unknown["name"])
        with self.assertRaises(UserError):
            analysis._get_pareto("password", self.today)

    def test_nothing_to_count(self):
        """R-Q01: an empty time is an empty list, not an error."""
        analysis = self.env["aftersales.fault.analysis"]
        self.assertEqual(analysis._get_pareto("cause_id", [("id", "=", 0)]), [])

    def test_screen(self):
        """R-Q01: filters, lines that open their cases, a chart."""
        faults = self.fault(self.causes[0], 2)
        self.fault(self.causes[1])
        faults.sudo().write({"quality_class": "product"})
        model = self.env["aftersales.pareto"].with_user(self.users["agent"])
        requests = self.env["aftersales.request"]
        pareto = model.create({"date_from": "2026-11-23"})
        self.assertEqual((pareto.total, len(pareto.line_ids)), (3, 2))
        action = pareto.line_ids[0].action_open_records()
        self.assertEqual(requests.search(action["domain"]), faults)
        pareto.dimension = "quality_class"
        self.assertEqual(pareto.line_ids.mapped("count"), [2, 1])
        action = pareto.line_ids[0].action_open_records()
        self.assertEqual(requests.search(action["domain"]), faults)
        unknown = pareto.line_ids[1].action_open_records()
        self.assertEqual(len(requests.search(unknown["domain"])), 1)
        opened = model.action_open()
        self.assertTrue(
            requests.env[opened["res_model"]].browse(opened["res_id"]).total
        )
        chart = pareto.action_chart()
        self.assertEqual(chart["context"]["graph_groupbys"], ["quality_class"])
        with self.assertRaises(ValidationError):
            pareto.date_to = "2026-01-01"

    def test_who_sees_it(self):
        """R-Q01: after-sales of the own company."""
        self.fault(self.causes[0])
        model = self.env["aftersales.fault.analysis"]
        for role in ("technician", "guide", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                model.with_user(self.users[role]).search([])
        company = self.env["res.company"].create({"name": "杭州分公司"})
        agent = self.users["agent"]
        self.assertTrue(model.with_user(agent).search([]))
        agent.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertFalse(model.with_user(agent).search([]))


@tagged("post_install", "-at_install")
class TestBranches(AnalysisCase):
    def test_attainment_by_branch(self):
        """R-Q02: the same standard in every branch; a company without teams counts."""
        teams = self.env["aftersales.team"].create(
            [{"name": "上海"}, {"name": "杭州"}, {"name": "空"}]
        )
        for team, role in zip(teams[:2], ("agent", "supervisor"), strict=True):
            request = self.register(type="complaint", team_id=team.id)
            if role == "agent":
                request.with_user(self.users["agent"]).action_reply(note="道歉")
        with self.at(MONDAY + timedelta(minutes=10)):
            domain = [("code", "=", "reply"), ("team_id", "in", teams.ids)]
            rows = self.env["aftersales.sla.clock"]._get_attainment(domain)
        self.assertEqual(
            [(r["name"], r["kept"], r["broken"], r["attainment"]) for r in rows],
            [("上海", 1, 0, 100.0), ("杭州", 0, 1, 0.0)],
        )

    def test_attainment_by_region(self):
        """R-Q02 R-C09: regions are those of complaints; the unknown has a name."""
        region = self.env["aftersales.region"].create(
            {"name": "浦东", "code": "t_pudong", "cities": "测试市"}
        )
        self.partner.city = "测试市"
        request = self.register(type="complaint")
        request.with_user(self.users["agent"]).action_reply(note="道歉")
        other = self.env["res.partner"].create({"name": "无地区客户"})
        late = self.register(
            type="complaint", partner_id=other.id, phone="13900001111", address="路"
        )
        with self.at(MONDAY + timedelta(minutes=10)):
            clocks = self.env["aftersales.sla.clock"].search(
                [("code", "=", "reply"), ("res_id", "in", (request | late).ids)]
            )
            rows = clocks._get_attainment([("id", "in", clocks.ids)], REGION)
            self.assertEqual(
                [(r["name"], r["kept"], r["broken"]) for r in rows],
                [("浦东", 1, 0), (self.env._("Unknown"), 0, 1)],
            )
            clocks = clocks.with_user(self.users["supervisor"])
            found = clocks.search([("service_region_id", "=", region.id)])
            self.assertEqual(set(found.mapped("res_id")), {request.id})
            self.assertTrue(
                clocks.fields_get(["service_region_id"])["service_region_id"][
                    "groupable"
                ]
            )


@tagged("post_install", "-at_install")
class TestAudit(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["aftersales.team"].create(
            {"name": "上海", "audit_percent": 20, "audit_minimum": 1}
        )
        cls.model = cls.env["aftersales.audit"].with_user(cls.users["supervisor"])

    def draw(self, month="2026-11", **options):
        with self.at(DECEMBER):
            ids = self.model.draw_sample(month=month, team_ids=self.team.ids, **options)
            return self.model.browse(ids)

    def test_drawn_at_random_and_repeatable(self):
        """R-V12: share of the team, the same each time, more keeps the first ones."""
        self.close(10, team_id=self.team.id)
        self.register(type="inquiry", team_id=self.team.id)
        first = self.draw()
        self.assertEqual(len(first), 2)
        self.assertEqual(self.draw(), first, "drawn once")
        self.team.audit_percent = 50
        more = self.draw()
        self.assertEqual(len(more), 5)
        self.assertLessEqual(first, more)
        self.assertEqual(set(more.mapped("request_id.state")), {"closed"})
        self.team.write({"audit_percent": 0, "audit_minimum": 0})
        self.assertLessEqual(self.draw(), more)

    def test_small_teams(self):
        """R-V12: at least the minimum, as far as there is something."""
        self.assertFalse(self.draw(), "nothing closed")
        self.close(1, team_id=self.team.id)
        self.team.audit_minimum = 5
        self.assertEqual(len(self.draw()), 1)

    def test_bad_draws(self):
        """R-V12: months that aren't over, foreign teams, roles, shares."""
        company = self.env["res.company"].create({"name": "杭州分公司"})
        foreign = self.env["aftersales.team"].create(
            {"name": "杭州", "company_id": company.id}
        )
        for vals in (
            {"month": "2026-12"},
            {"month": "2027-01"},
            {"month": "winter"},
            {"month": "2026-11", "team_ids": foreign.ids},
        ):
            with self.at(DECEMBER), self.subTest(vals=vals):
                with self.assertRaises(UserError):
                    self.model.draw_sample(**vals)
        with self.assertRaises(AccessError):
            self.model.with_user(self.users["agent"]).draw_sample(month="2026-10")

    def test_nobody_audits_the_own_work(self):
        """R-V12: neither assigned nor done."""
        supervisor = self.users["supervisor"]
        self.team.supervisor_id = supervisor
        self.close(1, role="supervisor", user_id=supervisor.id, team_id=self.team.id)
        audit = self.draw()
        self.assertEqual(audit.auditor_id, self.users["manager"])
        with self.assertRaises(UserError):
            audit.auditor_id = supervisor
        with self.assertRaises(UserError):
            audit.line_ids[0].result = "pass"
        with self.assertRaises(UserError):
            audit.action_finish()

    def test_result_per_criterion(self):
        """R-V12: weighted score; what doesn't apply is left out; then it stays."""
        self.close(1, team_id=self.team.id)
        audit = self.draw()
        with self.assertRaises(UserError):
            audit.action_finish()
        lines = audit.line_ids
        lines.write({"result": "na"})
        with self.assertRaises(UserError):
            audit.action_finish()
        lines[0].result = "pass"
        lines[1].write({"result": "fail", "note": "时间补录"})
        self.assertEqual(audit.action_finish()["state"], "done")
        weights = lines.mapped("weight")
        self.assertAlmostEqual(
            audit.score, 100 * weights[0] / (weights[0] + weights[1]), 1
        )
        self.assertEqual(audit.auditor_id, self.users["supervisor"])
        for act in (
            lambda: lines[0].write({"result": "fail"}),
            lambda: audit.write({"note": "?"}),
            lambda: audit.action_finish(),
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            audit.unlink()

    def test_repeated_draw_and_its_rows(self):
        """R-E01 R-E03 R-V12: a draw is repeated by its reference; it is in the log."""
        self.close(2, team_id=self.team.id)
        audit = self.draw(ref="draw-1")
        self.team.audit_minimum = 2
        self.assertEqual(self.draw(ref="draw-1"), audit)
        rows = self.env["aftersales.act"].search([("res_model", "=", audit._name)])
        self.assertEqual(rows.mapped("code"), ["draw_sample"])
        other = (self.draw() - audit).line_ids
        audit.line_ids.result = "pass"
        audit.action_finish()
        for vals in ({"audit_id": audit.id}, {"sequence": 9}):
            with self.assertRaises(UserError):
                other[0].write(vals)

    def test_rows_are_not_made_by_hand(self):
        """R-V12: nobody picks requests or changes what was drawn."""
        closed = self.close(2, team_id=self.team.id)
        audit = self.draw()
        vals = {"request_id": closed[0].id, "company_id": self.company.id}
        with self.assertRaises(AccessError):
            self.model.create(vals | {"month": "2026-11-01"})
        for vals in ({"request_id": closed[1].id}, {"state": "done"}, {"score": 100}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                audit.write(vals)
        with self.assertRaises(UserError):
            audit.line_ids[0].weight = 99
        for role in ("agent", "technician", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                audit.with_user(self.users[role]).read(["score"])
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.team.audit_percent = 101
            self.team.flush_recordset()


@tagged("post_install", "-at_install")
class TestQualityReport(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["aftersales.quality.report"].with_user(
            cls.users["supervisor"]
        )

    def report(self, month="2026-11"):
        with self.at(DECEMBER):
            return self.model.browse(self.model.make_report(month=month))

    def table(self, report, code):
        return next(t for t in report.figures if t["code"] == code)

    def test_figures(self):
        """R-Q01 R-Q02 R-C09: this month beside the one before, and where from."""
        with self.at("2026-10-10 02:00:00"):
            self.fault(self.causes[0])
        self.fault(self.causes[0], 3)
        self.fault(self.causes[1])
        self.env["aftersales.feedback"].create(
            {"partner_id": self.partner.id, "csat": "5", "nps": "10"}
        )
        report = self.report()
        rows = self.table(report, "overview")["rows"]  # labels: the company's language
        self.assertEqual(rows[0][1:], [4, 1], "requests")
        self.assertEqual(rows[-2][1], 100.0, "satisfied")
        self.assertIs(rows[-2][2], False, "nobody was asked")
        pareto = self.table(report, "pareto_cause_id")["rows"]
        self.assertEqual(pareto[0], ["电机", 3, 75.0, 75.0])
        self.assertTrue(self.table(report, "branches")["rows"])

    def test_paper_and_spreadsheet_show_the_same(self):
        """R-Q01: both are written from one set of figures."""
        self.fault(self.causes[0], 2)
        report = self.report()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_quality", report.ids
        )
        text = html.decode()
        for title, columns, rows in report._get_sheets():
            columns = columns if rows else []
            for cell in (title, *columns, *(c for row in rows for c in row)):
                if cell is not False:
                    self.assertIn(str(cell).replace("'", "&#39;"), text)
        self.assertIn("电机", report.figures_html)

    def test_issued_figures_are_frozen(self):
        """R-Q01: a month that is over, once; later cases change nothing."""
        self.fault(self.causes[0])
        report = self.report()
        with self.assertRaises(UserError):
            report.action_issue()
        with self.at(DECEMBER):
            report.conclusion = "加强电机来料检验"
            self.assertEqual(report.action_issue()["state"], "issued")
            figures = report.figures
            row = self.env["aftersales.act"].search(
                [("res_model", "=", report._name), ("code", "=", "issue")]
            )
            self.assertEqual(row.user_id, self.users["supervisor"].id)
            for act in (
                lambda: report.write({"conclusion": "?"}),
                lambda: report.action_refresh(),
                lambda: report.action_issue(),
                lambda: report.unlink(),
            ):
                with self.assertRaises(UserError):
                    act()
        self.fault(self.causes[1])
        self.assertEqual(self.report(), report)
        self.assertEqual(report.figures, figures)

    def test_empty_and_bad_months(self):
        """R-Q01: no division by zero; future and no month are refused."""
        report = self.report("2025-01")
        self.assertEqual(self.table(report, "pareto_cause_id")["rows"], [])
        for month in ("2027-01", "x", None):
            with self.subTest(month=month), self.assertRaises(UserError):
                self.report(month)
        with self.assertRaises(AccessError):
            self.model.with_user(self.users["agent"]).make_report(month="2026-11")
        for vals in ({"figures": []}, {"state": "issued"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                report.write(vals)
        self.assertTrue(report.with_user(self.users["agent"]).figures)
        with self.assertRaises(AccessError):
            report.with_user(self.users["technician"]).read(["figures"])

    def test_first_of_the_month(self):
        """R-Q01 R-V12: audits drawn and report prepared, once."""
        self.env["aftersales.team"].search([]).audit_percent = 100
        closed = self.close(2)
        with self.at(DECEMBER):
            self.run_cron(CRON)
            self.run_cron(CRON)
        audits = self.env["aftersales.audit"].search([("month", "=", "2026-11-01")])
        self.assertEqual(audits.request_id, closed)
        self.assertEqual(len(self.model.search([("month", "=", "2026-11-01")])), 1)

    def test_wizard(self):
        """R-Q01 R-V12: report or draw of a month asked for."""
        with self.at(DECEMBER):
            wizard = self.env["aftersales.quality.wizard"]
            wizard = wizard.with_user(self.users["supervisor"]).create({})
            action = wizard.action_report()
            self.assertEqual(action["res_model"], "aftersales.quality.report")
            self.assertEqual(wizard.action_draw()["res_model"], "aftersales.audit")


@tagged("post_install", "-at_install")
class TestQualityExport(HttpCase):
    def test_download(self):
        """R-Q01: with the rights of the reader."""
        group = "aftersales_service.group_aftersales_supervisor"
        boss = new_test_user(self.env, login="boss", groups=group)
        new_test_user(self.env, login="plain", groups="base.group_user")
        model = self.env["aftersales.quality.report"].with_user(boss)
        month = self.env["aftersales.appraisal"]._get_month(self.env.company)
        report = model.browse(model.make_report(month=month))
        url = report.action_export()["url"]
        self.authenticate("boss", "boss")
        book = load_workbook(BytesIO(self.url_open(url).content))
        self.assertEqual(len(book.worksheets), len(report.figures))
        overview = self.env["aftersales.quality.report"].browse(report.id).figures[0]
        cells = [
            [cell.value for cell in row]
            for row in book.worksheets[0].iter_rows(min_row=2)
        ]
        self.assertEqual([row[0] for row in cells], [r[0] for r in overview["rows"]])
        self.assertEqual(self.url_open("/aftersales/quality/0/xlsx").status_code, 404)
        self.authenticate("plain", "plain")
        self.assertEqual(self.url_open(url).status_code, 404)
