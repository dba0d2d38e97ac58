from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY
from .test_care_survey import create_survey
from .test_inspection import PIXEL, InspectionCase

NO_IDS = ([], "x", -1, 99999999, ["x"], [-1], [99999999], [True], [[1]], {"a": 1}, 3.5)
NO_ID = ("x", -1, 99999999, [1], {"a": 1}, True, 3.5)
NO_TIME = ("soon", "9999-99-99", 5, [1], {"a": 1}, True)
NO_CHOICE = ("x", 5, ["x"], {"a": 1}, True)
NO_TEXT = (5, ["x"], {"a": 1}, True, "\0", "长" * 20_001)


@tagged("post_install", "-at_install")
class TestCareHostile(InspectionCase):
    """What a program sends by mistake is refused by name; nothing is half done."""

    def refused(self, act, wrong, **good):
        """Call ``act`` with each wrong value in turn, beside good ones."""
        for name, values in wrong.items():
            for value in values:
                with self.subTest(act=act.__name__, name=name, value=value):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        act(**good | {name: value})
                        self.env.flush_all()

    def in_vals(self, act, wrong, **good):
        def call(**vals):
            return act(vals=vals)

        call.__name__ = act.__name__
        self.refused(call, wrong, **good)
        with self.subTest(act=act.__name__), self.assertRaises(UserError):
            act(vals="x")

    def test_findings_and_visits(self):
        """R-V07 R-V05: ids, choices and texts that aren't such."""
        visit = self.on_site()
        self.do_all(visit)
        self.in_vals(
            visit.action_report_finding,
            {
                "line_id": NO_ID,
                "lot_id": NO_ID,
                "owner_id": NO_ID,
                "severity": NO_CHOICE,
                "name": NO_TEXT,
                "cause": NO_TEXT,
                "measure": NO_TEXT,
            },
            name="裂纹",
            cause="老化",
            measure="更换",
            owner_id=self.technician.id,
        )
        good = {"name": "裂纹", "cause": "老化", "measure": "更换"}
        for files in ("x", 5, [5], [{}], [{"name": None, "data": PIXEL}]):
            with self.subTest(files=files), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    vals = good | {"owner_id": self.technician.id}
                    visit.action_report_finding(vals, files)
        self.refused(
            visit.action_complete_partly,
            {"done_lot_ids": NO_IDS, "reason": (None, *NO_TEXT[:4]), "vals": NO_TEXT},
            done_lot_ids=self.lots[:1].ids,
            reason="无人",
        )
        self.in_vals(
            visit.action_complete, {"outcome": NO_TEXT, "at": NO_TIME, "x": [1]}
        )
        self.assertEqual(visit.state, "on_site")
        self.assertFalse(visit.finding_ids)

    def test_plans_and_contacts(self):
        """R-V01 R-V10: unknown kinds of plan, customers, units, days."""
        template = self.env["aftersales.visit.plan.template"].search([], limit=1)
        plans = self.env["aftersales.visit.plan"].with_user(self.users["supervisor"])
        before = plans.search_count([])
        self.in_vals(
            plans.start_plan,
            {
                "template_id": (None, *NO_ID),
                "partner_id": (None, *NO_ID),
                "order_id": NO_ID,
                "lot_ids": NO_IDS[1:],
                "start_date": NO_TIME,
            },
            template_id=template.id,
            partner_id=self.partner.id,
        )
        self.assertEqual(plans.search_count([]), before)
        contacts = self.env["aftersales.contact"].with_user(self.users["agent"])
        self.in_vals(
            contacts.log_contact,
            {
                "partner_id": (None, *NO_ID),
                "lot_id": NO_ID,
                "direction": NO_CHOICE,
                "channel": NO_CHOICE,
                "subject": (None, *NO_TEXT),
                "note": NO_TEXT,
                "contacted_at": NO_TIME,
            },
            partner_id=self.partner.id,
            subject="询问",
        )

    def test_complaints_and_months(self):
        """R-C04 R-C06 R-K01 R-V12 R-V11: measures, departments, people, teams."""
        request = self.env["aftersales.request"].create(
            {
                "type": "complaint",
                "partner_id": self.partner.id,
                "phone": "13812345678",
                "address": "路",
                "problem": "噪音",
            }
        )
        self.refused(
            request.with_user(self.users["agent"]).action_agree_measure,
            {
                "name": NO_TEXT[:4],
                "kind": NO_CHOICE,
                "employee_id": NO_ID,
                "due_at": (None, MONDAY, *NO_TIME),
            },
            name="更换",
            kind="corrective",
            employee_id=self.technician.id,
            due_at="2026-12-20 10:00:00",
        )
        boss = self.users["supervisor"]
        for model, act, name in (
            ("aftersales.appraisal", "appraise", "employee_ids"),
            ("aftersales.audit", "draw_sample", "team_ids"),
        ):
            method = getattr(self.env[model].with_user(boss), act)
            self.refused(method, {name: NO_IDS}, month="2026-10")
        suggestion = request.copy({"type": "suggestion"}).with_user(boss)
        self.refused(suggestion.action_forward, {"department_ids": (None, *NO_IDS)})
        survey = create_survey(self.env)
        survey.action_open()
        self.refused(survey.action_invite, {"partner_ids": NO_IDS})
        self.assertFalse(request.measure_ids)
