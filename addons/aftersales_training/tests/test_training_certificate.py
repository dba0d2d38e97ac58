from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .training_common import PEOPLE, TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingCertificate(TrainingCase):
    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.session("operation")
        self.plan.import_attendees(rows=PEOPLE[:3], event_id=self.operation.id)
        people = self.operation.registration_ids.sorted("name")
        with self.during(self.operation):
            people[:2].action_mark_present()
        self.certificates = self.env["aftersales.training.certificate"]

    def issue(self):
        plan = self.plan.with_user(self.users["agent"])
        return self.certificates.browse(plan.action_issue_certificates())

    def test_only_the_trained_get_one_and_once(self):
        """R-T07: numbered within the contract, with what was attended."""
        issued = self.issue()
        self.assertEqual(
            issued.mapped("person_name"), self.plan.person_ids[:2].mapped("name")
        )
        self.assertEqual(issued[0].name, f"{self.plan.name}-001")
        self.assertRecordValues(
            issued[0].course_ids,
            [{"template_id": self.operation.aftersales_template_id.id, "hours": 3}],
        )
        self.assertFalse(self.plan.action_issue_certificates())
        self.env.invalidate_all()
        self.assertEqual(self.plan.person_ids.certificate_id, issued)

    def test_a_certificate_is_proof(self):
        """R-T07: revoked by a supervisor with a reason, never changed or deleted."""
        first = self.issue()[0]
        for role in ("agent", "manager"):
            certificate = first.with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(UserError):
                certificate.write({"person_name": "别人"})
        with self.assertRaises(UserError):
            first.unlink()
        with self.assertRaises(AccessError):
            first.with_user(self.users["agent"]).action_revoke(reason="写错")
        supervisor = first.with_user(self.users["supervisor"])
        with self.assertRaises(UserError):
            supervisor.action_revoke(reason=" ")
        supervisor.action_revoke(reason="写错")
        again = self.issue()
        self.assertEqual(again.person_key, first.person_key)
        self.assertEqual(again.name, f"{self.plan.name}-003")

    def test_printed_in_both_languages(self):
        """R-T07: name, courses and the code that verifies it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        issued = self.issue()
        reports = self.env["ir.actions.report"]
        for xmlid in ("report_certificate", "report_certificate_en"):
            html, _kind = reports._render_qweb_html(
                f"aftersales_training.{xmlid}", issued.ids
            )
            with self.subTest(xmlid=xmlid):
                self.assertEqual(
                    html.count(b"data:image/png"), 2 + html.count(b'alt="Logo"')
                )
                self.assertIn("学员01", html.decode())
                self.assertIn(b"Operation and safety", html)

    def test_sheet_minutes_and_records_print(self):
        """R-T01 R-T05 R-T07: each with its facts."""
        reports = self.env["ir.actions.report"]
        handover = self.plan.action_prepare_handover()
        for xmlid, ids, text in (
            ("report_attendance", self.operation.ids, "学员02"),
            ("report_handover", [handover], "升降课桌"),
            ("report_record", self.plan.ids, "35 / 2 / 33"),
            ("report_person", self.plan.person_ids[:1].ids, "Operation and safety"),
        ):
            html, _kind = reports._render_qweb_html(f"aftersales_training.{xmlid}", ids)
            text_only = " ".join(html.decode().replace("<", " <").split())
            with self.subTest(xmlid=xmlid):
                self.assertIn(text, text_only)

    def test_record_per_customer_and_per_person(self):
        """R-T07: grouped by customer; a person's sessions."""
        record = self.env["aftersales.training.person"].with_user(self.users["agent"])
        ((customer, count, attended),) = record._read_group(
            [("plan_id", "=", self.plan.id)],
            ["partner_id"],
            ["__count", "attended_count:sum"],
        )
        self.assertEqual((customer, count, attended), (self.partner, 3, 2))
        person = record.search([("plan_id", "=", self.plan.id)], limit=1)
        domain = person.action_view_sessions()["domain"]
        seats = self.env["event.registration"].search(domain)
        self.assertEqual(seats.event_id, self.operation)

    def test_report_per_contract(self):
        """R-T01: promised, trained and missing can be summed and grouped."""
        ((promised, trained, missing),) = self.env[
            "aftersales.training.plan"
        ]._read_group(
            [("id", "=", self.plan.id)],
            [],
            ["headcount:sum", "trained_count:sum", "missing_count:sum"],
        )
        self.assertEqual((promised, trained, missing), (35, 2, 33))
