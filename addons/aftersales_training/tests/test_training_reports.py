from odoo.tests import HttpCase, tagged

from odoo.addons.aftersales_service.tests.report_common import ReportReaders

from .training_common import PEOPLE, TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingReports(ReportReaders, TrainingCase, HttpCase):
    session = None  # the browser's; TrainingCase calls something else so

    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.plan.event_ids.filtered(
            lambda e: e.aftersales_kind == "operation"
        )
        self.plan.import_attendees(rows=PEOPLE[:2], event_id=self.operation.id)
        with self.during(self.operation):
            self.operation.registration_ids.action_mark_present()
        certificates = self.env["aftersales.training.certificate"]
        handovers = self.env["aftersales.training.handover"]
        certificate = certificates.browse(self.plan.action_issue_certificates())[0]
        self.records = {
            "report_certificate": certificate,
            "report_certificate_en": certificate,
            "report_record": self.plan,
            "report_person": self.plan._get_people()[0],
            "report_handover": handovers.browse(self.plan.action_prepare_handover()),
        }

    def test_who_reads_the_record_prints_it(self):
        """R-T07 R-T05: names and phones of the customer's people aren't for all."""
        records = self.records | {"report_attendance": self.operation}
        self.check_readers("aftersales_training", records, ("public", "portal"))

    def test_employees_read_no_names(self):
        """R-T07: they may know that there is a session, not who sits in it."""
        self.add_readers()
        for role in ("stranger", "warehouse", "foreign"):
            for name, record in self.records.items():
                report = self.env.ref(f"aftersales_training.action_{name}")
                with self.subTest(role=role, name=name):
                    self.assertFalse(self.may_read(role, report, record))

    def test_the_customer_prints_the_own_papers(self):
        """R-T07 R-T05: record, certificates and minutes."""
        self.add_readers()
        self.login("customer")
        for name in ("report_record", "report_certificate", "report_handover"):
            report = self.env.ref(f"aftersales_training.action_{name}")
            with self.subTest(name=name):
                self.assertEqual(self.ask(report, self.records[name]), 200)
