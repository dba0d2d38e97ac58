"""Acts on promises: each once, and a row of the log."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MONDAY
from .sla_common import SlaCase


@tagged("post_install", "-at_install")
class TestSlaActs(SlaCase):
    def codes(self, record):
        acts = self.env["aftersales.act"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return acts.mapped("code")

    def test_waiting_is_logged_once(self):
        """R-S16 R-E01 R-E03: a retried pause is the same pause."""
        clock = self.start()
        visit = clock._get_record().with_user(self.users["agent"])
        first = visit.action_sla_pause("等待客户开门", ref="p-1")
        with self.at(MONDAY + timedelta(minutes=5)):
            self.assertEqual(visit.action_sla_pause("等待客户开门", ref="p-1"), first)
            with self.assertRaises(UserError):
                visit.action_sla_pause("别的原因", ref="p-1")
            done = visit.action_sla_resume(ref="r-1")
            self.assertEqual(visit.action_sla_resume(ref="r-1"), done)
        self.assertEqual(first[0]["state"], "paused")
        self.assertEqual(done[0]["state"], "running")
        self.assertEqual(len(clock.pause_ids), 1)
        self.assertEqual(self.codes(visit), ["sla_pause", "sla_resume"])
        with self.assertRaises(AccessError):
            visit.with_user(self.users["stranger"]).action_sla_pause("等")

    def test_every_kind_of_record_may_wait(self):
        """R-S16: whatever keeps promises has the acts, with their log."""
        mixin = self.env.registry["aftersales.sla.mixin"]
        acts = self.env.registry["aftersales.act.mixin"]
        keeping = [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]
        self.assertIn("sale.order", keeping)
        for name in keeping:
            with self.subTest(name):
                self.assertTrue(issubclass(self.env.registry[name], acts))

    def test_correction_is_logged_once(self):
        """R-S15 R-E01: who counts a promise as kept is in the log of the promise."""
        clock = self.start()
        visit = clock._get_record()
        with self.at(MONDAY + timedelta(hours=1)):
            visit._sla_event("t_replied", at=MONDAY + timedelta(minutes=10))
            clock.invalidate_recordset()
            if clock.state != "breached":  # the system entered it
                clock.sudo().recorded_state = "breached"
            supervisor = clock.with_user(self.users["supervisor"])
            first = supervisor.action_correct("通话记录证明", ref="c-1")
            self.assertEqual(
                supervisor.action_correct("通话记录证明", ref="c-1"), first
            )
        self.assertEqual(first[0]["state"], "met")
        self.assertEqual(self.codes(clock), ["correct"])
