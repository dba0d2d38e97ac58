from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .test_tours_order import OrderCase


class CareTours(OrderCase):
    """A school, its lifting desk and the people who look after both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department = cls.env["hr.department"].create({"name": "售后部"})
        cls.technician = cls.users["tour_technician"].employee_ids
        cls.technician.department_id = cls.department
        cls.cause = cls.env["aftersales.cause"].create(
            {"name": "螺丝未紧固", "code": "t_screw"}
        )
        cls.unit = cls.env["stock.lot"].search([("product_id", "=", cls.desk.id)])

    def visit(self, **vals):
        now = fields.Datetime.now()
        return self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "contact_name": "王主任",
                "contact_phone": "021 6218 0000",
                "scheduled_start": now,
                "scheduled_stop": now + relativedelta(hours=1),
                **vals,
            }
        )

    def open(self, action, tour, login, record=None):
        self.env.flush_all()
        self.env.invalidate_all()
        url = f"/odoo/action-aftersales_service.{action}"
        url += f"/{record.id}" if record else ""
        self.start_tour(url, tour, login=login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCareDesk(CareTours):
    browser_size = "1366x768"

    def test_agent_from_the_call_to_the_measure(self):
        """R-D14 R-V11 R-C02 R-C04 R-C05: a low score ends with cause and measure."""
        call = self.visit(kind="revisit", mode="phone")
        self.open("visit_action_revisit", "aftersales_care_call", "tour_clerk")
        self.assertRecordValues(call, [{"state": "done", "rating": "2"}])
        complaint = call.feedback_ids.complaint_id
        self.assertIn("螺丝没拧紧", complaint.problem)
        self.open(
            "request_action", "aftersales_care_complaint", "tour_clerk", complaint
        )
        self.assertRecordValues(
            complaint,
            [
                {
                    "cause_id": self.cause.id,
                    "responsible_employee_id": self.technician.id,
                    "responsible_department_id": self.department.id,
                    "state": "replied",
                }
            ],
        )
        measure = complaint.measure_ids
        self.assertEqual((measure.kind, measure.state), ("corrective", "open"))
        mail = complaint.message_ids.filtered(lambda m: m.message_type != "tracking")
        self.assertTrue(any("解决" in (m.subject or "") for m in mail))

    def test_manager_closes_the_month(self):
        """R-K01 R-Q01: the month is counted, understood and closed; causes ranked."""
        group = "aftersales_service.group_aftersales_manager"
        new_test_user(self.env, login="tour_manager", groups=group, lang="zh_CN")
        month = self.env["aftersales.appraisal"]._get_default_month()
        self.env["aftersales.feedback"].create(
            {
                "partner_id": self.customer.id,
                "employee_id": self.technician.id,
                "csat": "4",
                "answered_at": fields.Datetime.to_datetime(month),
            }
        )
        self.open(
            "appraisal_wizard_action", "aftersales_care_appraisal", "tour_manager"
        )
        appraisal = self.env["aftersales.appraisal"].search(
            [("employee_id", "=", self.technician.id), ("month", "=", month)]
        )
        csat = appraisal.line_ids.filtered(lambda line: line.code == "csat")
        self.assertEqual((appraisal.state, csat.score), ("closed", 80))
        self.env["aftersales.request"].create(
            {
                "type": "complaint",
                "partner_id": self.customer.id,
                "phone": "021 6218 0000",
                "problem": "螺丝松动",
                "cause_id": self.cause.id,
            }
        )
        self.open("pareto_action_open", "aftersales_care_pareto", "tour_manager")
        self.open("quality_wizard_action", "aftersales_care_quality", "tour_manager")
        report = self.env["aftersales.quality.report"].search([("month", "=", month)])
        self.assertEqual((report.state, report.conclusion), ("issued", "加强复检"))


@tagged("post_install", "-at_install")
class TestCarePhone(CareTours):
    browser_size = "375x667"
    touch_enabled = True

    def test_technician_measures_and_repairs(self):
        """R-V07: out of its limits, a finding, a repair task in one act, completed."""
        points = self.env["aftersales.inspection.criterion"]
        points.search([]).active = False
        points.create(
            {
                "name": "水平度",
                "work": "measure",
                "unit": "mm",
                "has_upper": True,
                "upper": 0.5,
            }
        )
        visit = self.visit(kind="inspection", lot_ids=[(6, 0, self.unit.ids)])
        visit.action_assign(employee_ids=self.technician.ids)
        visit.quiet_reason = "客户要求"
        visit.action_confirm()
        visit.action_override_call(reason="约定当面")
        visit.action_depart()
        visit.action_arrive()
        visit.checklist_line_ids.done = True
        self.open(
            "visit_action_my_day", "aftersales_care_inspection", "tour_technician"
        )
        line = visit.inspection_line_ids
        self.assertEqual((line.value, line.result), (0.8, "bad"))
        request = visit.finding_ids.request_id
        self.assertRecordValues(
            request, [{"type": "fault", "problem": "台面倾斜", "state": "assigned"}]
        )
        self.assertEqual(visit.finding_ids.line_id, line)
        self.open("visit_action_my_day", "aftersales_care_complete", "tour_technician")
        self.assertEqual(visit.state, "done")
