from datetime import date, timedelta

from odoo.fields import Command

from .common import MONDAY, AftersalesCase

TODAY = date(2026, 11, 23)
CRON = "aftersales_service.ir_cron_generate_visits"


class PlanCase(AftersalesCase):
    """A customer with two units and plans that count from TODAY."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = cls.env["stock.lot"].create(
            [{"name": f"PL-{n}", "product_id": cls.desk.id} for n in (1, 2)]
        )
        cls.template = cls.create_template([(3, "months", 12), (6, "open", 0)])

    @classmethod
    def create_template(cls, phases, **vals):
        """A kind of plan; phases are (interval, until kind, until months)."""
        return cls.env["aftersales.visit.plan.template"].create(
            {
                "name": "定期巡检",
                "phase_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "interval_months": months,
                            "until_kind": kind,
                            "until_months": until,
                        }
                    )
                    for number, (months, kind, until) in enumerate(phases)
                ],
                **vals,
            }
        )

    def plan(self, start=True, **vals):
        plan = self.env["aftersales.visit.plan"].create(
            {
                "partner_id": self.partner.id,
                "template_id": self.template.id,
                "lot_ids": [Command.set(self.lots.ids)],
                "start_date": TODAY,
                **vals,
            }
        )
        if start:
            plan.action_start()
        return plan

    def run_until(self, days):
        """Let the scheduler run so many days after MONDAY."""
        moment = MONDAY + timedelta(days=days)
        with self.at(moment):
            self.run_cron(CRON)
        return moment

    def as_role(self, record, role):
        return record.with_user(self.users[role])
