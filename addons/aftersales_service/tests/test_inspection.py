import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .plan_common import PlanCase
from .test_visit import CALL, START, STOP

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
PHOTO = {"name": "裂纹.png", "data": PIXEL}


class InspectionCase(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        points = cls.env["aftersales.inspection.criterion"]
        points.search([]).active = False
        cls.level, cls.noise, cls.grease = points.create(
            [
                {
                    "name": "水平度",
                    "work": "measure",
                    "unit": "mm",
                    "has_lower": True,
                    "lower": -0.5,
                    "has_upper": True,
                    "upper": 0.5,
                    "product_tmpl_ids": [(6, 0, cls.desk.product_tmpl_id.ids)],
                },
                {"name": "噪音", "work": "check"},
                {"name": "导轨润滑", "work": "lubricate", "mandatory": False},
            ]
        )
        cls.ep2, cls.ep0 = cls.env["aftersales.lubricant"].create(
            [{"name": "锂基脂 EP2"}, {"name": "锂基脂 EP0"}]
        )

    def on_site(self, kind="inspection", **vals):
        """A visit of the technician, who has arrived."""
        visit = self.env["aftersales.visit"].create(
            {
                "kind": kind,
                "partner_id": self.partner.id,
                "lot_ids": [(6, 0, self.lots.ids)],
                "scheduled_start": START,
                "scheduled_stop": STOP,
                **vals,
            }
        )
        visit.action_assign(employee_ids=self.technician.ids)
        visit.action_confirm()
        visit.action_record_call(vals=CALL)
        visit.action_depart()
        visit.action_arrive()
        visit.checklist_line_ids.done = True
        return visit.with_user(self.users["technician"])

    def line(self, visit, point, lot=None):
        lot = lot or self.lots[0]
        return visit.inspection_line_ids.filtered(
            lambda x: x.criterion_id == point and x.lot_id == lot
        )

    def do_all(self, visit):
        for line in visit.inspection_line_ids:
            if line.work == "measure":
                line.write({"value": 0, "measured": True})
            elif line.work == "check":
                line.ok = "yes"


@tagged("post_install", "-at_install")
class TestInspection(InspectionCase):
    def test_values_against_limits(self):
        """R-V07: measured per unit; a value on the limit is in order, 0 is a value."""
        visit = self.on_site()
        self.assertEqual(len(visit.inspection_line_ids), 6)
        line = self.line(visit, self.level)
        self.assertEqual((line.result, line.limits), ("open", "-0.5 – 0.5 mm"))
        for value, result in (
            (0.5, "good"),
            (-0.5, "good"),
            (0.51, "bad"),
            (0, "good"),
        ):
            line.value = value
            self.assertEqual(line.result, result, value)

    def test_limits_stay_as_they_were(self):
        """R-V07: a limit that changes later leaves the visits as they are."""
        visit = self.on_site()
        line = self.line(visit, self.level)
        line.value = 0.4
        self.level.upper = 0.1
        self.assertEqual((line.upper, line.result), (0.5, "good"))
        with self.assertRaises(UserError):
            line.upper = 9
        self.assertEqual(visit.action_prepare_inspection()["lines"], 6)

    def test_all_points_before_completion(self):
        """R-V07 R-V08: what must be measured is named."""
        visit = self.on_site()
        with self.assertRaisesRegex(UserError, "PL-1 水平度"):
            visit.action_complete(vals={})
        self.do_all(visit)
        visit.action_complete(vals={"outcome": "正常"})
        self.assertEqual(visit.state, "done")
        line = self.line(visit, self.level)
        with self.assertRaises(UserError):
            line.value = 3
        with self.assertRaises(UserError):
            line.unlink()

    def test_points_stay_on_their_visit(self):
        """R-E02 R-V07: no point is moved to, or put on, a finished visit."""
        done = self.on_site()
        self.do_all(done)
        done.action_complete(vals={"outcome": "正常"})
        visit = done.sudo().create(
            {"kind": "inspection", "partner_id": self.partner.id}
        )
        lines = self.env["aftersales.inspection.line"].with_user(self.users["agent"])
        own = lines.create({"visit_id": visit.id, "name": "异味", "work": "check"})
        own.write({"name": "气味", "has_upper": True, "upper": 1})
        for act in (
            lambda: own.write({"visit_id": done.id}),
            lambda: lines.create({"visit_id": done.id, "name": "补录"}),
            lambda: lines.with_context(default_visit_id=done.id).create({"name": "x"}),
            lambda: lines.create(
                {"visit_id": visit.id, "name": "x", "criterion_id": self.noise.id}
            ),
        ):
            with self.assertRaises(UserError):
                act()

    def test_a_repeated_report_finds_once(self):
        """R-E03 R-V07: the same finding with the same reference is one task."""
        visit = self.on_site()
        vals = {
            "name": "异响",
            "cause": "导轨缺油",
            "measure": "加油",
            "owner_id": self.technician.id,
        }
        first = visit.action_report_finding(vals, ref="f-1")
        self.assertEqual(visit.action_report_finding(vals, ref="f-1"), first)
        self.assertEqual(len(visit.finding_ids), 1)
        with self.assertRaises(UserError):
            visit.finding_ids.unlink()

    def test_points_of_products_and_categories(self):
        """R-V07: points of other products and categories don't apply."""
        category = self.env["product.category"].create({"name": "实验台"})
        below = self.env["product.category"].create(
            {"name": "通风柜", "parent_id": category.id}
        )
        self.noise.categ_id = category
        visit = self.on_site()
        self.assertFalse(self.line(visit, self.noise))
        self.desk.categ_id = below
        visit.action_prepare_inspection()
        self.assertTrue(self.line(visit, self.noise))

    def test_limits_that_cannot_be(self):
        for vals in (
            {"lower": 2, "upper": 1},
            {"has_lower": False, "has_upper": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.level.write(vals)

    def test_one_lubricant_for_each_unit(self):
        """R-V08: the unit has its lubricant; another one needs a reason."""
        self.desk.lubricant_id = self.ep2
        lot = self.env["stock.lot"].create({"name": "PL-3", "product_id": self.desk.id})
        self.assertEqual(lot.lubricant_id, self.ep2)
        visit = self.on_site(kind="maintenance", lot_ids=[(6, 0, lot.ids)])
        line = self.line(visit, self.grease, lot)
        with self.assertRaises(ValidationError):
            line.ok = "yes"
        with self.assertRaisesRegex(ValidationError, "EP2"):
            line.write({"ok": "yes", "lubricant_id": self.ep0.id})
        line.write(
            {
                "ok": "yes",
                "lubricant_id": self.ep0.id,
                "lubricant_reason": "低温环境，厂家书面同意",
            }
        )
        self.assertEqual(line.result, "good")
        self.assertEqual(lot.lubricant_id, self.ep2, "the master stays")

    def test_first_lubricant_is_kept(self):
        """R-V08: a unit without one keeps the first that it gets."""
        visit = self.on_site(kind="maintenance")
        line = self.line(visit, self.grease)
        line.write({"ok": "yes", "lubricant_id": self.ep0.id})
        self.assertEqual(self.lots[0].lubricant_id, self.ep0)
        with self.assertRaises(ValidationError):
            line.lubricant_id = self.ep2


@tagged("post_install", "-at_install")
class TestFinding(InspectionCase):
    def report(self, visit, files=(PHOTO,), **vals):
        return visit.action_report_finding(
            vals={
                "name": "桌脚焊缝开裂",
                "lot_id": self.lots[0].id,
                "severity": "serious",
                "cause": "运输中受冲击",
                "measure": "更换桌脚，全数复检",
                "owner_id": self.technician.id,
                **vals,
            },
            files=list(files),
        )

    def test_repair_task_in_one_action(self):
        """R-V07: evidence, cause, measures and owner go into the repair task."""
        visit = self.on_site()
        result = self.report(visit)
        request = self.env["aftersales.request"].browse(result["request_id"])
        self.assertRecordValues(
            request,
            [
                {
                    "type": "fault",
                    "channel": "visit",
                    "state": "assigned",
                    "severity": "major",
                    "partner_id": self.partner.id,
                    "lot_id": self.lots[0].id,
                    "problem": "桌脚焊缝开裂",
                    "cause_note": "运输中受冲击",
                    "measures": "更换桌脚，全数复检",
                    "employee_ids": self.technician.ids,
                }
            ],
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)]
        )
        self.assertEqual(files.mapped("name"), ["裂纹.png"])
        self.assertEqual(files.raw, base64.b64decode(PIXEL))
        finding = request.finding_ids
        self.assertEqual(finding.state, "task")
        self.assertEqual(finding.action_create_task()["request_id"], request.id)
        with self.assertRaises(UserError):
            finding.with_user(self.users["technician"]).cause = "另一个原因"

    def test_what_is_missing_is_named(self):
        """R-V07: cause, measures, owner; a serious one shows photo or video."""
        visit = self.on_site()
        for vals in (
            {"cause": " "},
            {"measure": ""},
            {"owner_id": False},
            {"name": ""},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.report(visit, **vals)
        for files in ([], [{"name": "x.txt", "data": "YWJj"}], [{"name": "x"}], ["x"]):
            with self.subTest(files), self.assertRaises(UserError):
                self.report(visit, files=files)
        with self.assertRaisesRegex(UserError, "colour"):
            self.report(visit, colour="red")
        self.assertTrue(self.report(visit, files=[], severity="minor")["request_id"])

    def test_serious_findings_need_a_task_before_completion(self):
        """R-V07: nothing serious is left lying."""
        visit = self.on_site()
        self.do_all(visit)
        finding = self.env["aftersales.finding"].create(
            {"visit_id": visit.id, "name": "漏电", "severity": "serious"}
        )
        with self.assertRaisesRegex(UserError, "漏电"):
            visit.action_complete(vals={})
        finding.severity = "minor"
        visit.action_complete(vals={})
        self.assertEqual(visit.state, "done")

    def test_access(self):
        """Technicians record on their own visits; strangers see nothing."""
        visit = self.on_site()
        finding = self.env["aftersales.finding"].browse(
            self.report(visit)["finding_id"]
        )
        other = self.on_site(
            scheduled_start=START + timedelta(hours=5),
            scheduled_stop=STOP + timedelta(hours=5),
        )
        other.sudo().assignment_ids.unlink()
        other.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.report(other)
        for role in ("guide", "stranger", "portal", "warehouse"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(finding, role).read(["name"])
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(visit.inspection_line_ids, role).read(["value"])
        self.assertTrue(self.as_role(finding, "agent").name)
        for role in ("technician", "agent", "supervisor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(self.level, role).write({"upper": 9})

    def test_report_paper(self):
        """R-V04 R-V07: the written report shows values, findings and the task."""
        visit = self.on_site()
        self.line(visit, self.level).value = 0.7
        self.report(visit)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_inspection", visit.ids
        )
        text = html.decode()
        for part in ("水平度", "-0.5 – 0.5 mm", "0.7", "桌脚焊缝开裂", "更换桌脚"):
            with self.subTest(part):
                self.assertIn(part, text)
