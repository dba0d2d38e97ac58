from unittest.mock import patch

from odoo.tests import tagged, warmup

from .training_common import PEOPLE, TrainingCase

LOG = 5  # queries that write the rows of an act, however many they are


@tagged("post_install", "-at_install")
class TestTrainingSpeed(TrainingCase):
    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.session("operation")
        # as every client: nothing is switched off by the context
        self.env = self.env(context={"lang": "en_US"})
        self.rows = [
            {"event_id": self.operation.id, **row, "aftersales_role": "operator"}
            for row in PEOPLE
        ]
        renderer = self.env.registry["ir.actions.report"]
        self.startPatcher(
            patch.object(renderer, "_render_qweb_pdf", side_effect=AssertionError)
        )

    @warmup
    def test_35_people_in_one_call(self):
        """R-T07: at most 15 queries, the counts of the plan included."""
        people = self.env["event.registration"].with_user(self.users["agent"])
        with self.assertQueryCount(15):
            people.create(self.rows)
            self.env.flush_all()

    @warmup
    def test_35_people_present(self):
        """R-T07: at most 20 queries and the log, with the messages that prove it."""
        people = self.env["event.registration"].create(self.rows)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.during(self.operation), self.assertQueryCount(20 + LOG):
            people.with_user(self.users["agent"]).action_mark_present()
            self.env.flush_all()
        self.assertEqual(self.plan.trained_count, 35)
        self.assertTrue(people[0].message_ids)

    @warmup
    def test_35_people_present_through_odoo_itself(self):
        """R-T07: marking them in the event app costs no more."""
        people = self.env["event.registration"].create(self.rows)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.during(self.operation), self.assertQueryCount(20):
            people.action_set_done()
            self.env.flush_all()
        self.assertEqual(self.plan.trained_count, 35)
